import { quantile } from 'simple-statistics';
import { erlangC } from '../../../core/analyze/stats/erlang-c.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import type { RuntimeFacts } from '../../../core/model/runtime.ts';
import { saidAs } from '../../../core/model/said.ts';
import type { SizeOverhead } from '../overhead/overhead-record.ts';
import { confidenceShown } from '../overhead/shown.ts';
import type { Recording } from '../recording/recording.ts';
import { type Application, isOfSameWork } from './applications.ts';
import { attributionOf, type Costs } from './attribution.ts';
import { addedToStart, type CostTable, costTable } from './costs.ts';
import { candidates, type Demand } from './features.ts';
import { applicationsNeeded, jackknifeInterval, scoreOf } from './interval.ts';
import {
  type ApplicationSample,
  errorsByApplication,
  Learner,
  type LeaveOneOutResult,
  type Model,
  predictedNs,
} from './learn.ts';
import type { MeasuredCell } from './measured.ts';
import {
  type BoundedValue,
  type CpuPrediction,
  type MemoryPrediction,
  type Prediction,
  type PredictionErrors,
  predictionVersion,
  type RuntimePrediction,
  type WallPrediction,
} from './prediction.ts';
import { callRate, rangeOf } from './range.ts';

/** Time in the system ÷ service time (M/M/c), at a utilisation below 1. */
export function stretch(cpus: number, utilisation: number): number {
  return 1 + erlangC(cpus, cpus * utilisation) / (cpus * (1 - utilisation));
}

/**
 * Response time of the same load if each request takes `ratio` times the CPU time: the service takes longer, and so does the
 * wait for a CPU. At a utilisation of 1 or more the queue grows without end: then there is no ratio, or no upper end.
 */
export function wallOf(
  ratio: BoundedValue,
  { utilisation, cpus }: Pick<WallPrediction, 'utilisation' | 'cpus'>,
): WallPrediction {
  const native = stretch(cpus, utilisation);
  const of = (factor: number | null) =>
    factor === null || factor * utilisation >= 1
      ? null
      : (factor * stretch(cpus, factor * utilisation)) / native;
  const value = of(ratio.value);
  return {
    utilisation,
    cpus,
    subjectUtilisation: ratio.value * utilisation,
    ratio: value === null ? null : { value, low: of(ratio.low), high: of(ratio.high) },
  };
}

/** Memory of a container whose program uses `nativeBytes`: plus the sandbox's fixed and proportional parts. */
function memoryOf(nativeBytes: number, { total }: SizeOverhead): MemoryPrediction {
  const { fixedBytes, share } = total;
  const end = (fixed: number | null, part: number | null) =>
    fixed === null || part === null ? null : nativeBytes * (1 + part) + fixed;
  return {
    nativeBytes,
    total: {
      value: nativeBytes * (1 + share.value) + fixedBytes.value,
      low: end(fixedBytes.low, share.low),
      high: end(fixedBytes.high, share.high),
    },
  };
}

const text = notices('predict', {
  tooFewToLearn:
    'only {n} {n, plural, one {application was} other {applications were}} measured under it and recorded; a model needs {needed}',
  tooFew:
    '{n} {n, plural, one {application is} other {applications are}} too few for an interval at {confidence}: it takes {needed}',
  emulatedGuest:
    'the processor of its guests was emulated ({by}), so its times and memory say nothing about guests under KVM. Measure where /dev/kvm works:  @(sudo capacity measure)',
  noMemoryHere: 'the run did not measure the memory that a sandbox adds:  @(sudo capacity measure)',
  noMemoryRecorded: 'the recording has no memory',
  noStart: 'no block of the run has starts under both runtimes:  @(sudo capacity measure)',
});

/** Minimum number of applications for a model: nested cross-validation needs two to learn and two to check. */
export const leastApplications = 4;

