import type { Cell } from '../model/cell.ts';
import type { Measurement } from '../model/metric.ts';
import type { RunRecord } from '../model/run.ts';
import type { Workload } from '../model/workload.ts';
import { baselineSide } from './comparison.ts';
import { headlineFinder } from './headlines.ts';
import { pairedRatio } from './ratio.ts';
import { collectSamples } from './samples.ts';
import { findSubjects, runtimeOrder, runtimesByName } from './subjects.ts';

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
}

/**
 * The precision of every headline ratio, for deciding whether to go on sampling. Only the width of intervals counts,
 * never their position: stopping on significance makes false claims (see docs/method.md).
 *
 * The baseline, its A/A control, unavailable runtimes and unsupported cells are left out. A cell whose trials all fail
 * stays in, with `pairs` 0 and no half-width; more blocks will not help it.
 */
export function headlinePrecision(input: {
  readonly run: RunRecord;
  readonly measurements: readonly Measurement[];
  readonly workloads: readonly Workload[];
}): Precision[] {
  const { run, workloads } = input;
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const headlineOf = headlineFinder(workloads, input.measurements);
  const cells = collectSamples(
    input.measurements.filter(({ metric, cell }) => metric === null || metric === headlineOf(cell.workload)),
  );
  const facts = runtimesByName(run);
  const runtimes = runtimeOrder(run, cells).filter(
    (runtime) => runtime !== run.config.baseline && facts.get(runtime)?.preflight.status !== 'unavailable',
  );
  const confidence = 1 - run.config.thresholds.alpha;
  return findSubjects(run, headlineOf, cells).flatMap((subject) => {
    const workload = byId.get(subject.identity.workload);
    const { headline } = subject;
    if (workload === undefined || headline === null) return [];
    const valuesOf = (runtime: string) =>
      subject.cells.get(runtime)?.samples.get(headline)?.byBlock ?? new Map<number, number>();
    const baseline = baselineSide(subject, headline, run).values ?? new Map<number, number>();
    return runtimes
      .filter((runtime) => subject.unsupported[runtime] === undefined)
      .map((runtime) => {
        const { pairs, ratio, low, high } = pairedRatio(valuesOf(runtime), baseline, confidence);
        const known = ratio !== null && low !== null && high !== null;
        return {
          cell: { runtime, ...subject.identity },
          ratio,
          low: known ? low : null,
          high: known ? high : null,
          halfWidth: known ? (high - low) / 2 / ratio : null,
          target: run.config.precision ?? workload.precision,
          pairs,
        };
      });
  });
}
