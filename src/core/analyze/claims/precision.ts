import { isOfOneRuntime, type ResolvedConfig, type RunRecord } from '../../model/run/run.ts';
import { isOfFirstProfile } from '../../model/runtime/container-profile.ts';
import type { Cell } from '../../model/trial/cell.ts';
import type { TrialRecord } from '../../model/trial/trial.ts';
import { categorySchema, type Measurement } from '../../model/workload/metric.ts';
import type { Workload } from '../../model/workload/workload.ts';
import { analysisParts } from '../parts.ts';
import { baselineSide } from '../rows/comparison.ts';
import { underFirstProfile } from '../rows/direct-rows.ts';
import { pairedRatio } from '../rows/ratio.ts';
import {
  findSubjects,
  headlineFinder,
  inFirstEngine,
  runOf,
  runtimeOrder,
  runtimesByName,
} from '../rows/subjects.ts';
import { deriveTrial } from '../values/derive.ts';
import { judgeAttempt } from '../values/effective-trial.ts';
import { collectSamples } from '../values/samples.ts';
import { uncountedRuntimes } from '../values/uncounted.ts';
import { clearBeyond, pairsOf, type SettledReason, type Shift, settledBy, shiftOf } from './settled.ts';

/**
 * Upper limit of every target: `equivalent` needs an interval inside ±5 % (the default of `thresholds.practical`)
 * around an estimate that itself scatters.
 */
const widestTarget = 0.03;

/** Precision of the headline ratio of one runtime so far. */
export interface Precision {
  readonly cell: Cell;
  /** runtime ÷ baseline with its interval, each null where there is none; for display only, never for stopping. */
  readonly ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Half the width of the ratio's interval as a fraction of the ratio; null while there is no interval. */
  readonly halfWidth: number | null;
  /** The target half-width: the run's own, or else the workload's. */
  readonly target: number;
  readonly pairs: number;
  /** The shift of the runtime against the baseline; null while it has no interval. */
  readonly shift: Shift | null;
  /** Why it needs no more blocks once the run has its minimum; null while it needs more. */
  readonly settled: SettledReason | null;
}

/** Requirements on the intervals. */
export interface PrecisionTarget {
  readonly targetOf: (workload: Workload) => number;
  /** Difference beyond which a comparison can be clear, as a fraction; null: only the target counts. */
  readonly practical: number | null;
}

/** Requirements on the intervals by a run's own settings. */
export function wantedBy(config: Pick<ResolvedConfig, 'precision' | 'thresholds'>): PrecisionTarget {
  return {
    targetOf: (workload) => config.precision ?? Math.min(workload.precision, widestTarget),
    practical: clearBeyond(config),
  };
}

/**
 * The precision of every headline ratio, for deciding whether to go on sampling. p values are not used: stopping on
 * significance makes false claims (see docs/method.md).
 *
 * With several profiles, every runtime, the baseline included, is also compared with itself under the first. With
 * several engines, a cell is settled only when its comparison with itself in the first engine is settled too, which is the
 * only one in a run of one runtime; an arm of a design only when the effects of its options are.
 *
 * The baseline, its A/A control, unavailable runtimes and unsupported cells are left out. A cell whose trials all fail
 * stays in, with `pairs` 0 and no half-width; more blocks will not help it.
 */