/** Input of a prediction. */
export interface PredictionInput {
  readonly run: RunRecord;
  /** The runtime of the recording, or one with the same kernel. */
  readonly native: string;
  readonly cells: readonly MeasuredCell[];
  readonly applications: readonly Application[];
  readonly recording: Recording;
  readonly name: string;
  readonly demand: Demand;
  readonly runtimes: readonly string[];
  readonly confidence: number;
  /** Native utilisation at which to predict wall time; null: no wall time. */
  readonly utilisation: number | null;
  readonly cpus: number;
  /** Runtimes whose guests were emulated, and the emulator: nothing is predicted of them. */
  readonly emulated: ReadonlyMap<string, string>;
  /** Runtime → memory overhead; only runtimes whose memory the run measured. */
  readonly memory: ReadonlyMap<string, SizeOverhead>;
}

/** Predicts the cost of the service under each of the runtimes. */
export function predictionOf(input: PredictionInput): Prediction {
  const { run, native, applications, recording, name, demand, runtimes, confidence } = input;
  const { runId, startedAt, harnessVersion } = run;
  const facts = run.runtimes.filter(({ entry }) => runtimes.includes(entry.name));
  return {
    predictionVersion,
    confidence,
    native,
    run: { runId, startedAt, harnessVersion },
    host: run.host,
    recording: {
      recordingId: recording.recordingId,
      name,
      startedAt: recording.startedAt,
      per: demand.per,
      host: recording.host,
      concurrency: demand.concurrency,
      callRate: callRate(demand),
    },
    learnt: applications
      .filter(isOfSameWork)
      .map(({ workload, params, source }) => ({ workload, params, source })),
    unlearnt: applications
      .filter((each) => !isOfSameWork(each))
      .map(({ workload, params, source, nativeNs, recordedNs }) => {
        return { workload, params, source, nativeNs, recordedNs };
      }),
    runtimes: facts.map((each) => runtimePrediction(each, input)),
  };
}

/** The applications measured under a runtime whose recording is of the work that was measured, as samples for a model. */
export function samplesUnder(
  runtime: string,
  applications: readonly Application[],
): readonly ApplicationSample[] {
  return applications.filter(isOfSameWork).flatMap(({ workload, params, demand, nativeNs, subjectNs }) => {
    const ns = subjectNs.get(runtime);
    const { features } = demand;
    return ns === undefined ? [] : [{ application: workload, params, features, nativeNs, subjectNs: ns }];
  });
}

/** Costs and model of a runtime, and the leave-one-out predictions. */
interface RuntimeModel {
  readonly table: CostTable;
  readonly model: Model | null;
  readonly left: readonly LeaveOneOutResult[];
  readonly applications: number;
}

/** Learns the costs of a runtime from a run's cells and applications. */
export function learned(
  cells: readonly MeasuredCell[],
  applications: readonly Application[],
  {
    runtime,
    native,
    confidence,
  }: Pick<PredictionInput, 'native' | 'confidence'> & { readonly runtime: string },
): RuntimeModel {
  const table = costTable(cells, { runtime, native, confidence });
  const learner = new Learner(samplesUnder(runtime, applications), pricesOf(table), candidates);
  const count = learner.applications.length;
  if (count < leastApplications) return { table, model: null, left: [], applications: count };
  return { table, model: learner.learn(), left: learner.leaveOneOut(), applications: count };
}

/** Costs by a run's own cells, without their intervals. */
export function pricesOf(table: CostTable): Costs {
  return Object.fromEntries([...table].map(([id, { ns }]) => [id, ns.value]));
}

/** What is known of a runtime of which nothing is learnt. */
const nothingLearnt: RuntimeModel = { table: new Map(), model: null, left: [], applications: 0 };

function checkedOf({ left, applications }: RuntimeModel, confidence: number): PredictionErrors {
  const errors = errorsByApplication(left, (at) => left[at]?.predictedNs ?? Number.NaN);
  const at = (share: number) => (errors.length === 0 ? null : quantile(errors, share));
  return {
    applications,
    needed: applicationsNeeded(confidence),
    medianError: at(0.5),
    p90Error: at(0.9),
  };
}

