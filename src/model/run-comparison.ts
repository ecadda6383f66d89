import * as z from 'zod';
import { verdictSchema } from './analysis.ts';
import { cellSchema } from './cell.ts';
import { betterSchema, categorySchema, unitSchema } from './metric.ts';

/** The headline of one cell in two runs. Ratios are after ÷ before. */
const changeSchema = cellSchema.extend({
  category: categorySchema,
  metric: z.string(),
  unit: unitSchema,
  better: betterSchema,
  nBefore: z.number().int(),
  nAfter: z.number().int(),
  before: z.number(),
  after: z.number(),
  /**
   * `absolute` compares the values. `relative` compares the ratios to the baseline within each block, which a change of
   * the whole host does not affect. The baseline can only be compared absolutely.
   */
  basis: z.enum(['absolute', 'relative']),
  ratio: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  pAdjusted: z.number().nullable(),
  verdict: verdictSchema,
});
export type Change = Readonly<z.infer<typeof changeSchema>>;

/** What `ocibench compare` finds. */
export const runComparisonSchema = z.object({
  before: z.string(),
  after: z.string(),
  baseline: z.string(),
  /** Keys of the provenance that differ and were accepted. */
  accepted: z.array(z.object({ key: z.string(), was: z.string(), is: z.string() })),
  changes: z.array(changeSchema),
  /** Workloads whose headline metric was another one in the earlier run. Different metrics are not compared. */
  otherFigures: z.array(z.object({ workload: z.string(), was: z.string(), is: z.string() })).default([]),
  /**
   * Workloads with a proportional figure (PSS) for which no change is claimed. The number of sandboxes beside them
   * differed between the runs, or is unknown. Null where there is no such workload.
   */
  neighbours: z
    .object({
      workloads: z.array(z.string()),
      was: z.number().int().nullable(),
      is: z.number().int().nullable(),
    })
    .nullable()
    .default(null),
  /** Number of cells with values in only one of the two runs. */
  unmatched: z.number().int(),
});
export type RunComparison = Readonly<z.infer<typeof runComparisonSchema>>;
