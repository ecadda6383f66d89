import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { type MessageRefs, recalled, recorded } from '../messages/record.ts';
import { singleValue } from '../metrics/cgroup/text.ts';
import { absent, present } from '../metrics/figure.ts';
import type { Figure } from '../model/trial.ts';
import { families } from '../runtimes/registry.ts';
import { readText, removeCgroup } from './cgroup/files.ts';
import type { CgroupLayout } from './cgroup/layout.ts';
import { cgroupDirs, everyCgroupDir, joinCgroups, makeCgroups } from './cgroup/make.ts';
import { engineCgroupPath } from './cgroup/names.ts';
import { figuresFromV2 } from './cgroup/v2.ts';
import type { EngineDaemons, findEngineDaemons } from './engine-daemons.ts';
import { cgroupPathOf } from './process/parse.ts';
import { processesNamed } from './socket-server.ts';

const text = notices('engineCgroup', {
  unread: 'cpu.stat was not read',
  noAccounting: 'no cgroup hierarchy with CPU accounting is mounted',
  unknown: 'the cgroup of the engine is not known',
  within: '/{path}: {why}',
  dockerdUnread: 'the cgroup of dockerd could not be read',
  root: 'the engine runs in the root cgroup, together with the whole host',
  withHarness: 'the engine runs in the same cgroup as this harness ({path})',
  shared: 'the engine shares its cgroup with another ({name}, process {pid}, in {path})',
});

/** Why an engine's CPU time is not known, as far as that says nothing of this host's processes. */
export const plainReasons: readonly Message[] = [text.dockerdUnread, text.root];

/** The embedded engine's own cgroup: dockerd, containerd, shims, runtime processes, and VMMs that nobody moves. */
export interface EngineCgroup {
  /** Relative to the hierarchies' roots: `ocibench/<run>/engine`. */
  readonly path: string;
  /** Its directory in every hierarchy that counts; a process joins by its id written to `cgroup.procs` of each. */
  readonly dirs: readonly string[];
  prepare(): readonly string[];
  join(pid: number): readonly string[];
  remove(): Promise<readonly string[]>;
}

/** The cgroup for a run's embedded engine. Methods return what went wrong, in words; none throws. */
export function openEngineCgroup(layout: CgroupLayout, runId: string): EngineCgroup {
  const path = engineCgroupPath(runId);
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

/** CPU time, ns, that one cgroup and those below it have used so far. */
export function readCpu(layout: CgroupLayout, path: string): Figure {
  if (layout.kind === 'v2' && layout.unified !== null) {
    const files = { 'cpu.stat': readText(join(layout.unified, path, 'cpu.stat')) };
    return figuresFromV2(files)['cpu.usage'] ?? absent(text.unread);
  }
  const mount = layout.v1.cpuacct;
  if (mount === undefined) return absent(text.noAccounting);
  return singleValue({ 'cpuacct.usage': readText(join(mount, path, 'cpuacct.usage')) }, 'cpuacct.usage');
}

/** Cgroups of runtimes for what their sandboxes cost beside the containers. */
const overheadCgroups = families.flatMap((family) => family.overheadCgroups?.shared ?? []);

/** Is a cgroup at the top one of a runtime's for overhead, or above it? */
export function isOverheadCgroup(name: string): boolean {
  return overheadCgroups.some((path) => path.split('/')[0] === name);
}

/** Those of the runtimes' cgroups for overhead that this host has by now. */
function presentOverheadCgroups(layout: CgroupLayout): readonly string[] {
  const mount = layout.kind === 'v2' ? layout.unified : layout.v1.cpuacct;
  if (mount === null || mount === undefined) return [];
  return overheadCgroups.filter((path) => existsSync(join(mount, path)));
}

/**
 * CPU time, ns, that the engine's cgroups and the runtimes' for overhead have used so far; the difference of two
 * (`figureDelta`) is what a trial cost outside its own cgroup. Each process is charged to one cgroup at a time and
 * none of these holds another, so nothing is in it twice. Absent as a whole where one of the engine's is.
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

/** Where an engine runs, or why its CPU time cannot be told apart. `daemons`: its processes, where they are known. */
export type EngineCgroups =
  | { readonly paths: readonly string[] }
  | { readonly absent: string; readonly messages?: MessageRefs; readonly daemons?: EngineDaemons };

/**
 * The cgroups of an engine's dockerd and containerd (`docker.service`, `containerd.service`), relative to the hierarchies'
 * roots. Absent where one of them also holds something else: the whole host, this harness, or another
 * engine (containerd of Kubernetes, a second dockerd).
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
  const found = [pathOf(daemons.dockerd), pathOf(daemons.containerd)];
  const paths = [...new Set(found.filter((path) => path !== null))];
  if (found.includes(null)) return { ...recorded({ absent: text.dockerdUnread }), daemons };
  const own = pathOf('self');
  const isBelow = (path: string, above: string) => path === above || path.startsWith(`${above}/`);
  for (const path of paths) {
    if (path === '/') return { ...recorded({ absent: text.root }), daemons };
    if (own !== null && isBelow(own, path))
      return { ...recorded({ absent: text.withHarness({ path }) }), daemons };
  }
  const ownPids = new Set<number>([daemons.dockerd, daemons.containerd]);
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
  // One inside another would be counted twice.
  const outer = paths.filter((path) => !paths.some((other) => other !== path && isBelow(path, other)));
  return { paths: outer.map((path) => path.slice(1)).toSorted() };
}
