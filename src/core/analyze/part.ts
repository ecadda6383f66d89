import type { Analysis, SummaryRow } from '../model/analysis/analysis.ts';
import type { RunRecord } from '../model/run/run.ts';
import type { RowDraft } from './claims/claims.ts';
import type { SettledReason, SettlingRule } from './claims/settled.ts';
import type { Subject } from './rows/subjects.ts';
import type { RowContext } from './values/groups.ts';
import type { CellSamples } from './values/samples.ts';

/** The fields of an analysis that its parts fill. */
export type PartFields = Pick<Analysis, 'effects' | 'layers' | 'profiles' | 'profileEffects'>;

/** Comparisons of a part, before they are judged. */
interface PartComparisons {
  readonly drafts: readonly RowDraft[];
  /** The fields, from the judged rows in the order of the drafts. */
  readonly fields: (rows: readonly SummaryRow[]) => PartFields;
}

/** What a feature adds to the analysis of a run. Pure. */
export interface AnalysisPart {
  /** Comparisons of its own, judged and corrected with those of the run; null where the run has none. */
  readonly comparisons?: (subjects: readonly Subject[], context: RowContext) => PartComparisons | null;
  /** Fields made of an analysis that lacks only them. */
  readonly fields?: (
    analysis: Omit<Analysis, 'warnings'>,
    measured: { readonly run: RunRecord; readonly cells: ReadonlyMap<string, CellSamples> },
  ) => PartFields;
  /** Why its own comparisons in a subject need no more blocks, for the runtimes in them; null while they need more. */
  readonly settled?: (
    subject: Subject,
    run: RunRecord,
    rule: SettlingRule,
  ) => readonly { readonly runtimes: readonly string[]; readonly settled: SettledReason | null }[];
}
