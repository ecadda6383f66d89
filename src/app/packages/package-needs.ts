import { listed } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { families } from '../../core/runtimes/registry.ts';

const words = messages('package', {
  dockerd: 'the Docker engine',
  containerd: 'runs the containers for dockerd',
  shim: 'stays beside each container',
  runc: 'the baseline runtime',
  iptables: "dockerd's bridge network",
  ip: "the engine's own network namespace",
  unshare: "the engine's own namespaces",
  setpriv: 'ends the engine together with ocibench',
  mount: "the engine's own mounts",
  mmdebstrap: 'builds the images of the workloads',
  installing: 'installing Debian packages that are missing here:',
  line: '  {package}  ({reasons})',
  reason: '{program}: {why}',
  services:
    'systemd will start what {packages} {n, plural, one {installs} other {install}}; to undo that:  systemctl disable --now {units}',
});

/** A program that ocibench calls, and its Debian package. */
export interface PackageNeed {
  readonly program: string;
  readonly package: string;
  readonly group: 'engine' | 'images' | 'runtimes' | 'lab' | 'tests';
  /** Does every run need it? Without an optional program, only a runtime is missing. */
  readonly required: boolean;
  /** A message; plain English in developer tools. */
  readonly why: Message | string;
  /** Source on distributions without the package. */
  readonly elsewhere?: string;
}

/** Makes the required programs of a group: `(program, Debian package, why)`. */
export function requiredBy(group: PackageNeed['group']) {
  return (program: string, name: string, why: PackageNeed['why']): PackageNeed => ({
    program,
    package: name,
    group,
    required: true,
    why,
  });
}

const engine = requiredBy('engine');

/**
 * Programs of the embedded engine, the images and the compared runtimes. Without the docker command: the harness uses
 * the engine's API. Without docker-init and docker-proxy (no `--init`, no published ports). Existing programs are never
 * installed again, so that a host keeps docker-ce or containerd.io.
 */
export const packageNeeds: readonly PackageNeed[] = [
  engine('dockerd', 'docker.io', words.dockerd),
  engine('containerd', 'containerd', words.containerd),
  engine('containerd-shim-runc-v2', 'containerd', words.shim),
  engine('runc', 'runc', words.runc),
  engine('iptables', 'iptables', words.iptables),
  engine('ip', 'iproute2', words.ip),
  engine('unshare', 'util-linux', words.unshare),
  engine('setpriv', 'util-linux', words.setpriv),
  engine('mount', 'mount', words.mount),
  requiredBy('images')('mmdebstrap', 'mmdebstrap', words.mmdebstrap),
  ...families.flatMap(({ packages }) =>
    packages.map((need): PackageNeed => ({ ...need, group: 'runtimes', required: false })),
  ),
];

const aptOptions = ['-o', 'DPkg::Lock::Timeout=120'] as const;

/** `apt-get update` that waits up to two minutes for another package manager. */
export const updateCommand: readonly string[] = ['apt-get', ...aptOptions, 'update'];

/** Installs without recommended packages and without questions (the caller sets DEBIAN_FRONTEND). */
export function installCommand(packages: readonly string[]): readonly string[] {
  return ['apt-get', ...aptOptions, 'install', '-y', '--no-install-recommends', ...packages];
}

/** The packages, each once, in the order of the needs. */
export function packagesOf(needs: readonly PackageNeed[]): readonly string[] {
  return [...new Set(needs.map((need) => need.package))];
}

/** An installation and its announcement. */
export interface Installation {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** Shown before anything is changed. */
  readonly announcement: readonly Message[];
  /** The same commands, for a user who is not root. */
  readonly commands: readonly string[];
}

/**
 * The installation of missing packages. On a host with systemd, installing docker.io or containerd starts and enables their
 * services. That is announced, with how to undo it, instead of prevented: a policy-rc.d file would remain if ocibench were
 * killed, and then block every later installation, and deb-systemd-invoke ignores RUNLEVEL=1.
 */
export function installationOf(missing: readonly PackageNeed[], systemd: boolean): Installation {
  const required = packagesOf(missing.filter((need) => need.required));
  const optional = packagesOf(missing.filter((need) => !need.required)).filter(
    (name) => !required.includes(name),
  );
  const all = [...required, ...optional];
  const lines = all.map((name) => {
    const own = missing.filter((need) => need.package === name);
    const reasons = own.map(({ program, why }) => words.reason({ program, why }));
    return words.line({ package: name, reasons: listed(reasons, 'semicolon') });
  });
  const services = ['docker.io', 'containerd'].filter((name) => all.includes(name));
  const unit = (name: string) =>
    name === 'docker.io' ? 'docker.socket docker.service' : 'containerd.service';
  const note = words.services({
    packages: listed(services, 'and'),
    n: services.length,
    units: services.map(unit).join(' '),
  });
  return {
    required,
    optional,
    announcement:
      all.length === 0 ? [] : [words.installing, ...lines, ...(systemd && services.length > 0 ? [note] : [])],
    // Leaves out optional packages where others are required: apt-get refuses the whole command for one missing
    // package.
    commands:
      all.length === 0
        ? []
        : [updateCommand, installCommand(required.length > 0 ? required : optional)].map(
            (command) => `sudo ${command.filter((word) => !/^-o$|^DPkg/.test(word)).join(' ')}`,
          ),
  };
}

/** Packages with a candidate version in the output of `apt-cache policy` (which omits unknown packages). */
export function parseCandidates(policy: string): readonly string[] {
  const found: string[] = [];
  let current = '';
  for (const line of policy.split('\n')) {
    const name = /^(\S+):$/.exec(line)?.[1];
    if (name !== undefined) current = name;
    const candidate = /^\s+Candidate:\s+(.+)$/.exec(line)?.[1]?.trim();
    if (candidate !== undefined && candidate !== '(none)') found.push(current);
  }
  return found;
}
