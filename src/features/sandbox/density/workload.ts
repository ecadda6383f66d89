import { messages, notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Evidence } from '../../../core/model/trial/evidence.ts';
import { ParseError } from '../../../core/model/trial/parser-output.ts';
import type { Fact, MetricDefinition, ParsedValue } from '../../../core/model/workload/metric.ts';
import type { Workload } from '../../../core/model/workload/workload.ts';
import { causeWords } from './causes.ts';
import { kneeIn, objectives } from './knee.ts';
import { type Slope, slopeOf } from './slope.ts';
import { type Step, stepsIn } from './step.ts';

const says = notices('workload.densityKnee', {
  noKnee: 'the trial does not say why it ended',
  tooFew:
    '{steps, plural, one {only one step} other {only {steps} steps}} of sandboxes, and a line needs {least}: {cause}',
});

export const estimateLimits = ['memory', 'cpu', 'threads'] as const;
export type EstimateLimit = (typeof estimateLimits)[number];

/** What limits the estimate of how many a host would hold, as a fact. */
export const limitWords: Readonly<Record<EstimateLimit, Message>> = messages('density.limit', {
  memory: 'memory, less the reserve',
  cpu: 'CPU: half of it in use at rest',
  threads: 'threads: nine tenths of the limit',
});

/** Minimum number of steps: a line through fewer has no slope. */
const leastSteps = 2;

/** The metrics of sandboxes at rest; those with a load also measure answers. */
export const densityMetrics: readonly MetricDefinition[] = [
  {
    id: 'density.next_memory',
    unit: 'bytes',
    better: 'lower',
    description:
      'memory of one more sandbox: slope over the steps of the memory of all processes, shims included, each page once and in full',
  },
  {
    id: 'density.next_memory_low',
    unit: 'bytes',
    better: 'neither',
    description: 'lower end of its 95 % interval within one trial',
  },
  {
    id: 'density.next_memory_high',
    unit: 'bytes',
    better: 'neither',
    description: 'upper end of its 95 % interval within one trial',
  },
  {
    id: 'density.next_available',
    unit: 'bytes',
    better: 'lower',
    description:
      'the same of the fall of MemAvailable (/proc/meminfo) and of free pages per CPU (/proc/zoneinfo): with page tables and kernel memory',
  },
  {
    id: 'density.next_charged',
    unit: 'bytes',
    better: 'lower',
    description: 'the same of the charge of the trial’s cgroup that could not be reclaimed; no shims',
  },
  {
    id: 'density.next_cpu',
    unit: 'ratio',
    better: 'lower',
    description:
      'the same of the CPU time of sandboxes and engine ÷ time: share of one CPU; noise may make it negative, and it is then compared by difference',
  },
  {
    id: 'density.fit',
    unit: 'count',
    better: 'neither',
    description:
      'sandboxes that ran side by side when all objectives were met for the last time: the true number is in the step that follows, or beyond the end of the test',
  },
  {
    id: 'density.missed',
    unit: 'count',
    better: 'neither',
    description: 'sandboxes that were started when one was missed; absent where adding ended before that',
  },
  {
    id: 'density.fit_estimate',
    unit: 'count',
    better: 'neither',
    description:
      'an estimate, not measured: how many would run until memory (by density.next_memory, which lacks kernel memory) or threads are at their reserve or, by density.next_cpu, half of the CPUs are in use',
  },
  {
    id: 'density.start_first',
    unit: 'ns',
    better: 'lower',
    description: 'median time from the create call to the first output in the first step, four at a time',
  },
  {
    id: 'density.start_last',
    unit: 'ns',
    better: 'neither',
    description: 'the same in the last step, which has more sandboxes under one runtime than under another',
  },
];

/** Times to answers, of sandboxes with a load. */
export const answerMetrics: readonly MetricDefinition[] = [
  {
    id: 'density.answer_first',
    unit: 'ns',
    better: 'lower',
    description:
      '95th percentile in the first step: from the instant at which a request was due to its answer',
  },
  {
    id: 'density.answer_last',
    unit: 'ns',
    better: 'neither',
    description:
      'the same in the last step, which has more sandboxes under one runtime than under another; absent where too many answers did not come',
  },
];

type Quantity = Exclude<keyof Step, 'count'>;

/** The points of one reading over the number of sandboxes. */
function pointsOf(steps: readonly Step[], reading: Quantity): readonly (readonly [number, number])[] {
  return steps.flatMap((step) => {
    const value = step[reading];
    return value === undefined ? [] : [[step.count, value] as const];
  });
}

