import { existsSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readText } from '../../../../core/collect/cgroup/files.ts';
import type { CgroupLayout } from '../../../../core/collect/cgroup/layout.ts';
import { pidsOfCgroup } from '../../../../core/collect/cgroup/make.ts';
import { readCmdline, readProcessFile } from '../../../../core/collect/process/read.ts';
import { processRole } from '../../../../core/collect/process-role.ts';
import { familyOf } from '../../../../core/runtimes/registry.ts';
import type { WatchedCgroup } from '../bpftrace/program.ts';
import type { RecordingTarget } from '../recording.ts';
import type { TracedTarget } from '../tracer.ts';

/** The cgroup hierarchy that identifies the target's processes. */
export interface Hierarchy {
  readonly mount: string;
  /** v1 controller; null: cgroup v2. */
  readonly controller: string | null;
  /** Index of the controller in the kernel; null on v2. */
  readonly position: number | null;
}

/** v1 controllers in which every engine makes cgroups for containers. */
const preferred = ['cpuacct', 'memory', 'pids'];

/** Index of a controller: the rows of /proc/cgroups are in the order of the kernel's `cgroup_subsys_id`. */
export function controllerPosition(table: string, controller: string): number | null {
  const rows = table.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const at = rows.findIndex((line) => line.split('\t')[0] === controller);
  return at < 0 ? null : at;
}

/** The hierarchy of this host; null if no cgroups are mounted. */
export function hierarchyOf(layout: CgroupLayout, table?: string): Hierarchy | null {
  if (layout.kind === 'v2' && layout.unified !== null)
    return { mount: layout.unified, controller: null, position: null };
  const controller = preferred.find((name) => layout.v1[name] !== undefined);
  const mount = controller === undefined ? undefined : layout.v1[controller];
  if (controller === undefined || mount === undefined) return null;
  const read = table === undefined ? readText('/proc/cgroups') : { text: table };
  const position = 'text' in read ? controllerPosition(read.text, controller) : null;
  return position === null ? null : { mount, controller, position };
}

/** A cgroup's id and level in the kernel; null if it does not exist. */
export function watchedCgroup({ mount }: Hierarchy, path: string): WatchedCgroup | null {
  const found = statSync(join(mount, path), { bigint: true, throwIfNoEntry: false });
  if (found === undefined || !found.isDirectory()) return null;
  return { id: found.ino, level: path.split('/').filter((part) => part !== '').length };
}

/** Inode of the initial cgroup namespace (PROC_CGROUP_INIT_INO, include/linux/proc_ns.h). */
const initialNamespace = `cgroup:[${0xeffffffb}]`;

/** Are cgroup paths here relative to the real root? In a cgroup namespace, levels differ from the kernel's. */
export function seesRootCgroup(link = '/proc/self/ns/cgroup'): boolean {
  try {
    return readlinkSync(link) === initialNamespace;
  } catch {
    return true;
  }
}

/** Target of a recording. Disposing of it ends a target that the recording started, and leaves others unchanged. */
export interface Target extends AsyncDisposable {
  readonly record: Omit<RecordingTarget, 'exitCode'>;
  readonly watched: TracedTarget;
  /** Resolves when its window may open; absent: at once. */
  ready?(): Promise<void>;
  /** Lets a waiting target start. */
  release(): Promise<void>;
  /** Resolves with its exit code when it has ended; null if unknown or none. */
  readonly ended: Promise<number | null>;
}

const pollMs = 200;

/** Resolves when the cgroup is removed, or when its last process has ended. Never resolves after `signal` is aborted. */
async function untilGone({ layout, hierarchy }: Cgroups, path: string, signal: AbortSignal): Promise<null> {
  const had = pidsOfCgroup(layout, path).length > 0;
  const isThere = () =>
    existsSync(join(hierarchy.mount, path)) && (!had || pidsOfCgroup(layout, path).length > 0);
  while (!signal.aborted && isThere()) await sleep(pollMs, undefined, { ref: false });
  return signal.aborted ? new Promise(() => undefined) : null;
}

/** The cgroups of this host. */
export interface Cgroups {
  readonly layout: CgroupLayout;
  readonly hierarchy: Hierarchy;
}

/** A target for a cgroup that ocibench did not make; null if it does not exist. */
export function foreignTarget(
  cgroups: Cgroups,
  path: string,
  record: Omit<Target['record'], 'cgroup' | 'command'>,
): Target | null {
  const cgroup = watchedCgroup(cgroups.hierarchy, path);
  if (cgroup === null) return null;
  const stopped = new AbortController();
  return {
    record: { ...record, command: [], cgroup: `/${path}` },
    watched: {
      path,
      cgroup,
      pids: () => pidsOfCgroup(cgroups.layout, path),
      begins: 'now',
      isOurs: false,
    },
    release: async () => undefined,
    ended: untilGone(cgroups, path, stopped.signal),
    [Symbol.asyncDispose]: async () => stopped.abort(),
  };
}

/** Product whose sandbox is among these processes, so that its kernel handles the calls; null if there is none. */
export function sandboxAmong(pids: readonly number[], procRoot = '/proc'): string | null {
  const runsc = familyOf('runsc');
  const roles = new Set((runsc.roles ?? []).map(({ id }) => id));
  const found = pids.some((pid) =>
    roles.has(
      processRole({
        argv: readCmdline(procRoot, pid),
        comm: readProcessFile(procRoot, pid, 'comm')?.trim() ?? '',
        inCgroup: true,
        parentRole: null,
      }),
    ),
  );
  return found ? runsc.product : null;
}
