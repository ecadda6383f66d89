import { summarise } from '../../src/core/analyze/analyze.ts';
import type { SettledReason } from '../../src/core/analyze/claims/settled.ts';
import { headlineFinder } from '../../src/core/analyze/rows/subjects.ts';
import { collectSamples } from '../../src/core/analyze/values/samples.ts';
import type { CategoryEstimate, SummaryRow, Verdict } from '../../src/core/model/analysis/analysis.ts';
import type { Extension, RunRecord } from '../../src/core/model/run/run.ts';
import { cellKey, isBaselineArm } from '../../src/core/model/trial/cell.ts';
import { isQuantityOf, type Measurement, unitSchema } from '../../src/core/model/workload/metric.ts';
import { lineWorkload, runRecord, runSubject, runtimeFacts } from '../../test/support/records.ts';
import { practical } from './policy.ts';
import { baseline, type Shape } from './shape.ts';
import { inDuets, type WholeRun } from './whole-run.ts';

/** One comparison of a run that has ended, with what is true. */
export interface Judged {
  /** Of its cell. */
  readonly key: string;
  readonly runtime: string;
  readonly category: string;
  /** Logarithm of the true ratio. */
  readonly truth: number;
  readonly verdict: Verdict;
  readonly family: string;
  /** Logarithm of the ratio; 0 without one. */
  readonly estimate: number;
  /** Does the 95 % interval hold the truth? null without one. */
  readonly covered: boolean | null;
  readonly pairs: number;
  readonly why: SettledReason | 'time' | 'max';
}

export interface Conclusion {
  readonly comparisons: readonly Judged[];
  readonly categories: readonly CategoryEstimate[];
}

/** Conclude a simulated run as `analyze` does, without the doubts that it only tells. Every value is a duration. */
export function conclude(run: WholeRun, extensions: readonly Extension[] = []): Conclusion {
  const record = recordOf(run.shape, extensions);
  const ids = new Set(run.shape.subjects.map(({ workload }) => workload));
  const workloads = [...ids].map((id) => lineWorkload(id));
  const measurements = measurementsOf(run);
  const headlineOf = headlineFinder(workloads);
  const compared = { cells: collectSamples(measurements), groups: new Map(), headlineOf };
  const { rows, ...settled } = summarise({ run: record, workloads, measurements }, compared);
  const categories = settled.categories.map(({ estimate }) => estimate);
  const byKey = new Map(rows.map((row) => [cellKey(row), row]));
  const comparisons = run.cells.flatMap(({ cell, arm, subject }) => {
    const row = byKey.get(cellKey(cell));
    if (row === undefined || arm.runtime === baseline || isBaselineArm(arm.runtime, baseline)) return [];
    const why: Judged['why'] = run.settled.get(cellKey(cell)) ?? (run.reason === 'max-time' ? 'time' : 'max');
    const { verdict, family = '', pairs } = row;
    const [{ runtime, truth }, { category }] = [arm, subject];
    const estimate = Math.log(row.ratio ?? 1);
    const known = { key: cellKey(cell), runtime, category, truth };
    return [{ ...known, verdict, family, pairs, why, estimate, covered: covers(row, truth) }];
  });
  return { comparisons, categories };
}

function covers({ ratioCiLow: low, ratioCiHigh: high }: SummaryRow, truth: number): boolean | null {
  if (low === null || high === null) return null;
  return Math.log(low) <= truth && truth <= Math.log(high);
}

function recordOf(shape: Shape, extensions: readonly Extension[]): RunRecord {
  const runtimes = new Set(
    shape.subjects.flatMap(({ arms }) =>
      arms.flatMap(({ runtime }) => (isBaselineArm(runtime, baseline) ? [] : [runtime])),
    ),
  );
  return runRecord({
    runtimes: [...runtimes].map((name) => runtimeFacts(name)),
    subjects: shape.subjects.map(({ workload, params, category }) =>
      runSubject(workload, { params, category }),
    ),
    config: { baseline, ...(inDuets(shape) ? { duet: true } : {}) },
    ...(extensions.length === 0 ? {} : { extensions: [...extensions] }),
  });
}

/** A unit of the quantity that a category is about. */
const unitOf = (category: Measurement['category']) =>
  unitSchema.options.find((unit) => isQuantityOf(unit, category)) ?? 'ns/op';

function measurementsOf({ cells }: WholeRun): Measurement[] {
  return cells.flatMap(({ cell, subject: { category }, values }) =>
    [...values].map(
      ([block, value]): Measurement => ({
        runId: 'simulated',
        trialId: `${block}|${cellKey(cell)}`,
        block,
        position: 0,
        phase: 'measure',
        cell,
        category,
        metric: 'call.cost',
        unit: unitOf(category),
        better: 'lower',
        value,
        outcome: 'ok',
      }),
    ),
  );
}

/** The right verdict: `equivalent` within the practical band, else the direction. */
export function isRight({ truth, verdict }: Judged): boolean {
  if (Math.abs(truth) < Math.log1p(practical)) return verdict === 'equivalent';
  return isClaim(verdict) && !isFalse({ truth, verdict });
}

export function isClaim(verdict: Verdict): boolean {
  return verdict !== 'equivalent' && verdict !== 'inconclusive' && verdict !== 'unavailable';
}

/** A claim of a difference that is none, or lies in the other direction. */
export function isFalse({ truth, verdict }: Pick<Judged, 'truth' | 'verdict'>): boolean {
  if (!isClaim(verdict)) return false;
  const above = verdict === 'slower' || verdict === 'more';
  return truth === 0 || above !== truth > 0;
}
