import { createHash } from 'node:crypto';
import { families } from '../../core/runtimes/registry.ts';
import { type GuestFile, initramfsFiles, systemCommands, systemFiles } from './guest-files.ts';
import { type GuestKernel, guestSuite, suiteOf } from './kernel.ts';

/** Raise this when a change of the build changes the result of the same recipe. */
const buildVersion = 1;

/** Size of the guest's root file system; the image file is sparse and takes only what is in it. */
export const systemDiskSize = '8G';

/** Packages of the guest in addition to Debian's essential ones and the kernel. */
const packages: readonly string[] = [
  'initramfs-tools',
  'systemd-sysv',
  'dbus',
  'udev',
  'kmod',
  'iproute2',
  'iptables',
  'procps',
  'mount',
  'util-linux',
  'login',
  'libpam-systemd',
  'libstdc++6',
  'docker.io',
  'docker-cli',
  'containerd',
  'runc',
  ...families.flatMap(({ packages: own }) => own.map((need) => need.package)),
];

const leftOut = ['/usr/share/doc/*', '/usr/share/man/*', '/usr/share/locale/*', '/usr/share/info/*'];

/** A hook of mmdebstrap that writes a file; the text must not contain the line `OCIBENCH_END`. */
function writing({ path, text }: GuestFile): string {
  const directory = path.slice(0, path.lastIndexOf('/'));
  return `mkdir -p "$1${directory}"\ncat >"$1${path}" <<'OCIBENCH_END'\n${text}OCIBENCH_END`;
}

/**
 * Commands that let apt install the kernel, and nothing else, from another suite of the guest's mirror. mmdebstrap wrote that
 * mirror, and perhaps its keyring, to `sources.list`.
 */
function otherSuite(suite: string): readonly string[] {
  const pin = (name: string, priority: number) =>
    `Package: ${name}\nPin: release n=${suite}\nPin-Priority: ${priority}\n`;
  return [
    `sed -n 's/ ${guestSuite} main$/ ${suite} main/p' "$1/etc/apt/sources.list" >"$1/etc/apt/sources.list.d/kernel.list"`,
    writing({
      path: '/etc/apt/preferences.d/kernel',
      text: `${pin('*', -1)}\n${pin('linux-image-*', 990)}`,
    }),
  ];
}

/**
 * The command line of mmdebstrap that writes the guest's root file system as a tar file, its kernel and its initramfs into the
 * working directory. All packages but the kernel are the same for every kernel.
 */
export function mmdebstrapArguments(kernel: GuestKernel): readonly string[] {
  const suite = suiteOf(kernel);
  const isOther = suite !== guestSuite;
  // Naming the suite prevents apt from silently installing the kernel of another one.
  const image = `linux-image-cloud-amd64${isOther ? `/${suite}` : ''}`;
  return [
    '--variant=minbase',
    `--include=${[image, ...packages].join(',')}`,
    '--aptopt=Apt::Install-Recommends "false"',
    '--aptopt=Acquire::Languages "none"',
    ...leftOut.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
    ...(isOther ? otherSuite(suite) : []).map((command) => `--setup-hook=${command}`),
    ...initramfsFiles.map((file) => `--essential-hook=${writing(file)}`),
    ...systemFiles.map((file) => `--customize-hook=${writing(file)}`),
    ...systemCommands.map((command) => `--customize-hook=${command}`),
    ...['vmlinuz', 'initrd.img'].map((name) => `--customize-hook=download /boot/${name} ${name}`),
    '--format=tar',
    '--quiet',
    guestSuite,
    'system.tar',
  ];
}

/** sha256 (hex) of everything that decides the content of the system disk with this kernel. */
export function labHash(kernel: GuestKernel): string {
  const content = { buildVersion, systemDiskSize, arguments: mmdebstrapArguments(kernel) };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