/** The values of a trial. ParseError where it ended before a line could be fitted, which tells how many fit all the same. */
export function parseDensity({ figures }: Pick<Evidence, 'figures'>): readonly ParsedValue[] {
  const [steps, knee] = [stepsIn(figures), kneeIn(figures)];
  if (knee === null) throw new ParseError(says.noKnee);
  const ended = { 'density.fit': knee.fit, 'density.missed': knee.missed };
  if (steps.length < leastSteps)
    throw new ParseError(
      says.tooFew({ steps: steps.length, least: leastSteps, cause: causeWords[knee.cause] }),
      { values: valuesOf(ended), facts: densityFacts({ figures }) },
    );
  const slope = (reading: Quantity) => slopeOf(pointsOf(steps, reading));
  const [first, last] = [steps[0], steps.at(-1)];
  const memory = slope('resident');
  return valuesOf({
    ...ended,
    'density.next_memory': memory?.value,
    'density.next_memory_low': memory?.low,
    'density.next_memory_high': memory?.high,
    'density.next_available': slope('available')?.value,
    'density.next_charged': slope('charged')?.value,
    'density.next_cpu': slope('cpu')?.value,
    'density.fit_estimate': estimate(steps, figures)?.count,
    'density.start_first': first?.startMedian,
    'density.start_last': last?.startMedian,
    'density.answer_first': first?.answerP95,
    'density.answer_last': last?.answerP95,
  });
}

/** Those that are known, in the order of the metrics. */
function valuesOf(found: Readonly<Record<string, number | null | undefined>>): readonly ParsedValue[] {
  return [...densityMetrics, ...answerMetrics].flatMap(({ id, unit, better }) => {
    const value = found[id];
    return value == null ? [] : [{ metric: id, unit, better, value }];
  });
}

function isAboveZero(slope: Slope | null): slope is Slope {
  return slope !== null && slope.value > 0;
}

/** How many would run until the host is used up, if each further one took as much; null without a line of memory. */
function estimate(
  steps: readonly Step[],
  figures: Evidence['figures'],
): { readonly count: number; readonly limit: EstimateLimit } | null {
  const last = steps.at(-1);
  const room = (id: string) => {
    const figure = figures[`room.${id}`];
    return figure !== undefined && 'value' in figure ? figure.value : Number.POSITIVE_INFINITY;
  };
  const slope = (reading: Quantity) => slopeOf(pointsOf(steps, reading));
  const [memory, cpu, threads] = [slope('resident'), slope('cpu'), slope('threads')];
  if (last === undefined || !isAboveZero(memory)) return null;
  const more = (limit: EstimateLimit, left: number, each: number) => ({
    limit,
    count: last.count + Math.floor(Math.max(0, left) / each),
  });
  const [lowest] = [
    more('memory', room('memory'), memory.value),
    ...(isAboveZero(cpu) ? [more('cpu', objectives.ownCpu * room('cpus') - (last.cpu ?? 0), cpu.value)] : []),
    ...(isAboveZero(threads) ? [more('threads', room('threads'), threads.value)] : []),
  ].toSorted((a, b) => a.count - b.count);
  return lowest !== undefined && Number.isFinite(lowest.count) ? lowest : null;
}

/** Why the trial ended, what limits the estimate, and the words of the engine where a start failed. */
export function densityFacts({ figures }: Pick<Evidence, 'figures'>): readonly Fact[] {
  const knee = kneeIn(figures);
  const failure = figures['broken.failure'];
  const limit = estimate(stepsIn(figures), figures)?.limit;
  return [
    ...(knee === null ? [] : [{ id: 'density.knee', value: causeWords[knee.cause] }]),
    ...(limit === undefined ? [] : [{ id: 'density.limit', value: limitWords[limit] }]),
    ...(failure !== undefined && 'absent' in failure
      ? [{ id: 'density.failure', value: failure.absent }]
      : []),
  ];
}

/** Up to so many sandboxes a trial is short: a comparison can have the blocks of a verdict. */
const few = 32;
/** Sandboxes that are started at the same time. */
export const atOnce = 4;

/** Sandboxes of the first step: an eighth, at most 32; of few, as many as start at the same time, in two to four steps. */
export function stepSize(upTo: number): number {
  return upTo > few
    ? Math.min(32, Math.ceil(upTo / 8))
    : Math.max(Math.min(atOnce, Math.ceil(upTo / 2)), Math.ceil(upTo / 4));
}

/** Sandboxes after one more step, which adds a quarter where that is more: the knee is known to about as much. */
export function nextCount(already: number, step: number, upTo: number): number {
  const quarter = atOnce * Math.floor(already / (4 * atOnce));
  return Math.min(upTo, already + Math.max(step, quarter));
}

/** Measured blocks: a trial that goes to the knee takes a minute or more, and what it finds is described. */
export const mostBlocks: NonNullable<Workload['maxBlocks']> = ({ upTo }) => (Number(upTo) > few ? 2 : 12);
