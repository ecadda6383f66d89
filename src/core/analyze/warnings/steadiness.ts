import type { Sensitivity, SummaryRow, Unsteady } from '../../model/analysis/analysis.ts';
import { type Cell, cellKey, identityOf } from '../../model/trial/cell.ts';
import type { TrialRecord } from '../../model/trial/trial.ts';
import { bimodality } from '../stats/bimodality.ts';
import { normalCdf } from '../stats/distributions.ts';
import { at, requireFinite } from '../stats/finite.ts';
import { holm } from '../stats/holm.ts';
import { minimumPairs } from '../stats/paired-centre.ts';
import { spearman } from '../stats/spearman.ts';
import { wasMeasured } from '../values/effective-trial.ts';
import type { CellSamples } from '../values/samples.ts';

/** Ids of the measured trials that ran while the host was disturbed. */
export function flaggedTrials(trials: readonly TrialRecord[]): ReadonlySet<string> {
  const flagged = trials.filter((trial) => wasMeasured(trial) && (trial.noise?.flags.length ?? 0) > 0);
  return new Set(flagged.map(({ trialId }) => trialId));
}

/**
 * Compare the headline verdicts of runtimes with and without the flagged trials, which stay in all figures. `rows`: of
 * the whole run, `without`: of the trials that were not flagged. A comparison with too few pairs left is inconclusive
 * and counted separately.
 */
export function sensitivityOf(
  flagged: ReadonlySet<string>,
  rows: readonly SummaryRow[],
  without: readonly SummaryRow[],
): Sensitivity {
  const others = new Map(without.filter((row) => row.headline).map((row) => [cellKey(row), row]));
  const compared = rows.filter(
    (row) => row.headline && row.layer !== 'floor' && row.verdict !== 'baseline' && row.pairs >= minimumPairs,
  );
  let tooFew = 0;
  const changed: Sensitivity['changed'] = [];
  for (const row of compared) {
    const { verdict } = row;
    const other = others.get(cellKey(row));
    if (other === undefined || other.pairs < minimumPairs) tooFew += 1;
    else if (other.verdict !== verdict) changed.push({ ...identityOf(row), verdict, without: other.verdict });
  }
  return { flagged: flagged.size, verdicts: compared.length, tooFew, changed };
}

/**
 * Correlation of each value with the next, in the given order: Σ(xᵢ−x̄)(xᵢ₊₁−x̄) ÷ Σ(xᵢ−x̄)², the estimate of Box &
 * Jenkins and of R's acf(). For independent values it is about −1/n ± 1/√n; it is biased towards −1/n in short series.
 * Null below three values or where all are equal. Throws RangeError on a value that is not finite.
 */
export function lag1Autocorrelation(values: readonly number[]): number | null {
  requireFinite(values);
  const n = values.length;
  if (n < 3) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let [own, next] = [0, 0];
  for (let i = 0; i < n; i++) {
    const deviation = at(values, i) - mean;
    own += deviation * deviation;
    if (i > 0) next += deviation * (at(values, i - 1) - mean);
  }
  // The mean of equal values may be rounded, which leaves deviations of rounding size.
  return own <= 1e-24 * n * mean * mean ? null : next / own;
}

/** Result of one test of a cell: the size of the effect, and the p value of "no more than chance". */
interface SteadinessResult {
  readonly value: number;
  readonly p: number;
}

/** `alpha`: a p that is not below it need not be exact. */
type SteadinessTest = (values: readonly number[], alpha: number) => SteadinessResult | null;

/**
 * Tests of values in the order of their blocks. Under independence the lag-1 autocorrelation is about normal around
 * −1/n with standard deviation 1/√n (Box & Jenkins). This is rough for short series, so it is reported only as a hint.
 */
const steadinessTests: Readonly<Record<Unsteady['kind'], SteadinessTest>> = {
  drift: (values) => {
    const { rho, p } = spearman(
      values.map((_, index) => index),
      values,
    );
    return rho === null || p === null ? null : { value: rho, p };
  },
  autocorrelation: (values) => {
    const r = lag1Autocorrelation(values);
    if (r === null) return null;
    const n = values.length;
    return { value: r, p: 2 * normalCdf(-Math.abs((r + 1 / n) * Math.sqrt(n))) };
  },
  'two-groups': (values, alpha) => {
    if (values.some((value) => value <= 0)) return null;
    const found = bimodality(values.map(Math.log), alpha);
    return found === null ? null : { value: Math.exp(found.upperMean - found.lowerMean), p: found.p };
  },
};

function familyOfCell(kind: Unsteady['kind'], { layer, runtime }: Cell): string {
  if (kind !== 'two-groups') return '';
  return layer === 'floor' ? layer : runtime;
}

/**
 * Find cells whose headline values do not look like those of a steady source: they drift over the run, each resembles
 * its predecessor, or they form two groups. Each kind of test uses Holm's method over all cells of the run; that of
 * two groups, which rows show, over the cells of a runtime, so that other runtimes do not change its rows. Pairing
 * within blocks removes effects on all runtimes of a block from ratios, but not from absolute values and their
 * intervals.
 */
export function unsteadyCells(
  cells: Iterable<CellSamples>,
  headlineOf: (workload: string) => string | undefined,
  alpha: number,
): Unsteady[] {
  const series = [...cells].flatMap((cell) => {
    const sample = cell.samples.get(headlineOf(cell.cell.workload) ?? '');
    if (sample === undefined || sample.byBlock.size < minimumPairs) return [];
    const ordered = [...sample.byBlock].toSorted(([a], [b]) => a - b).map(([, value]) => value);
    return [{ cell: cell.cell, values: ordered }];
  });
  const found: Unsteady[] = [];
  for (const kind of Object.keys(steadinessTests) as Unsteady['kind'][]) {
    const seen = series.flatMap(({ cell, values }) => {
      const finding = steadinessTests[kind](values, alpha);
      return finding === null ? [] : [{ cell, n: values.length, ...finding }];
    });
    for (const own of Map.groupBy(seen, ({ cell }) => familyOfCell(kind, cell)).values()) {
      const adjusted = holm(own.map(({ p }) => p));
      own.forEach(({ cell, value, n }, index) => {
        const p = adjusted[index] ?? 1;
        if (p < alpha) found.push({ ...cell, kind, value, n, p });
      });
    }
  }
  return found.toSorted((a, b) => (cellKey(a) < cellKey(b) ? -1 : 1));
}
