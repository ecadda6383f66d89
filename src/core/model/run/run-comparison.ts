import * as z from 'zod';
import { verdictSchema } from '../analysis/analysis.ts';
import { gateReportSchema } from '../analysis/gate.ts';
import { cellSchema } from '../trial/cell.ts';
import { betterSchema, categorySchema, unitSchema } from '../workload/metric.ts';

/** The headline of one cell in two runs. Ratios are after ÷ before. */
const changeSchema = cellSchema.extend({
  category: categorySchema,
  /** Id of the metric. */
  metric: z.string(),
  unit: unitSchema,
  better: betterSchema,
  /** Number of values, or of ratios, in the earlier run. */
  nBefore: z.number().int(),
  /** Number of values, or of ratios, in the later run. */
  nAfter: z.number().int(),
  /** Median of the earlier run: of the values in the metric's unit, or of the ratios, depending on `basis`. */
  before: z.number(),
  /** Median of the later run likewise. */
  after: z.number(),
  /**
   * `absolute` compares the values. `relative` compares the ratios to the baseline within each block, which a change of
   * the whole host does not affect. The baseline can only be compared absolutely.
   */
  basis: z.enum(['absolute', 'relative']),
  /** after ÷ before (Hodges–Lehmann for two samples); null where there is none. */
  ratio: z.number().nullable(),
  /** Lower end of its 95 % interval; null where there is none. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
  /**
   * Spread between sessions, of which the interval holds two: exp of the standard deviation of their true logarithms. Absent where
   * unknown.
   */
  tau: z.number().optional(),
  /** p corrected by Holm's method over all changes; null where nothing could be tested. */
  pAdjusted: z.number().nullable(),
  /** The claim about the change. */
  verdict: verdictSchema,
});
export type HeadlineChange = Readonly<z.infer<typeof changeSchema>>;

/** A key of the provenance with other values in the two runs. */
const differenceSchema = z.object({
  /** Such as `host.kernel`. */
  key: z.string(),
  /** Its value in the earlier run. */
  was: z.string(),
  /** Its value in the later run. */
  is: z.string(),
});

/** Output of `ocibench compare`. */
export const runComparisonSchema = z.object({
  /** Id of the earlier run. */
  before: z.string(),
  /** Id of the later run. */
  after: z.string(),
  /** The runtime to which ratios refer. */
  baseline: z.string(),
  /** Keys of the provenance that differ: accepted ones, and those whose difference changes no figure. */
  accepted: z.array(differenceSchema),
  /** Every cell that both runs have. */
  changes: z.array(changeSchema),
  /** Why nothing was compared, in `changes.json`; absent where the runs were compared. */
  leftOut: z
    .object({
      /** They differ in what changes figures, the earlier run was cut off, or they have no headline in common. */
      reason: z.enum(['differs', 'cut-off', 'nothing-in-common']),
      /** What they differ in; empty for other reasons. */
      differences: z.array(differenceSchema),
    })
    .optional(),
  /**
   * Workloads with a proportional figure (PSS) for which no change is claimed, because the number of foreign sandboxes
   * differed between the runs or is unknown. Null where there is no such workload.
   */
  neighbours: z
    .object({
      /** Ids of these workloads. */
      workloads: z.array(z.string()),
      /** Foreign sandboxes in the earlier run; null where unknown. */
      was: z.number().int().nullable(),
      /** Foreign sandboxes in the later run; null where unknown. */
      is: z.number().int().nullable(),
    })
    .nullable(),
  /** Number of cells with values in only one of the two runs. */
  unmatched: z.number().int(),
  /** The sessions whose variance is in the intervals; absent without `--sessions`: then it is that of usual sessions. */
  sessions: z
    .object({
      /** Ids of their runs. */
      runs: z.array(z.string()),
      /** Number of changes whose variance between sessions is unknown, and of which nothing is claimed. */
      unknown: z.number().int(),
    })
    .optional(),
  /** Result of the gate for the later run; absent where the named configuration has no gate, and in `changes.json`. */
  gate: gateReportSchema.optional(),
});
export type RunComparison = Readonly<z.infer<typeof runComparisonSchema>>;
