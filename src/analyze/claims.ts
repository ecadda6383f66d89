import type { SummaryRow } from '../model/analysis.ts';
import type { ResolvedConfig } from '../model/run.ts';
import { blocksForInterval, blocksNeeded, blocksNeededWhereOverlapping } from './blocks-needed.ts';
import { classOf, floorPercent, holdsAgainst, type NoiseFloors } from './noise-floor.ts';
import type { Ratio } from './ratio.ts';
import { holm } from './stats/holm.ts';
import { decideVerdict, verdictWords } from './verdict.ts';

/** A row before it is known which of its family's claims hold. */
export interface Draft {
  readonly row: Omit<SummaryRow, 'pAdjusted' | 'verdict'>;
  /** null on the baseline's own row, and on rows without values. */
  readonly ratio: Ratio | null;
  readonly baselineKnown: boolean;
  /** Claims of one family share their error: see {@link settleClaims}. */
  readonly family: string;
}

/** The family of all headline comparisons of a run. */
export const headlineFamily = 'headlines';

/**
 * Adjusts p values by Holm's method within each family and decides the verdicts.
 *
 * The headlines of a run are one family, over all workloads and runtimes: whoever reads a report scans all of
 * them for "the one that differs", so the chance of one false claim among them is what has to be bounded. Of the
 * other metrics each is a family over all workloads (it answers a question of its own), and so is each group
 * whose members a tool names (`syscall.*`).
 *
 * `floors`: the run's own noise, beyond which a difference must lie; see {@link holdsAgainst}.
 */
export function settleClaims(
  drafts: readonly Draft[],
  config: ResolvedConfig,
  floors: NoiseFloors = new Map(),
): SummaryRow[] {
  const adjusted = new Map<Draft, number>();
  const sizes = new Map<string, number>();
  for (const [family, members] of Map.groupBy(drafts, (draft) => draft.family)) {
    const tested = members.filter(({ ratio }) => ratio !== null && ratio.p !== null);
    sizes.set(family, tested.length);
    const ps = holm(tested.map(({ ratio }) => ratio?.p ?? 1));
    tested.forEach((draft, index) => {
      const p = ps[index];
      if (p !== undefined) adjusted.set(draft, p);
    });
  }
  return drafts.map((draft) =>
    settle(draft, adjusted.get(draft) ?? null, sizes.get(draft.family) ?? 0, config, floors),
  );
}

function settle(
  draft: Draft,
  pAdjusted: number | null,
  comparisons: number,
  config: ResolvedConfig,
  floors: NoiseFloors,
): SummaryRow {
  const { row, ratio } = draft;
  if (row.n === 0) return { ...row, pAdjusted: null, verdict: 'unavailable' };
  if (ratio === null || row.metric === null || row.unit === null || row.better === null)
    return { ...row, pAdjusted: null, verdict: 'baseline' };
  const words = verdictWords(row.metric, row.unit, row.better);
  const decided = decideVerdict(ratio, pAdjusted, config.thresholds, words);
  const floor = floors.get(classOf(row) ?? '');
  const verdict = holdsAgainst(floor, decided, ratio) ? decided : 'inconclusive';
  const lacking =
    floor !== undefined && verdict !== decided
      ? decided === 'equivalent'
        ? `the baseline differs from itself (${floorPercent(floor)})`
        : `within the run’s own A/A noise (${floorPercent(floor)})`
      : verdict === 'inconclusive'
        ? whatLacks(draft, ratio, pAdjusted, comparisons, config)
        : '';
  const note = [row.note, lacking].filter((text) => text !== '').join('; ');
  return { ...row, pAdjusted, verdict, note };
}

/** What an inconclusive comparison lacks; empty where it only is not precise enough. */
function whatLacks(
  draft: Draft,
  ratio: Ratio,
  pAdjusted: number | null,
  comparisons: number,
  config: ResolvedConfig,
): string {
  const { baseline } = config;
  const { alpha } = config.thresholds;
  if (!draft.baselineKnown) return `the baseline ${baseline} has no value to compare with`;
  if (ratio.pairs === 0) return `no block holds both this runtime and the baseline ${baseline}`;
  if (ratio.notPositive) return 'zero values: no ratio';
  if (ratio.low === null) {
    const missing = blocksForInterval(alpha) - ratio.pairs;
    return `${missing} more paired block${missing === 1 ? '' : 's'} needed for an interval of the ratio`;
  }
  const excludesOne = ratio.high !== null && (ratio.low > 1 || ratio.high < 1);
  if (!excludesOne || pAdjusted === null || pAdjusted < alpha) return '';
  const needed = blocksNeeded(Math.max(1, comparisons), alpha);
  const among = `among ${comparisons} comparison${comparisons === 1 ? '' : 's'}`;
  if (ratio.pairs < needed) return `${needed} paired blocks needed to claim a difference ${among}`;
  const overlapping = blocksNeededWhereOverlapping(Math.max(1, comparisons), alpha);
  const matters =
    ratio.ratio !== null && Math.abs(Math.log(ratio.ratio)) > Math.log1p(config.thresholds.practical);
  return matters && ratio.pairs < overlapping
    ? `${overlapping} paired blocks that agree needed to claim a difference ${among} where values overlap`
    : '';
}
