import type { ProcessRole } from '../model/trial.ts';
import { families, findRole } from '../runtimes/registry.ts';

/** What a role is told from. */
export interface ProcessTraits {
  /** Arguments; gVisor names its processes in the first (`runsc-sandbox`), not in comm, which is `exe`. */
  readonly argv: readonly string[];
  readonly comm: string;
  readonly inCgroup: boolean;
  /** Role of the process whose child it is, where that one works for the same trial. */
  readonly parentRole: ProcessRole | null;
}

function base(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * What a process does for its trial, by the name it was started under:
 * - What its parent's role says of children, whatever they are called.
 * - `containerd-shim-*`, the daemons, and what a family knows of its own: the processes that it starts for a container, and
 *   the OCI runtime while it sets up or tears down (`runtime`).
 * - `workload`: anything else in the trial's cgroup. `other`: anything else.
 * A container can give its processes any name; a workload that calls itself a shim is taken for one.
 */
export function processRole(traits: ProcessTraits): ProcessRole {
  const { argv, comm, inCgroup, parentRole } = traits;
  const inherited = parentRole === null ? undefined : findRole(parentRole)?.ofChildren;
  if (inherited !== undefined) return inherited;
  const name = base(argv[0] ?? '');
  if (name.startsWith('containerd-shim')) return 'shim';
  for (const { role } of families) {
    const known = role?.(name, argv, comm) ?? null;
    if (known !== null) return known;
  }
  if (name === 'docker-proxy' || name === 'dockerd' || name === 'containerd') return name;
  return inCgroup ? 'workload' : 'other';
}

/** Does a process of this role exist for its container alone, so that it should end with it? */
export function isHelper(role: ProcessRole): boolean {
  return findRole(role)?.endsWithContainer ?? false;
}

/** Programs with which people and this harness look at a container: its id on their command line means nothing. */
const clients =
  /^(docker|dockerd|containerd|ctr|nerdctl|crictl|podman|node|sh|bash|dash|zsh|sudo|ssh|grep|pgrep|ps|tail|less|vim?|nano|watch|jq|cat|strace|perf|journalctl|systemctl)$/;

/**
 * How much of a container's id a command line must hold: Kata cuts it to 32 digits (128 bits) for Firecracker, whose
 * jail and socket paths would otherwise be too long for a socket (virtcontainers/fc.go, truncateID).
 */
const shortestId = 32;

/** Does the command line mark a process as working for the container, and not just as talking about it? */
export function namesContainer(argv: readonly string[], containerId: string): boolean {
  return !clients.test(base(argv[0] ?? '')) && mentionsContainer(argv, containerId);
}

/** Is the id on the command line, whatever the program? */
export function mentionsContainer(argv: readonly string[], containerId: string): boolean {
  const id = containerId.slice(0, shortestId);
  return argv.some((argument) => argument.includes(id));
}
