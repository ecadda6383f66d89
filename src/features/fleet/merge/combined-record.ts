import * as z from 'zod';
import { thresholdsSchema, verdictSchema } from '../../../core/model/analysis/analysis.ts';
import { runIdSchema } from '../../../core/model/run/run.ts';
import {
  combinedVersion,
  sessionHostSchema,
  sessionSpreadShape,
  sessionSpreadsSchema,
  spreadOfShape,
} from '../../../core/model/run/session-spread.ts';
import { layerSchema } from '../../../core/model/trial/cell.ts';
import { betterSchema, categorySchema, unitSchema } from '../../../core/model/workload/metric.ts';
import { statusSchema } from './fleet-record.ts';

/** A run, which counts as one session of its host. */
const sessionSchema = z.object({
  runId: runIdSchema,
  /** Status. A run that is not `complete` counts with the data it has. */
  status: statusSchema,
  /** ISO 8601, wall clock of the host. */
  startedAt: z.string(),
});

/** The mean over the sessions, and how much they differ. */
const meanShape = {
  ...sessionSpreadShape,
  /** Lower end of the interval over sessions, with `confidence`. */
  low: z.number(),
  /** Its upper end. */
  high: z.number(),
  /** Lower end of the 90 % interval. */
  low90: z.number(),
  /** Its upper end. */
  high90: z.number(),
  /** Degrees of freedom of the intervals. */
  df: z.number().int().positive(),
  /** p of the t test that the mean is 1, uncorrected. */
  p: z.number(),
  /** `p` corrected by Holm's method over the comparisons, or categories, of the runtime. */
  pAdjusted: z.number(),
  /** The claim, by the same rule as in a run. */
  verdict: verdictSchema,
  /** Cochran's Q of the sessions, with errors estimated from their blocks. */
  q: z.number(),
  /** Degrees of freedom of `q`: the number of sessions less one. */
  qDf: z.number().int().positive(),
  /** p of "the sessions do not differ". */
  differP: z.number(),
  /** Half-width of the interval as a factor less 1: 0.04 is ±4 %. */
  halfWidth: z.number(),
  /** The same of the session with the narrowest interval of its own, which knows nothing of other sessions. */
  narrowest: z.number(),
};

const comparisonSchema = z.object({
  ...spreadOfShape,
  category: categorySchema,
  unit: unitSchema,
  better: betterSchema,
  /** Runtime ÷ baseline: the mean over the sessions. */
  ratio: z.number(),
  ...meanShape,
});
export type CombinedComparison = Readonly<z.infer<typeof comparisonSchema>>;

/** Cost of a runtime in a category, in the sessions that measured the same subjects of it. */
const combinedCategorySchema = z.object({
  runtime: z.string(),
  category: categorySchema,
  layer: layerSchema,
  /** Engine; absent if the runs have only one. */
  engine: z.string().optional(),
  /** Number of subjects. */
  subjects: z.number().int().positive(),
  /** Cost as a factor of the baseline: the mean over the sessions. */
  cost: z.number(),
  ...meanShape,
});
export type CombinedCategory = Readonly<z.infer<typeof combinedCategorySchema>>;

/** combined.json: several runs of one host as one answer. */
export const combinedSchema = z.object({
  /** Changes when a key changes its meaning. */
  combinedVersion: z.literal(combinedVersion),
  /** Version of ocibench that combined. */
  harnessVersion: z.string(),
  host: sessionHostSchema,
  /** The runtime that the others are compared with. */
  baseline: z.string(),
  /** Thresholds of the claims: those of the last session. */
  thresholds: thresholdsSchema,
  /** In order of time. */
  sessions: z.array(sessionSchema).min(2),
  /** Differences of their provenance: those accepted with `--accept`, and those that change no figure. */
  accepted: z.array(
    z.object({
      key: z.string(),
      /** Value of the first session. */
      was: z.string(),
      /** Value of the session that differs. */
      is: z.string(),
    }),
  ),
  comparisons: z.array(comparisonSchema),
  categories: z.array(combinedCategorySchema),
  /** Of the baseline's own values, which show how much the host differs; `compare` needs it. */
  baselines: sessionSpreadsSchema.shape.baselines,
  /** Number of comparisons that only one session has: they are not combined. */
  once: z.number().int().nonnegative(),
  /** Number of comparisons that at least two sessions have, but not all. */
  some: z.number().int().nonnegative(),
});
export type Combined = Readonly<z.infer<typeof combinedSchema>>;
