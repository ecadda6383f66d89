import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../model/trial.ts';
import { kataOverheadCgroups } from '../runtimes/kata.ts';
import { readText, removeCgroup } from './cgroup-files.ts';
import type { CgroupLayout } from './cgroup-layout.ts';
import { cgroupDirs, everyCgroupDir, joinCgroups, makeCgroups } from './cgroup-make.ts';
import { engineCgroupPath } from './cgroup-names.ts';
import { singleValue } from './cgroup-text.ts';
import { figuresFromV2 } from './cgroup-v2.ts';
import { absent, present } from './figure.ts';
import { cgroupPathOf, pidNamespaceDepth } from './process-parse.ts';

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
function cpuOf(layout: CgroupLayout, path: string): Figure {
  if (layout.kind === 'v2' && layout.unified !== null) {
    const files = { 'cpu.stat': readText(join(layout.unified, path, 'cpu.stat')) };
    return figuresFromV2(files)['cpu.usage'] ?? absent('cpu.stat was not read');
  }
  const mount = layout.v1.cpuacct;
  if (mount === undefined) return absent('no cgroup hierarchy with CPU accounting is mounted');
  return singleValue({ 'cpuacct.usage': readText(join(mount, path, 'cpuacct.usage')) }, 'cpuacct.usage');
}

/** Those of Kata's cgroups for overhead that this host has by now. */
function presentOverheadCgroups(layout: CgroupLayout): readonly string[] {
  const mount = layout.kind === 'v2' ? layout.unified : layout.v1.cpuacct;
  if (mount === null || mount === undefined) return [];
  return kataOverheadCgroups.filter((path) => existsSync(join(mount, path)));
}

/**
 * CPU time, ns, that the engine's cgroups and Kata's for overhead have used so far; the difference of two
 * (`figureDelta`) is what a trial cost outside its own cgroup. Each process is charged to one cgroup at a time and
 * none of these holds another, so nothing is in it twice. Absent as a whole where one of the engine's is.
 */
export function readEngineCpu(layout: CgroupLayout, engine: readonly string[]): Figure {
  if (engine.length === 0) return absent('the cgroup of the engine is not known');
  const paths = [...engine, ...presentOverheadCgroups(layout)];
  let sum = 0;
  let source = '';
  for (const path of paths) {
    const figure = cpuOf(layout, path);
    if ('absent' in figure) return absent(`/${path}: ${figure.absent}`);
    sum += figure.value;
    source ||= figure.source;
  }
  const cgroups = paths.map((path) => `/${path}`);
  return present(sum, `${source} of ${cgroups.join(' + ')}`, cgroups);
}

/** Where a system engine runs, or why its CPU time cannot be told apart. */
export type EngineCgroups = { readonly paths: readonly string[] } | { readonly absent: string };

/** Ids of dockerd and containerd processes that are in the same PID namespace as this process. */
function daemonPids(procRoot: string): readonly number[] {
  let names: readonly string[];
  try {
    names = readdirSync(procRoot);
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      const comm = readText(join(procRoot, name, 'comm'));
      if ('missing' in comm || !/^(dockerd|containerd)\n$/.test(comm.text)) return false;
      const status = readText(join(procRoot, name, 'status'));
      return 'text' in status && pidNamespaceDepth(status.text) === 1;
    })
    .map(Number);
}

/**
 * The cgroups of the system's dockerd and containerd (`docker.service`, `containerd.service`), relative to the
 * hierarchies' roots. Daemons in other PID namespaces (embedded engines, Docker in Docker) are not taken for
 * them. Absent where the daemons share a cgroup with everything else: the root, or the harness's own.
 */
export function systemEngineCgroups(layout: CgroupLayout, procRoot = '/proc'): EngineCgroups {
  const controller = layout.kind === 'v2' ? '' : 'cpuacct';
  const pathOf = (pid: number | 'self'): string | null => {
    const read = readText(join(procRoot, String(pid), 'cgroup'));
    return 'text' in read ? cgroupPathOf(read.text, controller) : null;
  };
  const pids = daemonPids(procRoot);
  if (pids.length === 0) return { absent: 'no dockerd or containerd process was found on this host' };
  const paths = [...new Set(pids.map(pathOf).filter((path) => path !== null))];
  if (paths.length === 0) return { absent: 'the cgroup of dockerd could not be read' };
  const own = pathOf('self');
  for (const path of paths) {
    if (path === '/') return { absent: 'the engine runs in the root cgroup, together with the whole host' };
    if (own !== null && (own === path || own.startsWith(`${path}/`)))
      return { absent: `the engine runs in the same cgroup as this harness (${path})` };
  }
  // One inside another would be counted twice.
  const outer = paths.filter(
    (path) => !paths.some((other) => other !== path && path.startsWith(`${other}/`)),
  );
  return { paths: outer.map((path) => path.slice(1)).toSorted() };
}
