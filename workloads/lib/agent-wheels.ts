/** Distribution → its modules in Debian's dist-packages: Flask and Requests with what they require. */
const distributions: Readonly<Record<string, readonly string[]>> = {
  blinker: ['blinker'],
  certifi: ['certifi'],
  charset_normalizer: ['charset_normalizer'],
  click: ['click'],
  flask: ['flask'],
  idna: ['idna'],
  itsdangerous: ['itsdangerous'],
  jinja2: ['jinja2'],
  markupsafe: ['markupsafe'],
  requests: ['requests'],
  urllib3: ['urllib3'],
  werkzeug: ['werkzeug'],
};

export const wheelCount = Object.keys(distributions).length;
/** Directory of the wheels, and of `sums`: the digests of the files that they install. */
export const wheels = '/srv/wheels';

/**
 * Python script that packs Debian's modules as wheels (PEP 427) and leaves none of them installed. Times, order and
 * compression are fixed.
 */
const script = `
import base64, hashlib, json, os, re, shutil, sys, zipfile
site = "/usr/lib/python3/dist-packages/"
os.makedirs("${wheels}")
sums = []
for dist, modules in json.loads(sys.argv[1]).items():
    [info] = [n for n in os.listdir(site) if re.fullmatch(dist + r"-[^-]*(-py3[^-]*)?\\.(dist|egg)-info", n, re.I)]
    meta = next(p for p in (f"{site}{info}/METADATA", f"{site}{info}/PKG-INFO") if os.path.exists(p))
    text = open(meta, "rb").read()
    version = re.search(rb"^Version: (.*)$", text, re.M)[1].decode().strip()
    files = {}
    for module in modules:
        for folder, folders, names in os.walk(site + module):
            folders[:] = sorted(f for f in folders if f != "__pycache__")
            for name in sorted(names):
                path = os.path.join(folder, name)
                files[path[len(site):]] = open(path, "rb").read()
    sums += [f"{hashlib.sha256(data).hexdigest()}  {path}" for path, data in files.items()]
    own = f"{dist}-{version}.dist-info/"
    files[own + "METADATA"] = text
    files[own + "WHEEL"] = b"Wheel-Version: 1.0\\nGenerator: ocibench\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    digest = lambda data: base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    record = [f"{path},sha256={digest(data)},{len(data)}" for path, data in files.items()]
    files[own + "RECORD"] = "\\n".join([*record, own + "RECORD,,", ""]).encode()
    with zipfile.ZipFile(f"${wheels}/{dist}-{version}-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            wheel.writestr(zipfile.ZipInfo(path, (2025, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    for path in [info, *modules]:
        shutil.rmtree(site + path)
open("${wheels}/sums", "w").write("\\n".join(sums) + "\\n")
`;

/** Packages of Debian that have these modules. */
export const wheelPackages = ['python3-flask', 'python3-requests'] as const;

/** Hook of an image recipe with {@link wheelPackages}: makes the wheels. */
export const wheelsHook = `cat > "$1/wheels.py" <<'END'${script}END
chroot "$1" /usr/bin/python3 /wheels.py '${JSON.stringify(distributions)}'
rm "$1/wheels.py"`;
