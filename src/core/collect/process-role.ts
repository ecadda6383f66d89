import type { ProcessRole } from '../model/trial/trial.ts';
import { families, findRole } from '../runtimes/registry.ts';

/** Input of {@link processRole}. */
export interface ProcessTraits {
  /** Arguments; gVisor names its processes in the first (`runsc-sandbox`), not in comm, which is `exe`. */
  readonly argv: readonly string[];
  readonly comm: string;
  readonly inCgroup: boolean;
  /** Role of its parent process, where that works for the same trial. */
  readonly parentRole: ProcessRole | null;
}

function base(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * The role of a process for its trial, by the name under which it was started:
 * - The role that its parent's role gives to children, whatever their names.
 * - `containerd-shim-*` and `conmon` (podman's shim), the daemons, and roles of a family: the processes that it starts for a
 * container, and the OCI runtime while it sets up or tears down (`runtime`).
 * - `workload`: any other process in the trial's cgroup. `other`: all others. A container can give its processes any name, so a
 * workload that calls itself a shim counts as one.
 */
export function processRole(traits: ProcessTraits): ProcessRole {
  const { argv, comm, inCgroup, parentRole } = traits;
  const inherited = parentRole === null ? undefined : findRole(parentRole)?.ofChildren;
  if (inherited !== undefined) return inherited;
  const name = base(argv[0] ?? '');
  if (name.startsWith('containerd-shim') || name === 'conmon') return 'shim';
  for (const { role } of families) {
    const known = role?.(name, argv, comm) ?? null;
    if (known !== null) return known;
  }
  if (name === 'docker-proxy' || name === 'dockerd' || name === 'containerd') return name;
  return inCgroup ? 'workload' : 'other';
}

/** True if a process of this role exists only for its container, so that it should end with it. */
export function isHelper(role: ProcessRole): boolean {
  return findRole(role)?.endsWithContainer ?? false;
}

/** Programs with which users and this harness inspect a container; an id on their command line is no evidence. */
const clients =
  /^(docker|dockerd|containerd|ctr|nerdctl|crictl|podman|node|sh|bash|dash|zsh|sudo|ssh|grep|pgrep|ps|tail|less|vim?|nano|watch|jq|cat|strace|perf|journalctl|systemctl)$/;

/**
 * Minimum length of a container's id on a command line. Kata cuts it to 32 digits (128 bits) for Firecracker, whose
 * jail and socket paths would otherwise be too long for a socket (virtcontainers/fc.go, truncateID).
 */
const minIdLength = 32;

/** True if the command line shows that a process works for the container, and does not only refer to it. */
export function namesContainer(argv: readonly string[], containerId: string): boolean {
  return !clients.test(base(argv[0] ?? '')) && mentionsContainer(argv, containerId);
}

/** True if the id is on the command line, whatever the program. */
export function mentionsContainer(argv: readonly string[], containerId: string): boolean {
  const id = containerId.slice(0, minIdLength);
  return argv.some((argument) => argument.includes(id));
}
