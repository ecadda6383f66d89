import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { notices } from '../messages/define.ts';
import { type MessageRefs, recalled, recorded } from '../messages/record.ts';
import { singleValue } from '../metrics/cgroup/source.ts';
import { absent, present } from '../metrics/figure.ts';
import type { Figure } from '../model/trial/trial.ts';
import { families } from '../runtimes/registry.ts';
import { readText, removeCgroup } from './cgroup/files.ts';
import { type CgroupLayout, figuresFromV2 } from './cgroup/layout.ts';
import { cgroupDirs, everyCgroupDir, joinCgroups, makeCgroups } from './cgroup/make.ts';
import { engineCgroupPath } from './cgroup/names.ts';
import { daemonPids, type EngineDaemons, type findEngineDaemons } from './engine-daemons.ts';
import { cgroupPathOf } from './process/read.ts';
import { processesNamed } from './socket-server.ts';

const text = notices('engineCgroup', {
  unread: 'cpu.stat was not read',
  noAccounting: 'no cgroup hierarchy with CPU accounting is mounted',
  unknown: 'the cgroup of the engine is not known',
  within: '/{path}: {why}',
  dockerdUnread: 'the cgroup of dockerd could not be read',
  root: 'the engine runs in the root cgroup, together with the whole host',
  withHarness: 'the engine runs in the same cgroup as this harness ({path})',
  shared: 'the engine shares its cgroup with another process ({name}, pid {pid}, in {path})',
});

/** The embedded engine's own cgroup: dockerd, containerd, shims, runtime processes, and VMMs left in it. */
export interface EngineCgroup {
  /** Relative to the hierarchies' roots: `ocibench/<run>/engine`. */
  readonly path: string;
  /** Its directory in every hierarchy with figures; a process joins by writing its id to `cgroup.procs` of each. */
  readonly dirs: readonly string[];
  prepare(): readonly string[];
  join(pid: number): readonly string[];
  remove(): Promise<readonly string[]>;
}

/** The cgroup for a run's n-th embedded engine, from 1. Methods return errors as texts; none throws. */
export function openEngineCgroup(layout: CgroupLayout, runId: string, number = 1): EngineCgroup {
  const path = engineCgroupPath(runId, number);
  return {
    path,
    dirs: cgroupDirs(layout, path),
    prepare: () => makeCgroups(layout, path, false),
    join: (pid) => joinCgroups(layout, path, pid),
    remove: async () => {
      const left: string[] = [];
      for (const dir of everyCgroupDir(layout, path)) left.push(...(await removeCgroup(dir)));
      return left;
    },
  };
}

/** CPU time that one cgroup and its descendants have used so far, ns. */
export function readCpu(layout: CgroupLayout, path: string): Figure {
  if (layout.kind === 'v2' && layout.unified !== null) {
    const files = { 'cpu.stat': readText(join(layout.unified, path, 'cpu.stat')) };
    return figuresFromV2(files)['cpu.usage'] ?? absent(text.unread);
  }
  const mount = layout.v1.cpuacct;
  if (mount === undefined) return absent(text.noAccounting);
  return singleValue({ 'cpuacct.usage': readText(join(mount, path, 'cpuacct.usage')) }, 'cpuacct.usage');
}

/** Cgroups of runtimes for the overhead of their sandboxes. */
const overheadCgroups = families.flatMap((family) => family.overheadCgroups?.shared ?? []);

/** True if a top-level cgroup is a runtime's overhead cgroup, or an ancestor of one. */
export function isOverheadCgroup(name: string): boolean {
  return overheadCgroups.some((path) => path.split('/')[0] === name);
}

/** The runtimes' overhead cgroups that exist on this host. */
function presentOverheadCgroups(layout: CgroupLayout): readonly string[] {
  const mount = layout.kind === 'v2' ? layout.unified : layout.v1.cpuacct;
  if (mount === null || mount === undefined) return [];
  return overheadCgroups.filter((path) => existsSync(join(mount, path)));
}

/**
 * CPU time that the engine's cgroups and the runtimes' overhead cgroups have used so far, ns. The difference of two
 * readings (`figureDelta`) is a trial's cost outside its own cgroup. Each process is charged to one cgroup at a time
 * and none of these contains another, so nothing counts twice. Absent as a whole where one of the engine's is absent.
 */
export function readEngineCpu(layout: CgroupLayout, engine: readonly string[]): Figure {
  if (engine.length === 0) return absent(text.unknown);
  const paths = [...engine, ...presentOverheadCgroups(layout)];
  let sum = 0;
  let source = '';
  for (const path of paths) {
    const figure = readCpu(layout, path);
    if ('absent' in figure) return absent(text.within({ path, why: recalled(figure, 'absent') }));
    sum += figure.value;
    source ||= figure.source;
  }
  const cgroups = paths.map((path) => `/${path}`);
  return present(sum, `${source} of ${cgroups.join(' + ')}`, cgroups);
}

/** Cgroups of an engine, or why its CPU time cannot be separated. `daemons`: its processes, where known. */
export type EngineCgroups =
  | { readonly paths: readonly string[] }
  | { readonly absent: string; readonly messages?: MessageRefs; readonly daemons?: EngineDaemons };

/**
 * The cgroups of an engine's dockerd and containerd (`docker.service`, `containerd.service`), relative to the
 * hierarchies' roots. Absent where one of them contains anything else: the whole host, this harness, or another engine
 * (containerd of Kubernetes, a second dockerd).
 */
export function systemEngineCgroups(
  layout: CgroupLayout,
  daemons: ReturnType<typeof findEngineDaemons>,
  procRoot = '/proc',
): EngineCgroups {
  const controller = layout.kind === 'v2' ? '' : 'cpuacct';
  const pathOf = (pid: number | 'self'): string | null => {
    const read = readText(join(procRoot, String(pid), 'cgroup'));
    return 'text' in read ? cgroupPathOf(read.text, controller) : null;
  };
  if ('absent' in daemons) return daemons;
  const pids = daemonPids(daemons);
  const found = pids.map(pathOf);
  const paths = [...new Set(found.filter((path) => path !== null))];
  if (found.includes(null)) return { ...recorded({ absent: text.dockerdUnread }), daemons };
  const own = pathOf('self');
  const isBelow = (path: string, above: string) => path === above || path.startsWith(`${above}/`);
  for (const path of paths) {
    if (path === '/') return { ...recorded({ absent: text.root }), daemons };
    if (own !== null && isBelow(own, path))
      return { ...recorded({ absent: text.withHarness({ path }) }), daemons };
  }
  const ownPids = new Set(pids);
  for (const name of ['dockerd', 'containerd'])
    for (const pid of processesNamed(procRoot, name)) {
      const path = ownPids.has(pid) ? null : pathOf(pid);
      const shared = path === null ? undefined : paths.find((one) => isBelow(path, one));
      if (shared !== undefined)
        return {
          ...recorded({ absent: text.shared({ name, pid: String(pid), path: shared }) }),
          daemons,
        };
    }
  // A cgroup inside another would count twice.
  const outer = paths.filter((path) => !paths.some((other) => other !== path && isBelow(path, other)));
  return { paths: outer.map((path) => path.slice(1)).toSorted() };
}
