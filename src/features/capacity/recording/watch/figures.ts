import { join } from 'node:path';
import { readText } from '../../../../core/collect/cgroup/files.ts';
import type { CgroupLayout } from '../../../../core/collect/cgroup/layout.ts';
import { readCgroup } from '../../../../core/collect/cgroup/read.ts';
import { dividedCpu, type SampledCpu, sampledCpuFiles } from '../../../../core/metrics/cgroup/cpu.ts';
import { cgroupMetrics } from '../../../../core/metrics/cgroup/index.ts';
import { keyedValue, parseCount } from '../../../../core/metrics/cgroup/source.ts';
import { type Figures, figureDelta, present } from '../../../../core/metrics/figure.ts';
import type { Figure } from '../../../../core/model/trial.ts';
import type { TracerCounts } from '../tracer.ts';

/** Figure → key of memory.stat: faults of a cgroup and all below it since its creation. */
const faultKeys = { 'faults.all': 'pgfault', 'faults.major': 'pgmajfault' } as const;

/** Gauges: current or peak values, not counters. */
const gauges: ReadonlySet<string> = new Set(
  cgroupMetrics.flatMap(({ id, gauge }) => (gauge === true || id.endsWith('.peak') ? [id] : [])),
);

/** The current figures of a cgroup, with page faults. v1 has separate names for the sums that include the cgroups below. */
export function readFigures(layout: CgroupLayout, path: string): Figures {
  const isV2 = layout.kind === 'v2';
  const mount = isV2 ? layout.unified : (layout.v1.memory ?? null);
  const files = { 'memory.stat': readText(join(mount ?? '/nonexistent', path, 'memory.stat')) };
  const faults = Object.entries(faultKeys).map(
    ([id, key]) => [id, keyedValue(files, 'memory.stat', isV2 ? key : `total_${key}`)] as const,
  );
  return { ...readCgroup(layout, path).figures, ...Object.fromEntries(faults) };
}

/** The current CPU counters of v1; null on v2, or if they cannot be read. */
export function readSampledCpu(layout: CgroupLayout, path: string): SampledCpu | null {
  const mount = layout.kind === 'v2' ? undefined : layout.v1.cpuacct;
  if (mount === undefined) return null;
  const [usage, user, system] = [sampledCpuFiles.usage, sampledCpuFiles.user, sampledCpuFiles.system].map(
    (file) => {
      const read = readText(join(mount, path, file));
      return 'text' in read ? parseCount(read.text.trim()) : null;
    },
  );
  if (usage == null || user == null || system == null) return null;
  return { usage, user, system };
}

/**
 * Minimum sampled time of a window for dividing it, ns. Smaller than the minimum of a trial: these parts are not compared, they
 * only show roughly how much of a program's time is its own.
 */
const minimumWindowNs = 1e7;

/**
 * User and system time of the window, divided by the window's own ticks: a new cgroup has too few earlier ticks to divide each
 * reading. Empty on v2, where the kernel divides the time itself.
 */
export function dividedWindow(before: SampledCpu | null, after: SampledCpu | null): Figures {
  if (before === null || after === null) return {};
  const window = {
    usage: after.usage - before.usage,
    user: after.user - before.user,
    system: after.system - before.system,
  };
  const { user, system } = dividedCpu(window, minimumWindowNs);
  return { 'cpu.user': user, 'cpu.system': system };
}

const memoryOf = (figures: Figures) => {
  const memory = figures['memory.current'];
  return memory !== undefined && 'value' in memory ? memory.value : -1;
};

/** The reading with more memory. */
export function higher(a: Figures, b: Figures): Figures {
  return memoryOf(b) > memoryOf(a) ? b : a;
}

/**
 * Figures of the window: counters as differences, gauges from the reading with the highest memory. Peaks are left out, since
 * they cover the cgroup's whole life.
 */
export function windowFigures(before: Figures, after: Figures, highest: Figures): Figures {
  const figures: Record<string, Figure> = {};
  for (const [id, end] of Object.entries(after)) {
    if (id.endsWith('.peak')) continue;
    const begin = before[id];
    if (gauges.has(id)) figures[id] = highest[id] ?? end;
    else if (begin !== undefined) figures[id] = figureDelta(begin, end);
  }
  return figures;
}

/** The tracer's counts other than calls, as figures; counts that it lacks are left out. */
export function tracedFigures({
  switches,
  tasks,
  faults,
}: Pick<TracerCounts, 'switches' | 'tasks' | 'faults'>): Figures {
  const counted: Record<string, number | null | undefined> = {
    'faults.all': faults,
    'tasks.execs': tasks.execs,
    ...(tasks.forks === null
      ? {}
      : 'total' in tasks.forks
        ? { 'tasks.forks': tasks.forks.total }
        : {
            'tasks.forks': tasks.forks.processes + tasks.forks.threads,
            'tasks.processes': tasks.forks.processes,
            'tasks.vforks': tasks.forks.vforks,
            'tasks.threads': tasks.forks.threads,
          }),
    ...(switches === null
      ? {}
      : 'total' in switches
        ? { 'switches.all': switches.total }
        : {
            'switches.all': switches.voluntary + switches.involuntary,
            'switches.voluntary': switches.voluntary,
            'switches.involuntary': switches.involuntary,
          }),
  };
  return Object.fromEntries(
    Object.entries(counted).flatMap(([id, value]) =>
      value === null || value === undefined ? [] : [[id, present(value, 'tracepoint')]],
    ),
  );
}
