import { findHarnessMetric } from '../../metrics/registry.ts';
import type { NoiseFloor, SummaryRow } from '../../model/analysis/analysis.ts';
import type { ResolvedConfig } from '../../model/run/run.ts';
import type { Category, Unit } from '../../model/workload/metric.ts';

const kinds: Readonly<Record<Unit, string>> = {
  ns: 'time',
  'ns/op': 'time',
  'ops/s': 'rate',
  'bytes/s': 'rate',
  bytes: 'bytes',
  count: 'count',
  ratio: 'share',
};

/**
 * Class of metrics that share a noise floor, as `category/kind`. Metrics of tools are classed by kind of quantity
 * (`io/rate`, `syscall/time`), over all workloads of the category. Each of the harness's own metrics is a kind of its
 * own (`startup/startup.to_output`, `io/other memory.peak`): some are far noisier than others of the same unit. CPU
 * time split by timer ticks, for example, would hide the exact total. Metrics that are not headlines form separate
 * classes: of two hundred single system calls, one is always far off, and the memory of a busy program does not predict
 * that of an idle one.
 */
export function metricClass(metric: string, unit: Unit, category: Category, headline: boolean): string {
  const kind = findHarnessMetric(metric) === undefined ? kinds[unit] : metric;
  return `${category}/${headline ? '' : 'other '}${kind}`;
}

type Thresholds = ResolvedConfig['thresholds'];

/** The class of a row; null on a row without values. */
function classOf(row: Pick<SummaryRow, 'metric' | 'unit' | 'category' | 'headline'>): string | null {
  const { metric, unit, category, headline } = row;
  return metric === null || unit === null ? null : metricClass(metric, unit, category, headline);
}

/**
 * Compute how far the baseline may be from itself, from the rows of the A/A control. Per class, it is the bound farthest
 * from 1 over all intervals, applied to both sides. It grows with the control's uncertainty, not only with its estimate,
 * so it is information and no condition of a claim: see `aa-check.ts`.
 */
export function noiseFloors(aaRows: readonly SummaryRow[], thresholds: Thresholds): NoiseFloor[] {
  const floors: NoiseFloor[] = [];
  const compared = aaRows.filter((row) => row.n > 0);
  for (const [name, rows] of Map.groupBy(compared, classOf)) {
    if (name === null) continue;
    const ends = rows.flatMap(({ ratioCiLow, ratioCiHigh }) =>
      ratioCiLow === null || ratioCiHigh === null
        ? []
        : [Math.abs(Math.log(ratioCiLow)), Math.abs(Math.log(ratioCiHigh))],
    );
    const farthest = ends.length === 0 ? null : ends.reduce((max, end) => Math.max(max, end));
    floors.push({
      class: name,
      ratioLow: farthest === null ? null : Math.exp(-farthest),
      ratioHigh: farthest === null ? null : Math.exp(farthest),
      pairs: rows.reduce((sum, row) => sum + row.pairs, 0),
      differs: rows.some((row) => differsFromItself(row, thresholds)),
    });
  }
  return floors.sort((a, b) => (a.class < b.class ? -1 : 1));
}

/**
 * True if the difference between the baseline and its A/A control is more than noise. Its p value, adjusted over all
 * such comparisons of its family, must be below alpha. For headlines, its interval must also lie wholly beyond the
 * practical band. (Among hundreds of other metrics, some intervals do so by chance.) False where the interval lies
 * wholly within the band: so small a difference affects no verdict.
 */
function differsFromItself(row: SummaryRow, { practical, alpha }: Thresholds): boolean {
  const { ratioCiLow: low, ratioCiHigh: high, pAdjusted, headline } = row;
  if (low === null || high === null) return false;
  const upper = 1 + practical;
  if (low >= 1 / upper && high <= upper) return false;
  if (pAdjusted !== null && pAdjusted < alpha) return true;
  return headline && (low > upper || high < 1 / upper);
}
