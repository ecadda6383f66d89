import {
  type EffectiveTrial,
  effectiveTrials,
  isFailure,
  wasMeasured,
} from '../../../core/analyze/values/effective-trial.ts';
import { uncountedRuntimes } from '../../../core/analyze/values/uncounted.ts';
import { external } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Value } from '../../../core/messages/message.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import { defaultLayer, parseParams } from '../../../core/model/trial/cell.ts';
import type { Figure, TrialRecord } from '../../../core/model/trial/trial.ts';
import type { Workload } from '../../../core/model/workload/workload.ts';
import { leastBlocks } from '../overhead/overhead.ts';
import type { OverheadEstimate } from '../overhead/overhead-record.ts';
import { centreOf, partWorkloads } from '../overhead/parts.ts';
import { mebibytes, percent } from '../overhead/shown.ts';
import type { Interval } from './input-record.ts';
import type { CrowdKnee, RuntimeCost } from './runtime-cost.ts';

const words = messages('capacityPlan.crowd', {
  knee: '{runtime}: {fit, plural, one {1 idle sandbox} other {{fit} idle sandboxes}} ran side by side on a host of {cpus} CPUs, then a limit was met ({cause}). No host gets more; {by, select, cpus {the number grows with its CPUs} memory {the number grows with its memory} other {it is the same for every host}}.',
  failed:
    '{runtime}: {failed} of {all} {all, plural, one {trial} other {trials}} of {test} failed, and {failed, plural, one {says} other {say}} nothing of what one more sandbox takes',
  few: '{runtime}: {test} has {n} of the {needed} blocks that show what a sandbox takes beside others; what it takes alone counts',
  memory:
    '{runtime}: beside others, an idle sandbox adds {beside} [{low}, {high}] of memory, and alone {alone}; the larger counts',
  cpu: '{runtime}: beside others, an idle sandbox uses {beside} [{low}, {high}] of a CPU, and alone {alone}; the larger counts',
});

/** Idle sandboxes of a runtime beside each other. */
export interface Crowd {
  /** Memory of one more beyond one more native container of the same block, bytes. Of the native runtime: none. */
  readonly beyondNative: OverheadEstimate | null;
  /** CPUs of one more, the engine's share included. */
  readonly cpus: OverheadEstimate | null;
  /** null where a test ended for another reason, such as its own length. */
  readonly knee: CrowdKnee | null;
  /** Trials that failed, of which nothing but the knee is above, and all trials. */
  readonly failed: number;
  readonly all: number;
  /** Blocks of an interval; an estimate of fewer replaces nothing. */
  readonly needed: number;
}

/** Causes of a knee, by the resource of the host that moves it. Causes that are no limit of a host are in none. */
const causes: readonly (readonly [by: CrowdKnee['by'], ids: readonly string[]])[] = [
  ['cpus', ['cpu', 'engine', 'starts', 'answers']],
  ['memory', ['memory', 'stalls', 'oom']],
  [null, ['threads', 'files', 'failed', 'died']],
];

/** Is this the workload's trial through Docker, as the overhead's parts are? */
const isPlain = ({ cell, duet }: TrialRecord) =>
  cell.workload === partWorkloads.knee &&
  cell.layer === defaultLayer &&
  cell.profile === 'default' &&
  cell.engine === undefined &&
  duet === undefined;

/** The crowds of a run that was to measure `density/idle`, by runtime. */
export function crowdsOf(
  run: RunRecord,
  trials: readonly TrialRecord[],
  workloads: readonly Workload[],
  { native, confidence }: { readonly native: string; readonly confidence: number },
): ReadonlyMap<string, Crowd> {
  const own = effectiveTrials(trials.filter(isPlain), workloads).filter(({ trial }) => wasMeasured(trial));
  const uncounted = uncountedRuntimes(run, trials);
  const byRuntime = Map.groupBy(own, ({ trial }) => trial.cell.runtime);
  const natives = byRuntime.get(native) ?? [];
  return new Map(
    run.runtimes.map(({ entry: { name: runtime } }) => {
      const all = byRuntime.get(runtime) ?? [];
      const known = all.filter(({ outcome }) => outcome.status === 'ok');
      const params = paramsOf(known);
      const next = (metric: string, from = known) => byBlock(from, params, metric);
      const memory = [...next('density.next_memory')].flatMap(([block, bytes]) => {
        const beside = next('density.next_memory', natives).get(block);
        return beside === undefined ? [] : [bytes - beside];
      });
      const cpus = uncounted.has(runtime) ? [] : [...next('density.next_cpu').values()];
      return [
        runtime,
        {
          beyondNative: centreOf(memory, confidence),
          cpus: centreOf(cpus, confidence),
          knee: kneeOf(all, run.host),
          failed: all.filter(({ outcome }) => isFailure(outcome.status)).length,
          all: all.length,
          needed: leastBlocks(confidence),
        },
      ];
    }),
  );
}

const sizeOf = (params: string) => Number(parseParams(params).upTo ?? 0);

/** The parameters with the most blocks, and of those the most sandboxes: one more is best known there. */
function paramsOf(trials: readonly EffectiveTrial[]): string | null {
  const sets = [...Map.groupBy(trials, ({ trial }) => trial.cell.params)];
  const [best] = sets.toSorted(([a, one], [b, other]) => other.length - one.length || sizeOf(b) - sizeOf(a));
  return best?.[0] ?? null;
}

