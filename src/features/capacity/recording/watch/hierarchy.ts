import { readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readText } from '../../../../core/collect/cgroup/files.ts';
import type { CgroupLayout } from '../../../../core/collect/cgroup/layout.ts';
import type { WatchedCgroup } from '../bpftrace/program.ts';

/** The hierarchy by which processes are told apart. */
export interface Hierarchy {
  readonly mount: string;
  /** v1 controller; null: cgroup v2. */
  readonly controller: string | null;
  /** Position of the controller among all of the kernel; null on v2. */
  readonly position: number | null;
}

/** v1 controllers in which every engine places containers. */
const preferred = ['cpuacct', 'memory', 'pids'];

/** Positions of the controllers: the rows of /proc/cgroups are in the order of the kernel's `cgroup_subsys_id`. */
export function controllerPosition(table: string, controller: string): number | null {
  const rows = table.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const at = rows.findIndex((line) => line.split('\t')[0] === controller);
  return at < 0 ? null : at;
}

/** The hierarchy of this host; null where no cgroups are mounted. */
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

/** A cgroup as the kernel numbers it; null where there is none. */
export function watchedCgroup({ mount }: Hierarchy, path: string): WatchedCgroup | null {
  const found = statSync(join(mount, path), { bigint: true, throwIfNoEntry: false });
  if (found === undefined || !found.isDirectory()) return null;
  return { id: found.ino, level: path.split('/').filter((part) => part !== '').length };
}

/** Inode of the initial cgroup namespace (PROC_CGROUP_INIT_INO, include/linux/proc_ns.h). */
const initialNamespace = `cgroup:[${0xeffffffb}]`;

/** Are paths of cgroups relative to the real root here? In a cgroup namespace the kernel's levels are others. */
export function seesRootCgroup(link = '/proc/self/ns/cgroup'): boolean {
  try {
    return readlinkSync(link) === initialNamespace;
  } catch {
    return true;
  }
}
