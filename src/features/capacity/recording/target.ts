import { existsSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { cgroupTree } from '../../../core/collect/cgroup/files.ts';
import { type CgroupLayout, detectCgroupLayout } from '../../../core/collect/cgroup/layout.ts';
import { pidsOfCgroup } from '../../../core/collect/cgroup/make.ts';
import { readCmdline, readProcessFile } from '../../../core/collect/process/read.ts';
import { processRole } from '../../../core/collect/process-role.ts';
import { notices, type Reason, reasons } from '../../../core/messages/define.ts';
import { exitCodes, OcibenchError, refusal } from '../../../core/model/failure/error.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import type { RecordingTarget } from './recording.ts';

const text = notices('recording.target', {
  unusable: 'this cannot be recorded',
  noCgroups: 'no cgroup hierarchy with CPU or memory accounting is mounted below /sys/fs/cgroup',
});
const why = reasons('recording.target', {
  notCgroup: {
    message: '{path} is not a cgroup path',
    fix: 'give its path below /sys/fs/cgroup, such as /system.slice/nginx.service',
  },
  noCgroup: {
    message: 'there is no cgroup {path}; looked for {directory}',
    fix: 'see which cgroups a process is in:  cat /proc/PID/cgroup',
  },
  rootCgroup: {
    message: 'the root cgroup is the whole machine, ocibench included',
    fix: 'name the cgroup of one service',
  },
  otherKernel: {
    message:
      '{name} runs under {runtime}, which has or may have a kernel of its own: what the service takes cannot be told from what its sandbox takes',
    fix: 'start the same service under runc or crun, and record it there',
  },
  hidden: {
    message: 'its cgroup is not below {mount} here',
    fix: 'run ocibench on the host itself, not in a container',
  },
});

/** The cgroups of this host. */
export interface Cgroups {
  readonly layout: CgroupLayout;
  /** Mount point of the hierarchy in which targets are looked for. */
  readonly mount: string;
}

/** v1 controllers in which every engine makes cgroups for containers. */
const preferred = ['cpuacct', 'memory', 'pids'] as const;

/** The cgroups of this host. OcibenchError (exit 3) if none are mounted. */
export function findCgroups(layout = detectCgroupLayout()): Cgroups {
  const first = preferred.find((name) => layout.v1[name] !== undefined);
  const mount = layout.kind === 'v2' ? layout.unified : first === undefined ? null : layout.v1[first];
  if (mount == null) throw new OcibenchError(text.noCgroups, { exitCode: exitCodes.noEngine });
  return { layout, mount };
}

/** The error of a target that cannot be recorded (exit 2). `option`: how it was named. */
export function refuseTarget(option: string, reason: Reason): OcibenchError {
  return refusal(text.unusable, option, reason);
}

/** The error of a container or cgroup whose own use cannot be told from that of its sandbox (exit 2). */
export function refuseOtherKernel(option: string, name: string, runtime: string): OcibenchError {
  return refuseTarget(option, why.otherKernel({ name, runtime }));
}

/** A cgroup by its path, relative to the root or as a directory of /sys/fs/cgroup. OcibenchError (exit 2) if there is none. */
export function findCgroup(name: string, cgroups: Cgroups): RecordingTarget {
  const { layout, mount } = cgroups;
  const inMount = layout.mounts.find((each) => name === each || name.startsWith(`${each}/`));
  const path = (inMount === undefined ? name : name.slice(inMount.length)).replace(/^\/+|\/+$/g, '');
  if (path === '') throw refuseTarget('--cgroup', why.rootCgroup);
  if (path.split('/').some((part) => ['', '.', '..'].includes(part)) || path.includes('\0'))
    throw refuseTarget('--cgroup', why.notCgroup({ path: name }));
  const directory = join(mount, path);
  if (!existsSync(directory)) throw refuseTarget('--cgroup', why.noCgroup({ path: `/${path}`, directory }));
  refuseSandbox('--cgroup', name, pidsOfCgroup(layout, path));
  return { kind: 'cgroup', name, runtime: null, cgroup: `/${path}` };
}

/** The cgroup of a running container. OcibenchError (exit 2) if it is not visible here. */
export function findCgroupOf(
  { id, name, runtime }: { readonly id: string; readonly name: string; readonly runtime: string },
  cgroups: Cgroups,
): RecordingTarget {
  const path = containerPath(id, cgroups.mount);
  if (path === null) throw refuseTarget('--container', why.hidden({ mount: cgroups.mount }));
  // A wrapper of a runtime can have any name, so the running processes decide.
  refuseSandbox('--container', name, pidsOfCgroup(cgroups.layout, path));
  return { kind: 'container', name, runtime, cgroup: `/${path}` };
}

const fullId = /^[0-9a-f]{64}$/;

/**
 * The container's cgroup, which every engine names after its id: `/docker/ID`, `docker-ID.scope`, `libpod-ID`. Searches by that
 * name, because the pid that an engine reports may be from another PID namespace. null if there is none.
 */
export function containerPath(id: string, mount: string): string | null {
  if (!fullId.test(id)) return null;
  const found = cgroupTree(mount).filter((path) => basename(path).includes(id));
  const [shortest] = found.toSorted((a, b) => a.length - b.length);
  return shortest === undefined ? null : relative(mount, shortest);
}

/** OcibenchError (exit 2) if a sandbox of gVisor is among these processes. */
function refuseSandbox(option: string, name: string, pids: readonly number[]): void {
  const runsc = familyOf('runsc');
  const roles = new Set((runsc.roles ?? []).map(({ id }) => id));
  const isSandbox = (pid: number) => {
    const comm = readProcessFile('/proc', pid, 'comm')?.trim() ?? '';
    return roles.has(
      processRole({ argv: readCmdline('/proc', pid), comm, inCgroup: true, parentRole: null }),
    );
  };
  if (pids.some(isSandbox)) throw refuseOtherKernel(option, name, runsc.product ?? runsc.id);
}