export function headlinePrecision(input: {
  readonly run: RunRecord;
  readonly measurements: readonly Measurement[];
  readonly workloads: readonly Workload[];
  readonly wanted: PrecisionTarget;
}): Precision[] {
  const { run, workloads, wanted } = input;
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const headlineOf = headlineFinder(workloads);
  const cells = collectSamples(
    input.measurements.filter(({ metric, cell }) => metric === null || metric === headlineOf(cell.workload)),
  );
  const facts = runtimesByName(run);
  const { baseline: name, thresholds } = run.config;
  const everyRuntime = runtimeOrder(run, cells).filter(
    (runtime) => facts.get(runtime)?.preflight.status !== 'unavailable',
  );
  const runtimes = everyRuntime.filter((runtime) => runtime !== name);
  const confidence = 1 - thresholds.alpha;
  const subjects = findSubjects(run, headlineOf, cells);
  const usualOf = inFirstEngine(subjects, run);
  const isAlone = isOfOneRuntime(run);
  const plainOf = underFirstProfile(subjects, run);
  return subjects.flatMap((subject) => {
    const workload = byId.get(subject.identity.workload);
    const { headline } = subject;
    if (workload === undefined || headline === null) return [];
    const valuesOf = (runtime: string, where = subject) =>
      where.cells.get(runtime)?.samples.get(headline)?.byBlock ?? new Map<number, number>();
    const usual = usualOf(subject) ?? subject;
    const target = wanted.targetOf(workload);
    const own = runOf(subject, run);
    const isFirst = isOfFirstProfile(subject.identity, run);
    const plain = isFirst ? null : plainOf(subject);
    const how = { confidence, target, practical: wanted.practical };
    const others = isFirst ? analysisParts.flatMap((part) => part.settled?.(subject, run, how) ?? []) : [];
    const inFurther = isAlone && usual !== subject;
    const compared =
      isFirst && !inFurther
        ? (subject.runtimes?.filter((runtime) => runtime !== own.config.baseline) ?? runtimes)
        : everyRuntime;
    return compared
      .filter((runtime) => !Object.hasOwn(subject.unsupported, runtime))
      .map((runtime) => {
        const values = valuesOf(runtime);
        const nothing = new Map<number, number>();
        const reference = !isFirst
          ? plain?.cells.get(runtime)?.samples.get(headline)?.byBlock
          : inFurther
            ? valuesOf(runtime, usual)
            : baselineSide(subject, headline, own, runtime).values;
        const baseline = reference ?? nothing;
        const pairs = pairsOf(values, baseline);
        const settled = settledBy(pairs, how);
        const { ratio, low, high } = pairedRatio(values, baseline, confidence);
        const known = ratio !== null && low !== null && high !== null;
        return {
          cell: { runtime, ...subject.identity },
          ratio,
          low: known ? low : null,
          high: known ? high : null,
          halfWidth: known ? (high - low) / 2 / ratio : null,
          target,
          pairs: pairs.length,
          shift: shiftOf(pairs, confidence),
          settled: [
            ...(usual === subject || !isFirst || inFurther
              ? []
              : [settledBy(pairsOf(values, valuesOf(runtime, usual)), how)]),
            ...others.filter((other) => other.runtimes.includes(runtime)).map((other) => other.settled),
          ].reduce(weaker, settled),
        };
      });
  });
}

/** Combine two comparisons of one cell: it is open while one of them is. */
function weaker(one: SettledReason | null, other: SettledReason | null): SettledReason | null {
  if (one === null || other === null) return null;
  return one === 'clear' ? one : other;
}

/**
 * The precision of the headline ratios during a run. Each call gets all trials so far; each trial is derived only once.
 * A cell without a pair is left out: one that always fails never gets an interval, and other cells must not wait for
 * it.
 */
export function runningPrecision(
  run: RunRecord,
  workloads: readonly Workload[],
  wanted: PrecisionTarget,
): (trials: readonly TrialRecord[]) => readonly Precision[] {
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const measurements: Measurement[] = [];
  let derived = 0;
  return (trials) => {
    const place = { run, uncounted: uncountedRuntimes(run, trials) };
    for (const trial of trials.slice(derived)) {
      if (trial.outcome.status === 'interrupted') continue;
      const workload = byId.get(trial.cell.workload);
      const category = categorySchema.parse(workload?.category);
      measurements.push(...deriveTrial(judgeAttempt(trial, workload), category, place));
    }
    derived = trials.length;
    return headlinePrecision({ run, measurements, workloads, wanted }).filter(({ pairs }) => pairs > 0);
  };
}
