import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import type { SummaryRow } from '../model/analysis.ts';
import type { ResolvedConfig } from '../model/run.ts';
import { blocksForInterval, blocksNeeded, blocksNeededWhereOverlapping } from './blocks-needed.ts';
import { classOf, floorPercent, holdsDespite, type NoiseFloors } from './noise-floor.ts';
import { noteFields } from './note.ts';
import type { Ratio } from './ratio.ts';
import { holm } from './stats/holm.ts';
import { decideVerdict, verdictWords } from './verdict.ts';

const text = notices('claim', {
  baselineDiffers: 'the baseline differs from itself ({floor})',
  withinNoise: 'within the run’s own A/A noise ({floor})',
  baselineUnknown: 'the baseline {baseline} has no value to compare with',
  noPairs: 'no block holds both this runtime and the baseline {baseline}',
  zeroValues: 'zero values: no ratio',
  intervalNeeds:
    '{n, plural, one {{n} more paired block} other {{n} more paired blocks}} needed for an interval of the ratio',
  claimNeeds:
    '{needed} paired blocks needed to claim a difference among {n, plural, one {{n} comparison} other {{n} comparisons}}',
  overlapNeeds:
    '{needed} paired blocks that agree needed to claim a difference among {n, plural, one {{n} comparison} other {{n} comparisons}} where values overlap',
});

/** A row before the claims of its family are settled. */
export interface Draft {
  readonly row: Omit<SummaryRow, 'pAdjusted' | 'verdict' | 'note' | 'messages'>;
  /** Parts of its note so far. */
  readonly notes: readonly Message[];
  /** null on the baseline's own row, and on rows without values. */
  readonly ratio: Ratio | null;
  readonly baselineKnown: boolean;
  /** Claims of one family share their error rate: see {@link settleClaims}. */
  readonly family: string;
}

/** The family of all headline comparisons of a run. */
export const headlineFamily = 'headlines';

/**
 * Adjust p values by Holm's method within each family and decide the verdicts.
 *
 * The headlines of a run are one family, over all workloads and runtimes. The reader of a report scans all of them for
 * "the one that differs". The chance of one false claim among them must therefore be bounded. Each other metric is a
 * family over all workloads, since it answers its own question. So is each group whose members a tool names
 * (`syscall.*`).
 *
 * `floors`: the run's own noise, which a difference must exceed; see {@link holdsDespite}.
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
  const { ratio, notes } = draft;
  // The note keeps its place among the columns.
  const row = { ...draft.row, note: '' };
  if (row.n === 0) return { ...row, pAdjusted: null, verdict: 'unavailable', ...noteFields(notes) };
  if (ratio === null || row.metric === null || row.unit === null || row.better === null)
    return { ...row, pAdjusted: null, verdict: 'baseline', ...noteFields(notes) };
  const words = verdictWords(row.metric, row.unit, row.better);
  const decided = decideVerdict(ratio, pAdjusted, config.thresholds, words);
  const floor = floors.get(classOf(row) ?? '');
  const verdict = holdsDespite(floor, decided, ratio) ? decided : 'inconclusive';
  const lacking =
    floor !== undefined && verdict !== decided
      ? decided === 'equivalent'
        ? text.baselineDiffers({ floor: floorPercent(floor) })
        : text.withinNoise({ floor: floorPercent(floor) })
      : verdict === 'inconclusive'
        ? missingEvidence(draft, ratio, pAdjusted, comparisons, config)
        : null;
  return { ...row, pAdjusted, verdict, ...noteFields(lacking === null ? notes : [...notes, lacking]) };
}

/** Say what an inconclusive comparison lacks; null where it only lacks precision. */
function missingEvidence(
  draft: Draft,
  ratio: Ratio,
  pAdjusted: number | null,
  comparisons: number,
  config: ResolvedConfig,
): Message | null {
  const { baseline } = config;
  const { alpha } = config.thresholds;
  if (!draft.baselineKnown) return text.baselineUnknown({ baseline });
  if (ratio.pairs === 0) return text.noPairs({ baseline });
  if (ratio.notPositive) return text.zeroValues;
  if (ratio.low === null) {
    const missing = blocksForInterval(alpha) - ratio.pairs;
    return text.intervalNeeds({ n: missing });
  }
  const excludesOne = ratio.high !== null && (ratio.low > 1 || ratio.high < 1);
  if (!excludesOne || pAdjusted === null || pAdjusted < alpha) return null;
  const needed = blocksNeeded(Math.max(1, comparisons), alpha);
  if (ratio.pairs < needed) return text.claimNeeds({ needed, n: comparisons });
  const overlapping = blocksNeededWhereOverlapping(Math.max(1, comparisons), alpha);
  const matters =
    ratio.ratio !== null && Math.abs(Math.log(ratio.ratio)) > Math.log1p(config.thresholds.practical);
  return matters && ratio.pairs < overlapping
    ? text.overlapNeeds({ needed: overlapping, n: comparisons })
    : null;
}
