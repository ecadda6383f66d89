import type { Analysis, CategoryEstimate, SummaryRow } from '../../../core/model/analysis/analysis.ts';
import type { Cell } from '../../../core/model/trial/cell.ts';

/** The parts of an analysis that a fleet reads from analysis.json. */
export type FleetAnalysis = Pick<Analysis, 'trials' | 'baseline'> & {
  /** Only headlines are needed. */
  readonly rows: readonly (Pick<
    SummaryRow,
    | keyof Cell
    | 'category'
    | 'metric'
    | 'unit'
    | 'better'
    | 'headline'
    | 'baseline'
    | 'baselineEngine'
    | 'pairs'
    | 'ratio'
    | 'ratioCiLow'
    | 'ratioCiHigh'
    | 'p'
  > &
    Pick<SummaryRow, 'messages'> & {
      /** Absent in rows that have a value. */
      readonly n?: number | undefined;
      readonly failures?: number | undefined;
      readonly note?: string | undefined;
    })[];
  readonly categories: readonly Pick<
    CategoryEstimate,
    'runtime' | 'category' | 'layer' | 'engine' | 'subjects' | 'blocks' | 'cost' | 'low' | 'high'
  >[];
};
