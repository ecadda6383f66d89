import * as z from 'zod';
import { factorLevelShape, verdictSchema } from './analysis.ts';
import { cellSchema } from './cell.ts';
import { gateReportSchema } from './gate.ts';
import { betterSchema, categorySchema, unitSchema } from './metric.ts';

/** The headline of one cell in two runs. Ratios are after ÷ before. */
const changeSchema = cellSchema.extend({
  category: categorySchema,
  /** Id of the metric. */
  metric: z.string(),
  unit: unitSchema,
  better: betterSchema,
  /** Number of values, or of ratios, in the earlier run. */
  nBefore: z.number().int(),
  /** The same in the later run. */
  nAfter: z.number().int(),
  /** Median of the earlier run by `basis`: of the values, in the metric's unit, or of the ratios. */
  before: z.number(),
  /** The same of the later run. */
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
  /** By Holm's method over all changes; null where nothing could be tested. */
  pAdjusted: z.number().nullable(),
  /** What is claimed of the change. */
  verdict: verdictSchema,
});
export type Change = Readonly<z.infer<typeof changeSchema>>;

/** An effect of an option of a runtime, or an interaction of two. */
const effectShape = {
  ...factorLevelShape,
  /** The other option of an interaction; absent in a main effect. */
  beside: z.object({ ...factorLevelShape }).optional(),
};

/** What an option of a runtime changes in the headline of one subject, in two runs. `ratio` is after ÷ before. */
const effectChangeSchema = changeSchema.omit({ runtime: true, basis: true }).extend({
  /** Number of blocks that tell it in the earlier run. */
  nBefore: z.number().int(),
  /** The same in the later run. */
  nAfter: z.number().int(),
  /** Value ÷ reference in the earlier run, the median over blocks. */
  before: z.number(),
  /** The same in the later run. */
  after: z.number(),
  /** Name of the design, which both runs have. */
  design: z.string(),
  ...effectShape,
});
export type EffectChange = Readonly<z.infer<typeof effectChangeSchema>>;

/** Effects of which nothing is compared. */
const effectLeftOutSchema = z.object({
  /** Name of the design. */
  design: z.string(),
  /** The effect; absent where it is the whole design. */
  effect: z.object({ ...effectShape }).optional(),
  /** Ids of its workloads; empty where it is the whole design. */
  workloads: z.array(z.string()),
  /**
   * - `design`: only one of the runs has a design of that name.
   * - `base`: the options are those of another runtime.
   * - `effect`: only one of the runs asks for this value beside this reference.
   * - `factors`: the effect is the mean over other options, or over other values of them.
   * - `arms`: it is told by other combinations of the same options.
   * - `untold`: only one of the runs tells it.
   */
  why: z.enum(['design', 'base', 'effect', 'factors', 'arms', 'untold']),
  /**
   * What the earlier run has: the runtime of the design, the options with their values, the runtimes that only it has values
   * of, or `told`. Null where it has nothing of that kind.
   */
  was: z.string().nullable(),
  /** The same of the later run; null likewise. */
  is: z.string().nullable(),
});
export type EffectLeftOut = Readonly<z.infer<typeof effectLeftOutSchema>>;

/** What `ocibench compare` finds. */
export const runComparisonSchema = z.object({
  /** Id of the earlier run. */
  before: z.string(),
  /** Id of the later run. */
  after: z.string(),
  /** The runtime that ratios refer to. */
  baseline: z.string(),
  /** Keys of the provenance that differ and were accepted. */
  accepted: z.array(
    z.object({
      /** Such as `host.kernel`. */
      key: z.string(),
      /** Its value in the earlier run. */
      was: z.string(),
      /** Its value in the later run. */
      is: z.string(),
    }),
  ),
  /** Every cell that both runs have. */
  changes: z.array(changeSchema),
  /**
   * Workloads with a proportional figure (PSS) for which no change is claimed. The number of sandboxes beside them
   * differed between the runs, or is unknown. Null where there is no such workload.
   */
  neighbours: z
    .object({
      /** Their ids. */
      workloads: z.array(z.string()),
      /** Sandboxes beside them in the earlier run; null where unknown. */
      was: z.number().int().nullable(),
      /** The same in the later run; null where unknown. */
      is: z.number().int().nullable(),
    })
    .nullable(),
  /** Number of cells with values in only one of the two runs. */
  unmatched: z.number().int(),
  /** Effects of options of runtimes that both runs tell. Absent where neither run has a design. */
  effects: z.array(effectChangeSchema).optional(),
  /** Effects of which nothing is compared, and why. Absent where neither run has a design. */
  effectsLeftOut: z.array(effectLeftOutSchema).optional(),
  /** What the later run says of the gate; absent where the named configuration has none, and in `changes.json`. */
  gate: gateReportSchema.optional(),
});
export type RunComparison = Readonly<z.infer<typeof runComparisonSchema>>;
