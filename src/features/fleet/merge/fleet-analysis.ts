import type { Analysis } from '../../../core/model/analysis/analysis.ts';

/** The parts of an analysis that a fleet reads from analysis.json; of the rows only headlines. */
export type FleetAnalysis = Pick<Analysis, 'trials' | 'baseline' | 'rows' | 'categories'>;
