import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cgroupMetrics } from '../../metrics/cgroup/index.ts';
import { type CgroupV1, type V1Controller, v1Controllers } from '../../metrics/cgroup/source.ts';
import type { CgroupFiles, Figures } from '../../metrics/figure.ts';
import type { CgroupMetric } from '../../metrics/metric.ts';
import { errorCode, makeCgroup, pidsBelow, readText } from './files.ts';
import type { CgroupLayout } from './layout.ts';

/** The files that {@link figuresFromV1} parses, by the controller of their hierarchy. */
export const v1Files = Object.fromEntries(
  v1Controllers.map((controller) => [
    controller,
    [...new Set(cgroupMetrics.flatMap(({ v1 }) => (v1.controller === controller ? v1.files : [])))],
  ]),
) as Record<string, readonly string[]> as Readonly<Record<V1Controller, readonly string[]>>;

/**
 * The figures of one cgroup in the v1 hierarchies. Ids are those of v2 where the meaning is the same (see
 * `metrics/cgroup/`). Throttling and OOM kills are not added up in a parent: they are known while the container's own
 * cgroup exists. Invalid text gives an absent figure, never an exception. `metrics`: default all.
 */
export function figuresFromV1(
  files: CgroupFiles,
  context: Omit<CgroupV1, 'files'>,
  metrics: readonly CgroupMetric[] = cgroupMetrics,
): Figures {
  const cgroup = { files, ...context };
  return Object.fromEntries(metrics.map(({ id, v1 }) => [id, v1.read(cgroup)]));
}

/** v2 controllers that trials need: those with figures, and cpuset, which runtimes expect. */
const v2Controllers = ['cpu', 'cpuset', 'memory', 'io', 'pids'];

/** Directories of the cgroup `path` in every hierarchy with figures. */
export function cgroupDirs(layout: CgroupLayout, path: string): readonly string[] {
  if (layout.kind === 'v2') return layout.unified === null ? [] : [join(layout.unified, path)];
  const mounts = Object.keys(v1Files).flatMap((controller) => layout.v1[controller] ?? []);
  return [...new Set(mounts)].map((mount) => join(mount, path));
}

/** Directories of the cgroup `path` in every hierarchy: runtimes create it in more than those with figures. */
export function everyCgroupDir(layout: CgroupLayout, path: string): readonly string[] {
  return layout.mounts.map((mount) => join(mount, path));
}

/**
 * Host ids of the processes in the cgroup `path` and its descendants. Each runtime joins all v1 hierarchies; the first
 * mounted one of these is the most likely to exist.
 */
export function pidsOfCgroup(layout: CgroupLayout, path: string): readonly number[] {
  const { pids, memory, cpuacct } = layout.v1;
  const mount = layout.kind === 'v2' ? layout.unified : (pids ?? memory ?? cpuacct ?? null);
  return mount === null ? [] : pidsBelow(join(mount, path));
}

/** Enable the controllers with figures for the children of `dir`, as far as `dir` has them. */
function enableControllers(dir: string): readonly string[] {
  const available = readText(join(dir, 'cgroup.controllers'));
  const enabled = readText(join(dir, 'cgroup.subtree_control'));
  if ('missing' in available || 'missing' in enabled) return [];
  const has = new Set(available.text.trim().split(' '));
  const on = new Set(enabled.text.trim().split(' '));
  const problems: string[] = [];
  for (const controller of v2Controllers) {
    if (!has.has(controller) || on.has(controller)) continue;
    try {
      writeFileSync(join(dir, 'cgroup.subtree_control'), `+${controller}`);
    } catch (error) {
      problems.push(`${controller} could not be enabled in ${dir}: ${errorCode(error)}`);
    }
  }
  return problems;
}

/** Make a v1 memory cgroup count its children. Before Linux 5.11 this must be set, before it has children. */
function countBelow(memoryDir: string): readonly string[] {
  const file = join(memoryDir, 'memory.use_hierarchy');
  const now = readText(file);
  if ('missing' in now || now.text.trim() !== '0') return [];
  try {
    writeFileSync(file, '1');
    return [];
  } catch (error) {
    return [`${file} could not be set: ${errorCode(error)}`];
  }
}

/** Every prefix of a relative path: `a/b/c` → `a`, `a/b`, `a/b/c`. */
function steps(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, at) => parts.slice(0, at + 1).join('/'));
}

/**
 * Create the cgroup `path` in every hierarchy with figures, so that its counters start at zero and exist before the
 * engine's own. Returns the errors; empty on success. `openBelow` also enables the controllers for child cgroups (v2).
 * A cgroup with its own processes must not do that.
 */
export function makeCgroups(layout: CgroupLayout, path: string, openBelow: boolean): readonly string[] {
  const problems: string[] = [];
  const note = (problem: string | null) => {
    if (problem !== null) problems.push(problem);
  };
  if (layout.kind === 'v2' && layout.unified !== null) {
    const unified = layout.unified;
    problems.push(...enableControllers(unified));
    for (const step of steps(path)) {
      note(makeCgroup(join(unified, step)));
      if (openBelow || step !== path) problems.push(...enableControllers(join(unified, step)));
    }
    return problems;
  }
  const memory = layout.v1.memory;
  for (const dir of cgroupDirs(layout, dirname(path))) note(makeCgroup(dir));
  if (memory !== undefined)
    for (const step of steps(dirname(path))) problems.push(...countBelow(join(memory, step)));
  for (const dir of cgroupDirs(layout, path)) note(makeCgroup(dir));
  if (memory !== undefined) problems.push(...countBelow(join(memory, path)));
  return problems;
}

/** Put a process into the cgroup `path` of every hierarchy with figures. Returns the errors. */
export function joinCgroups(layout: CgroupLayout, path: string, pid: number): readonly string[] {
  return cgroupDirs(layout, path).flatMap((dir) => {
    try {
      writeFileSync(join(dir, 'cgroup.procs'), String(pid));
      return [];
    } catch (error) {
      return [`pid ${pid} could not join ${dir}: ${errorCode(error)}`];
    }
  });
}

/** Names of the direct children of `path` in any hierarchy, sorted. */
export function childCgroups(layout: CgroupLayout, path: string): readonly string[] {
  const names = new Set<string>();
  for (const dir of everyCgroupDir(layout, path)) {
    if (!existsSync(dir)) continue;
    for (const entry of readdirSync(dir, { withFileTypes: true }))
      if (entry.isDirectory()) names.add(entry.name);
  }
  return [...names].toSorted();
}
