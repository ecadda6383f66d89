import { present } from '../../../core/metrics/figure.ts';
import type { Figure } from '../../../core/model/trial/trial.ts';

/** What is read at the end of each step, and its source. `step.<count>.<name>` of a trial's figures. */
const sources = {
  resident: 'smaps and pagemap of every process',
  charged: 'the charge of the trial’s cgroup',
  available: '/proc/meminfo, /proc/zoneinfo',
  cpu: 'cgroups of the trial and of the engine',
  cpuPressure: '/proc/pressure/cpu',
  memoryPressure: '/proc/pressure/memory',
  startMedian: 'CLOCK_MONOTONIC',
  startP95: 'CLOCK_MONOTONIC',
  engineStart: 'cgroups of the engine',
  answerP95: 'CLOCK_MONOTONIC of the container',
  threads: '/proc/loadavg',
  files: '/proc/sys/fs/file-nr',
} as const;

type Reading = keyof typeof sources;

/** The sandboxes that ran side by side at the end of a step. Absent where it could not be read. */
export interface Step extends Readonly<Partial<Record<Reading, number>>> {
  /** All that run. */
  readonly count: number;
  /** Memory of their processes, each page once, bytes. */
  readonly resident?: number;
  /** What their cgroup is charged with and could not give back, bytes. */
  readonly charged?: number;
  /** Fall of the host's MemAvailable since there were none, bytes. */
  readonly available?: number;
  /** CPUs that they and the engine use while nothing is started. */
  readonly cpu?: number;
  /** Share of that time in which a task of the host waited for a CPU; for `memoryPressure`, of the whole step for memory. */
  readonly cpuPressure?: number;
  /** From the create call to the first output, of those that this step started, ns. */
  readonly startMedian?: number;
  readonly startP95?: number;
  /** CPU time of the engine for each of them, ns. */
  readonly engineStart?: number;
  /** 95th percentile of the time to an answer, ns. */
  readonly answerP95?: number;
  /** Processes and threads of the host, and its open files. */
  readonly threads?: number;
  readonly files?: number;
}

const nameOf = (count: number, reading: string) => `step.${count}.${reading}`;
const namePattern = /^step\.(\d{1,5})\.([a-zA-Z0-9]+)$/;

/** The figures of a step; what could not be read has none. */
export function figuresOf({ count, ...readings }: Step): Readonly<Record<string, Figure>> {
  return Object.fromEntries(
    Object.entries(readings).flatMap(([reading, value]) =>
      value !== undefined && Number.isFinite(value)
        ? [[nameOf(count, reading), present(value, sources[reading as Reading])]]
        : [],
    ),
  );
}

/** The steps of a trial in order of their number of sandboxes. */
export function stepsIn(figures: Readonly<Record<string, Figure>>): readonly Step[] {
  const steps = new Map<number, Partial<Record<Reading, number>>>();
  for (const [id, figure] of Object.entries(figures)) {
    const [, count, reading] = namePattern.exec(id) ?? [];
    if (count === undefined || reading === undefined || !Object.hasOwn(sources, reading)) continue;
    if (!('value' in figure) || !Number.isFinite(figure.value)) continue;
    const step = steps.get(Number(count)) ?? {};
    step[reading as Reading] = figure.value;
    steps.set(Number(count), step);
  }
  return [...steps].map(([count, step]) => ({ count, ...step })).toSorted((a, b) => a.count - b.count);
}
