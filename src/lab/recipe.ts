import { createHash } from 'node:crypto';
import { families } from '../runtimes/registry.ts';
import { type GuestFile, initramfsFiles, systemCommands, systemFiles } from './guest-files.ts';

/** Raise this when a change of the build changes the result of the same recipe. */
const buildVersion = 1;

const suite = 'trixie';

/** Size of the guest's root file system; the image file is sparse and takes only what is in it. */
export const systemDiskSize = '8G';

/** Packages of the guest beside Debian's essential ones. */
const packages: readonly string[] = [
  'linux-image-cloud-amd64',
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

/** A hook of mmdebstrap that writes a file; its text must not hold the line `OCIBENCH_END`. */
function writing({ path, text, mode }: GuestFile): string {
  const directory = path.slice(0, path.lastIndexOf('/'));
  return `mkdir -p "$1${directory}"\ncat >"$1${path}" <<'OCIBENCH_END'\n${text}OCIBENCH_END\nchmod ${mode} "$1${path}"`;
}

/** The command line of mmdebstrap that packs the guest's root file system into the tar file `target`. */
export function mmdebstrapArguments(target: string): readonly string[] {
  return [
    '--variant=minbase',
    `--include=${packages.join(',')}`,
    '--aptopt=Apt::Install-Recommends "false"',
    '--aptopt=Acquire::Languages "none"',
    ...leftOut.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
    ...initramfsFiles.map((file) => `--essential-hook=${writing(file)}`),
    ...systemFiles.map((file) => `--customize-hook=${writing(file)}`),
    ...systemCommands.map((command) => `--customize-hook=${command}`),
    '--format=tar',
    '--quiet',
    suite,
    target,
  ];
}

/** sha256 (hex) of everything that decides the content of the system disk. */
export function labHash(): string {
  const content = { buildVersion, systemDiskSize, arguments: mmdebstrapArguments('') };
  return createHash('sha256').update(JSON.stringify(content)).digest('hex');
}