function byBlock(
  trials: readonly EffectiveTrial[],
  params: string | null,
  metric: string,
): ReadonlyMap<number, number> {
  return new Map(
    trials.flatMap(({ trial, outcome, values }) => {
      const found = values.find((value) => value.metric === metric);
      return found === undefined || outcome.status !== 'ok' || trial.cell.params !== params
        ? []
        : [[trial.block, found.value] as const];
    }),
  );
}

/**
 * The knee by the trials that were to add the most sandboxes and say where they ended, as those do that ended too early for a
 * line: their median number, the lower of two, where those that met no limit of the host count as endless.
 */
function kneeOf(trials: readonly EffectiveTrial[], host: CrowdKnee['host']): CrowdKnee | null {
  const ended = trials.filter(({ trial: { figures } }) =>
    Object.keys(figures).some((id) => /^knee\./.test(id)),
  );
  const most = Math.max(...ended.map(({ trial }) => sizeOf(trial.cell.params)));
  const ran = Math.max(1, ...ended.flatMap(({ trial: { figures } }) => numberOf(figures['knee.end']) ?? []));
  const found = ended.flatMap((each): readonly (CrowdKnee | null)[] =>
    sizeOf(each.trial.cell.params) === most ? [kneeIn(each, host, ran)] : [],
  );
  const inOrder = found.toSorted(
    (a, b) => (a?.fit ?? Number.POSITIVE_INFINITY) - (b?.fit ?? Number.POSITIVE_INFINITY),
  );
  return inOrder[Math.floor((inOrder.length - 1) / 2)] ?? null;
}

const numberOf = (figure: Figure | undefined) =>
  figure !== undefined && 'value' in figure ? figure.value : undefined;

/** `ran`: how many ran where no limit was met; of a limit within the first step, that many are known to fit. */
function kneeIn(
  { trial: { figures }, facts }: EffectiveTrial,
  host: CrowdKnee['host'],
  ran: number,
): CrowdKnee | null {
  const said = facts.find(({ id }) => id === 'density.knee')?.value;
  for (const [by, ids] of causes)
    for (const id of ids) {
      const value = numberOf(figures[`knee.${id}`]);
      if (value === undefined || !(value >= 0)) continue;
      const cause = typeof said === 'object' ? said : external(said ?? id);
      const { cpus, memoryBytes } = host;
      return { fit: value >= 1 ? value : ran, cause, by, host: { cpus, memoryBytes } };
    }
  return null;
}

/** An estimate over enough blocks for an interval; null for fewer, which replace nothing. */
function known(estimate: OverheadEstimate | null): Interval | null {
  if (estimate === null || estimate.low === null || estimate.high === null) return null;
  return { estimate: estimate.value, low: estimate.low, high: estimate.high };
}

const plus = (a: Interval, b: Interval): Interval => ({
  estimate: a.estimate + b.estimate,
  low: a.low + b.low,
  high: a.high + b.high,
});

/** What one more takes beside others, with its interval, and alone. */
function shown(beside: Interval, alone: Interval, show: (value: number) => Value) {
  return {
    beside: show(beside.estimate),
    low: show(beside.low),
    high: show(beside.high),
    alone: show(alone.estimate),
  };
}

/** The one with the larger estimate. */
const larger = (alone: Interval, beside: Interval | null): Interval =>
  beside !== null && beside.estimate > alone.estimate ? beside : alone;

/**
 * The cost of a runtime with what its crowd shows. Of what a sandbox adds alone and beside others, the larger counts: a host must
 * bear both. `native`: the native runtime's cost, whose program is the same; null if it is not known.
 */
export function withCrowd(
  cost: RuntimeCost,
  crowd: Crowd | undefined,
  native: RuntimeCost | null,
): RuntimeCost {
  if (crowd === undefined || cost.kind === 'computed') return cost;
  const { runtime, fixedBytes, idleCpus } = cost;
  const beyond = known(crowd.beyondNative);
  const isOther = native !== null && native.runtime !== runtime;
  const memory = isOther && beyond !== null ? plus(native.fixedBytes, beyond) : null;
  const cpus = known(crowd.cpus);
  const { knee, failed, all, needed } = crowd;
  const n = Math.max(crowd.beyondNative?.blocks ?? 0, crowd.cpus?.blocks ?? 0);
  const isFew = beyond === null && cpus === null && (failed < all || all === 0);
  return {
    ...cost,
    fixedBytes: larger(fixedBytes, memory),
    idleCpus: larger(idleCpus, cpus),
    knee,
    notes: [
      ...cost.notes,
      ...(failed === 0 ? [] : [words.failed({ runtime, failed, all, test: partWorkloads.knee })]),
      ...(isFew ? [words.few({ runtime, test: partWorkloads.knee, n, needed })] : []),
      ...(knee === null
        ? []
        : [
            words.knee({
              runtime,
              fit: knee.fit,
              cpus: knee.host.cpus,
              cause: knee.cause,
              by: knee.by ?? 'none',
            }),
          ]),
      ...(memory === null ? [] : [words.memory({ runtime, ...shown(memory, fixedBytes, mebibytes) })]),
      ...(cpus === null ? [] : [words.cpu({ runtime, ...shown(cpus, idleCpus, percent) })]),
    ],
  };
}
