/** Files of the repository's last commit: sources, in directories of 15, and one .gitignore. */
export const repositoryFiles = 3001;
/** Files of the first commit; each later one adds some and changes others. */
const firstFiles = 1800;
export const repositoryCommits = 300;
/** Sources that each later commit changes. */
const changedEach = 6;

/** A bare repository in one pack, of some 10 MB of sources that look like C. */
export const repository = '/srv/repository.git';
/** The same as a checkout, as an agent finds it. */
export const checkout = '/srv/checkout';

/** Settings that make git read nothing but the repository and call no daemon; a script of bash. */
export function quietGit(home: string): string {
  return `export HOME=${home} GIT_CONFIG_NOSYSTEM=1 LC_ALL=C
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_AUTHOR_DATE='1735689600 +0000'
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_COMMITTER_DATE='1735689600 +0000'
git config --global gc.auto 0
git config --global maintenance.auto false
git config --global safe.directory '*'`;
}

/**
 * Python script that prints the history for `git fast-import`, identical everywhere: names and numbers come from a
 * linear congruential generator (the constants of POSIX's example of `rand`).
 */
const history = `
import sys
state = 1
def below(n):
    global state
    state = (state * 1103515245 + 12345) % 2147483648
    return state // 65536 % n
names = ["".join("abcdefghijklmnopqrstuvwxyz"[below(26)] for _ in range(4 + below(7))) for _ in range(3000)]
name = lambda: names[below(1 + below(3000))]
def function():
    me = name()
    lines = [f"/* {name()} the {name()} of {name()} */", f"static int {me}_{name()}(struct {name()} *{me}, int n)", "{"]
    for _ in range(2 + below(12)):
        lines.append(f"\\tif ({me}->{name()} > {below(1000)})\\n\\t\\tn += {name()}({me}, {below(100)});")
    return "\\n".join([*lines, "\\treturn n;", "}", ""])
path = lambda i: f"module-{i // 150:02d}/part-{i // 15 % 10}/{names[i]}-{i}.{'h' if i % 4 == 0 else 'c'}"
files = {}
out = sys.stdout.buffer
def blob(where, text):
    data = text.encode()
    out.write(f"M 100644 inline {where}\\ndata {len(data)}\\n".encode() + data + b"\\n")
def write(i):
    more = "\\n".join(function() for _ in range(1 + below(1 if i in files else 9)))
    files[i] = files.get(i, f'#include "{names[i // 15 * 15]}.h"\\n') + more
    blob(path(i), files[i])
total = ${repositoryFiles - 1}
for c in range(${repositoryCommits}):
    message = f"{name()}: change the {name()} of {name()}"
    head = f"commit refs/heads/main\\nmark :{c + 1}\\ncommitter a <a@b> {1735689600 + c * 3600} +0000"
    out.write(f"{head}\\ndata {len(message)}\\n{message}\\n".encode())
    if c == 0:
        blob(".gitignore", "*.o\\n*.tmp\\n/build/\\n")
    else:
        for i in sorted({below(len(files)) for _ in range(${changedEach})}):
            write(i)
    target = ${firstFiles} + (total - ${firstFiles}) * c // ${repositoryCommits - 1}
    for i in range(len(files), target):
        write(i)
    out.write(b"\\n")
`;

/** Hook of an image recipe with git and Python: puts the repository and its checkout into the image. */
export const repositoryHook = `mkdir -p "$1/srv" "$1/tmp/home"
cat > "$1/srv/history.py" <<'END'${history}END
cat > "$1/srv/make.sh" <<'END'
set -e -o pipefail
${quietGit('/tmp/home')}
git init -q --bare --template= -b main ${repository}
python3 /srv/history.py | git -C ${repository} fast-import --quiet
git -C ${repository} -c pack.threads=1 repack -q -a -d -f
git -C ${repository} pack-refs --all
git clone -q --template= ${repository} ${checkout}
git -C ${checkout} remote remove origin
END
chroot "$1" /bin/bash /srv/make.sh
rm -r "$1/srv/history.py" "$1/srv/make.sh" "$1/tmp/home"`;
