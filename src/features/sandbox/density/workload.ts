import { notices } from '../../../core/messages/define.ts';
import type { Evidence } from '../../../core/model/evidence.ts';
import type { Fact, MetricDefinition, ParsedValue } from '../../../core/model/metric.ts';
import { ParseError } from '../../../core/model/workload.ts';
import { causeWords } from './causes.ts';
import { kneeIn } from './knee.ts';
import { type Slope, slopeOf } from './slope.ts';
import { type Step, stepsIn } from './step.ts';

const says = notices('workload.densityKnee', {
  noKnee: 'the trial does not say why it ended',
  tooFew: 'only {steps} steps of sandboxes: {cause}',
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
      'the same of the CPU time of sandboxes and engine ÷ time: share of one CPU; absent where it is not above zero',
  },
  {
    id: 'density.fit',
    unit: 'count',
    better: 'higher',
    description: 'sandboxes that ran side by side when all objectives were met for the last time',
  },
  {
    id: 'density.fit_estimate',
    unit: 'count',
    better: 'higher',
    description:
      'an estimate, not measured: how many the memory of the host would hold above its reserve, by density.next_available where its interval is within a fifth, else by density.next_memory, which lacks kernel memory',
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
    better: 'lower',
    description: 'the same in the last step',
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
  { id: 'density.answer_last', unit: 'ns', better: 'lower', description: 'the same in the last step' },
];

type Quantity = Exclude<keyof Step, 'count'>;

/** The points of one reading over the number of sandboxes. */
function pointsOf(steps: readonly Step[], reading: Quantity): readonly (readonly [number, number])[] {
  return steps.flatMap((step) => {
    const value = step[reading];
    return value === undefined ? [] : [[step.count, value] as const];
  });
}

/** The values of a trial. ParseError where it ended before a line could be fitted. */
export function parseDensity({ figures }: Pick<Evidence, 'figures'>): readonly ParsedValue[] {
  const [steps, knee] = [stepsIn(figures), kneeIn(figures)];
  if (knee === null) throw new ParseError(says.noKnee);
  if (steps.length < leastSteps)
    throw new ParseError(says.tooFew({ steps: steps.length, cause: causeWords[knee.cause] }));
  const slope = (reading: Quantity) => slopeOf(pointsOf(steps, reading));
  const [first, last] = [steps[0], steps.at(-1)];
  const [memory, available, cpu] = [slope('resident'), slope('available'), slope('cpu')];
  const found: Readonly<Record<string, number | null | undefined>> = {
    'density.next_memory': memory?.value,
    'density.next_memory_low': memory?.low,
    'density.next_memory_high': memory?.high,
    'density.next_available': available?.value,
    'density.next_charged': slope('charged')?.value,
    'density.next_cpu': (cpu?.value ?? 0) > 0 ? cpu?.value : null,
    'density.fit': knee.fit,
    'density.fit_estimate': estimate(last, isClear(available) ? available : memory, figures['room.memory']),
    'density.start_first': first?.startMedian,
    'density.start_last': last?.startMedian,
    'density.answer_first': first?.answerP95,
    'density.answer_last': last?.answerP95,
  };
  return [...densityMetrics, ...answerMetrics].flatMap(({ id, unit, better }) => {
    const value = found[id];
    return value == null ? [] : [{ metric: id, unit, better, value }];
  });
}

/** Is the interval of a slope within a fifth of it? Other work on the host changes MemAvailable too. */
function isClear(slope: Slope | null): slope is Slope {
  return slope !== null && slope.low !== null && slope.value - slope.low < slope.value / 5;
}

/** How many would run at the end of the host's memory, if each further one took as much. */
function estimate(
  last: Step | undefined,
  each: Slope | null,
  room: Evidence['figures'][string] | undefined,
): number | null {
  if (last === undefined || each === null || !(each.value > 0) || room === undefined || 'absent' in room)
    return null;
  return Math.max(0, Math.floor(last.count + room.value / each.value));
}

/** Why the trial ended, and the words of the engine where a start failed. */
export function densityFacts({ figures }: Pick<Evidence, 'figures'>): readonly Fact[] {
  const knee = kneeIn(figures);
  const failure = figures['broken.failure'];
  return [
    ...(knee === null ? [] : [{ id: 'density.knee', value: causeWords[knee.cause] }]),
    ...(failure !== undefined && 'absent' in failure
      ? [{ id: 'density.failure', value: failure.absent }]
      : []),
  ];
}

/** Sandboxes of a step: eight steps, of few sandboxes four. */
export function stepSize(upTo: number): number {
  return Math.ceil(upTo / (upTo > 32 ? 8 : 4));
}