function cpuOf(model: Model, left: readonly LeaveOneOutResult[], demand: Demand, confidence: number) {
  const { features, cpuNs } = demand;
  const ns = predictedNs(model.costs, features, cpuNs);
  const scores = left.map((each) => scoreOf(each, demand));
  const interval = jackknifeInterval(scores, confidence);
  return {
    nativeNs: cpuNs,
    ns,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    ratio: ns / cpuNs,
  } satisfies CpuPrediction;
}

function runtimePrediction(facts: RuntimeFacts, input: PredictionInput): RuntimePrediction {
  const { native, cells, applications, name, demand, confidence, utilisation, cpus } = input;
  const runtime = facts.entry.name;
  const emulator = input.emulated.get(runtime);
  const refused = emulator === undefined ? null : text.emulatedGuest({ by: emulator });
  const pair = { runtime, native, confidence };
  const learnt = refused === null ? learned(cells, applications, pair) : nothingLearnt;
  const { table, model, left } = learnt;
  const known = applications.filter((each) => each.subjectNs.has(runtime) && isOfSameWork(each));
  const { refusals, beyond } =
    model === null
      ? { refusals: [], beyond: [] }
      : rangeOf(
          demand,
          known.map((each) => each.demand),
          pricesOf(table),
        );
  const usable = model !== null && refusals.length === 0 ? model : null;
  const cpu = usable === null ? null : cpuOf(usable, left, demand, confidence);
  const checked = checkedOf(learnt, confidence);
  const wall =
    cpu === null || utilisation === null
      ? null
      : wallOf(
          {
            value: cpu.ratio,
            low: cpu.low === null ? null : cpu.low / cpu.nativeNs,
            high: cpu.high === null ? null : cpu.high / cpu.nativeNs,
          },
          { utilisation, cpus },
        );
  const size = refused === null ? input.memory.get(runtime) : undefined;
  const held = heldBytes(input.recording);
  const memory = size === undefined || held === null ? null : memoryOf(held, size);
  const started = (metric: Parameters<typeof addedToStart>[1]) =>
    refused === null ? addedToStart(cells, metric, pair) : null;
  const start = started('total.cpu');
  const { preflight } = facts;
  const whyNot = preflight.status === 'unavailable' ? recalled(preflight, 'reason') : refused;
  const { applications: n, needed } = checked;
  const absences: readonly (readonly [RuntimePrediction['absent'][number]['part'], Message])[] = [
    ...(model === null
      ? [['cpu', whyNot ?? text.tooFewToLearn({ n, needed: leastApplications })] as const]
      : []),
    ...(cpu !== null && cpu.low === null
      ? [['interval', text.tooFew({ n, needed, confidence: confidenceShown(confidence) })] as const]
      : []),
    ...(memory === null
      ? [['memory', held === null ? text.noMemoryRecorded : (whyNot ?? text.noMemoryHere)] as const]
      : []),
    ...(start === null ? [['start', whyNot ?? text.noStart] as const] : []),
  ];
  return {
    runtime,
    family: facts.family,
    version: facts.version,
    platform: facts.platform,
    cpu,
    checked,
    memory,
    wall,
    refusals,
    beyond,
    costs: costsOf(table, usable),
    startCpuNs: start,
    startNs: started('startup.to_output'),
    absent: absences.map(([part, reason]) => ({ part, ...saidAs('reason', reason) })),
    attribution:
      usable === null
        ? null
        : attributionOf({
            runtime,
            subject: name,
            per: demand.per,
            nativeNs: demand.cpuNs,
            features: demand.features,
            costs: usable.costs,
            measuredNs: null,
          }),
  };
}

function costsOf(table: CostTable, model: Model | null): RuntimePrediction['costs'] {
  return [...table.values()].map((cost) => {
    const learnt = model?.costs[cost.feature];
    return { ...cost, learntNs: learnt ?? (model === null ? null : 0) };
  });
}

/** Highest memory of a recording, bytes; null if it was not read. */
function heldBytes({ figures }: Recording): number | null {
  const found = figures['memory.current'];
  return found !== undefined && 'value' in found ? found.value : null;
}
