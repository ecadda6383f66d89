import * as z from 'zod';
import { messageRefsSchema } from '../messages/schema.ts';
import { cellSchema, layerSchema } from './cell.ts';
import { layerStackSchema } from './layer-stack.ts';
import { betterSchema, categorySchema, unitSchema } from './metric.ts';
import { schemaVersion } from './run.ts';

/** What is claimed of the comparison; `inconclusive` does not mean "same". docs/method.md has the conditions. */
export const verdictSchema = z.enum([
  'baseline',
  'faster',
  'slower',
  'less',
  'more',
  'equivalent',
  'inconclusive',
  'unavailable',
]);
export type Verdict = z.infer<typeof verdictSchema>;

const boundsShape = {
  /** Lower end of the 95 % interval; null where there are too few values for one. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
};

const intervalSchema = z.object({
  /** Hodges–Lehmann estimate. */
  estimate: z.number(),
  ...boundsShape,
});

/** What an inconclusive comparison needs for an answer, at the noise of its own pairs so far. */
const needsSchema = z.object({
  /** Half-width of the ratio's interval that answers, as a fraction: the practical threshold. */
  halfWidth: z.number().positive(),
  /** Paired blocks in all. */
  blocks: z.number().int().positive(),
  /** Paired blocks that are missing of those. */
  moreBlocks: z.number().int().positive(),
  /** Wall time of those, ms; null where no trial's time is known. */
  moreMs: z.number().nullable(),
  /** Name of the cell for `ocibench run --resume RUN --until`. */
  until: z.string(),
});
export type Needs = Readonly<z.infer<typeof needsSchema>>;

/**
 * One cell × metric: a row of summary.csv. A number that does not exist is null; `note` says why. `ratio` is runtime ÷
 * baseline of the raw values, paired within blocks.
 */
const summaryRowSchema = z.object({
  runtime: z.string(),
  profile: z.string(),
  layer: layerSchema,
  workload: z.string(),
  params: z.string(),
  /** Absent where the run has one only. */
  engine: z.string().optional(),
  category: categorySchema,
  /** Id of the metric (`ocibench list metrics`); null only on the row of a cell that has no values at all. */
  metric: z.string().nullable(),
  /** Unit of the values; null where `metric` is. */
  unit: unitSchema.nullable(),
  /** Which direction of the values is the better one; null where `metric` is. */
  better: betterSchema.nullable(),
  /** True for the workload's headline metric. */
  headline: z.boolean(),
  /** Number of measured values. */
  n: z.number().int(),
  /** Number of measured trials that failed or timed out. */
  failures: z.number().int(),
  /** Median of the values, in the metric's unit; null where there are none. */
  median: z.number().nullable(),
  /** Lower end of the median's 95 % order-statistic interval; null below 6 values. */
  ciLow: z.number().nullable(),
  /** Its upper end; null likewise. */
  ciHigh: z.number().nullable(),
  /** 95th percentile; null below 20 values. */
  p95: z.number().nullable(),
  /** Smallest value; null where there are none. */
  min: z.number().nullable(),
  /** Largest value; null where there are none. */
  max: z.number().nullable(),
  /** Unscaled median absolute deviation; null where there are no values. */
  mad: z.number().nullable(),
  /** The runtime that this one is compared with. */
  baseline: z.string(),
  /** The engine of what this one is compared with; absent where it is this one's own, or the run has one only. */
  baselineEngine: z.string().optional(),
  /** The profile of what this one is compared with; absent where it is this one's own. */
  baselineProfile: z.string().optional(),
  /** Blocks in which both this runtime and the baseline have a value. */
  pairs: z.number().int(),
  /** Runtime ÷ baseline, paired within blocks (Hodges–Lehmann); null where there is no ratio: see `note`. */
  ratio: z.number().nullable(),
  /** Lower end of the ratio's 95 % signed-rank interval; null below 6 pairs. */
  ratioCiLow: z.number().nullable(),
  /** Its upper end; null likewise. */
  ratioCiHigh: z.number().nullable(),
  /** Of the paired t test on the logs of the ratios, uncorrected; null where nothing could be tested. */
  p: z.number().nullable(),
  /** `p`, corrected for the comparisons of its `family`; null likewise. */
  pAdjusted: z.number().nullable(),
  /**
   * What is claimed: `faster`, `slower` of times and rates, `less`, `more` of amounts. `inconclusive` is not "same".
   */
  verdict: verdictSchema,
  /** What explains the row, or why it has no numbers; empty where there is nothing to say. */
  note: z.string(),
  /**
   * The comparisons that share its error rate, such as `headline/crun/startup` or `metric/memory.peak`; absent where
   * there is none.
   */
  family: z.string().optional(),
  /**
   * The 90 % interval of `ratio`: `equivalent` needs it inside the practical band (two one-sided tests at 5 %). Null
   * where there is none, absent where nothing is compared.
   */
  ratio90Low: z.number().nullable().optional(),
  /** Its upper end; null and absent likewise. */
  ratio90High: z.number().nullable().optional(),
  /** runtime − baseline within blocks, in the metric's unit; absent but on headline rows with pairs. */
  difference: intervalSchema.optional(),
  /**
   * Where the 95 % interval excludes 1 and only the correction for several comparisons prevents a claim: the interval of
   * the ratio that holds for all of the family at once. It includes 1. Absent elsewhere.
   */
  simultaneous: z
    .object({
      /** Lower bound of the ratio. */
      low: z.number(),
      /** Its upper bound. */
      high: z.number(),
      /** Number of comparisons that are corrected together. */
      comparisons: z.number().int().positive(),
    })
    .optional(),
  /** Ratio of the 95th percentiles, with a conservative interval; absent below 20 values. */
  tail: z
    .object({
      /** 95th percentile of this runtime, in the metric's unit. */
      p95: z.number(),
      /** The same of the baseline. */
      baselineP95: z.number(),
      /** `p95` ÷ `baselineP95`. */
      ratio: z.number(),
      ...boundsShape,
    })
    .optional(),
  /** Two groups of values, the smaller values first; absent where they are not significantly two. */
  groups: z
    .array(
      z.object({
        /** Fraction of the values that are in the group. */
        share: z.number(),
        /** Their geometric mean, in the metric's unit. */
        mean: z.number(),
      }),
    )
    .length(2)
    .optional(),
  /** What an inconclusive headline needs; absent on every other row. */
  needs: needsSchema.optional(),
  messages: messageRefsSchema.optional(),
});
export type SummaryRow = Readonly<z.infer<typeof summaryRowSchema>>;

/** A value of an option of a runtime, and the value that it is compared with. */
export const factorLevelShape = {
  /** Name of the option. */
  factor: z.string(),
  /** Its value. */
  level: z.string(),
  /** The value that this one is compared with. */
  reference: z.string(),
};

/**
 * What an option of a runtime changes in the headline of one subject: a row of effects.csv. It is told within each block,
 * over all arms of a design, so that `pairs` are the blocks that hold them.
 */
const effectRowSchema = summaryRowSchema
  .pick({
    ...{ profile: true, layer: true, workload: true, params: true, engine: true, category: true },
    ...{ metric: true, unit: true, better: true, ratioCiLow: true },
    ...{ ratioCiHigh: true, ratio90Low: true, ratio90High: true, simultaneous: true, p: true },
    ...{ pAdjusted: true, verdict: true, family: true, note: true, messages: true },
  })
  .extend({
    /** Name of the design. */
    design: z.string(),
    ...factorLevelShape,
    /**
     * Of an interaction, the other option: `ratio` is what the first changes at this one's level ÷ what it changes at this
     * one's reference. Absent where `ratio` is that of the levels of one option, the geometric mean over the others.
     */
    beside: z.object({ ...factorLevelShape }).optional(),
    /** Blocks that hold every arm by which it is told. */
    pairs: z.number().int(),
    /** Level ÷ reference, within blocks (Hodges–Lehmann); null where there is none: see `note`. */
    ratio: z.number().nullable(),
    /** Effects that the ratio holds as well, such as `a×b`; empty where there are none. */
    aliases: z.array(z.string()),
  });
export type EffectRow = Readonly<z.infer<typeof effectRowSchema>>;

/** Two versions of one family's runtime in a run, the newer compared with the older in the same blocks. */
const versionPairSchema = z.object({
  /** Id of the family. */
  family: z.string(),
  /** Name of the runtime with the older version. */
  older: z.string(),
  /** Name of the runtime with the newer version. */
  newer: z.string(),
  /** What the older program says of its version. */
  olderVersion: z.string(),
  /** What the newer program says of its version. */
  newerVersion: z.string(),
  /** newer ÷ older; of a run whose baseline is the older one, the rows of the run. */
  rows: z.array(summaryRowSchema),
});
export type VersionPair = Readonly<z.infer<typeof versionPairSchema>>;

/**
 * Noise floor: how much the baseline may differ from itself, per class of metrics (`category/kind`). It decides
 * nothing; see `aaCheck`. Exists where the run measured the baseline twice. Bounds are null where no comparison of the
 * class has an interval.
 */
const noiseFloorSchema = z.object({
  /** `category/kind` of the metrics. */
  class: z.string(),
  /** 1/ratioHigh. */
  ratioLow: z.number().nullable(),
  /** The bound farthest from 1, as a ratio above 1, over the class's intervals of A/A control ÷ baseline. */
  ratioHigh: z.number().nullable(),
  /** Sum of the paired blocks of all comparisons of the class. */
  pairs: z.number().int(),
  /** True if the baseline differs from itself by more than noise in a comparison of this class. */
  differs: z.boolean(),
});
export type NoiseFloor = Readonly<z.infer<typeof noiseFloorSchema>>;
/** A property of a cell that is not a quantity: a row of facts.csv. `value` is what a container printed: untrusted. */
const factRowSchema = z.object({
  runtime: z.string(),
  profile: z.string(),
  layer: layerSchema,
  workload: z.string(),
  params: z.string(),
  /** Absent where the run has one only. */
  engine: z.string().optional(),
  /** Name of the fact, such as `kernel.release`. */
  id: z.string(),
  /** The most frequent value of the trials; of equally frequent ones, the first. */
  value: z.string(),
  /** Number of trials that reported this id. */
  trials: z.number().int().positive(),
  /** True if some trials reported another value. */
  varies: z.boolean(),
  /** Messages of `value`; absent where ocibench did not write it. */
  messages: messageRefsSchema.optional(),
});
export type FactRow = Readonly<z.infer<typeof factRowSchema>>;

/** A cell whose headline values do not look like those of a steady source. */
const unsteadySchema = cellSchema.extend({
  /** Which property of a steady source is missing. */
  kind: z.enum(['drift', 'autocorrelation', 'two-groups']),
  /** Rank correlation with time; lag-1 autocorrelation; ratio of the two groups' geometric means. */
  value: z.number(),
  /** Number of values. */
  n: z.number().int(),
  /** Adjusted by Holm's method over all cells of the run. */
  p: z.number(),
});
export type Unsteady = Readonly<z.infer<typeof unsteadySchema>>;

/** Whether the verdicts depend on trials that ran while the host was disturbed. */
const sensitivitySchema = z.object({
  /** Measured trials with a flag. */
  flagged: z.number().int(),
  /** Headline comparisons that have an interval. */
  verdicts: z.number().int(),
  /** Number of these that have no verdict without the flagged trials. */
  tooFew: z.number().int(),
  /** Those whose verdict changes without the flagged trials. */
  changed: z.array(
    cellSchema.extend({
      /** With all trials: the published one. */
      verdict: verdictSchema,
      /** Without the flagged trials. */
      without: verdictSchema,
    }),
  ),
});
export type Sensitivity = Readonly<z.infer<typeof sensitivitySchema>>;

/** A statement about a family of runtimes that courses teach (`taught` of `core/runtimes/family.ts`), by its content. */
const taughtIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,59}$/, 'must be the id of a statement, such as gvisor-slower');
export type TaughtId = z.infer<typeof taughtIdSchema>;

/** One comparison that a statement covers. */
const taughtCaseSchema = z.object({
  profile: z.string(),
  layer: layerSchema,
  workload: z.string(),
  params: z.string(),
  /** Absent where the run has one only. */
  engine: z.string().optional(),
  /** Id of the metric. */
  metric: z.string(),
  /** Cost of the runtime as a factor of the baseline: the ratio for times and amounts, its inverse for rates. */
  factor: z.number(),
  /** Lower end of the factor's 95 % interval; null where it has none. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
  /**
   * - `holds`: as taught.
   * - `below`, `above`: outside the taught range.
   * - `fails`: a taught difference does not exist, or the reverse.
   * - `undecided`: the interval allows both.
   */
  outcome: z.enum(['holds', 'below', 'above', 'fails', 'undecided']),
});
export type TaughtCase = Readonly<z.infer<typeof taughtCaseSchema>>;

/** What this run shows about one statement for one runtime. */
const taughtClaimSchema = z.object({
  id: taughtIdSchema,
  /** The runtime's name in daemon.json; null where the run has no runtime that the statement covers. */
  runtime: z.string().nullable(),
  /** What the cases say as a whole. */
  status: z.enum(['confirmed', 'refuted', 'partly', 'undecided', 'not-measurable']),
  /**
   * Why the statement could not be tested; null where it was. `no-application`: the run has cases, but none of a program's
   * own work, so that the statement stays undecided.
   */
  reason: z.enum(['no-runtime', 'unavailable', 'baseline', 'nothing-measured', 'no-application']).nullable(),
  /** From the cheapest to the costliest. */
  cases: z.array(taughtCaseSchema),
});
export type TaughtClaim = Readonly<z.infer<typeof taughtClaimSchema>>;

/** One subject of a category, and its cost as a factor of the baseline. */
const memberSchema = z.object({
  workload: z.string(),
  params: z.string(),
  /** Cost as a factor of the baseline: the ratio, inverted for rates. */
  cost: z.number(),
  ...boundsShape,
});

/**
 * What one runtime costs in one category: the geometric mean of the cost ratios of its subjects (rates inverted, so that
 * above 1 always costs more), weighted by their precision and the spread between them, within each block.
 */
const categoryEstimateSchema = z.object({
  runtime: z.string(),
  category: categorySchema,
  layer: layerSchema,
  /** Absent where the run has one only. */
  engine: z.string().optional(),
  /** The profile that is compared with the run's first under the same runtime; absent in estimates of runtimes. */
  profile: z.string().optional(),
  /** Subjects in the estimate; one is named by `smallest`. */
  subjects: z.number().int().positive(),
  /** Blocks that hold at least one of them. */
  blocks: z.number().int().positive(),
  /** The estimate: cost as a factor of the baseline. */
  cost: z.number(),
  ...boundsShape,
  /** Lower end of the 90 % interval; null where there is none. */
  low90: z.number().nullable(),
  /** Its upper end; null likewise. */
  high90: z.number().nullable(),
  /** Of the t test that the cost is 1, uncorrected; null where nothing could be tested. */
  p: z.number().nullable(),
  /**
   * By Holm's method over all runtimes and categories of the run, or of an extension at its own level; null where `p`
   * is.
   */
  pAdjusted: z.number().nullable(),
  /** Spread between the subjects: exp of the standard deviation of their true log cost ratios; 1 is none. */
  tau: z.number(),
  /** The cheapest subject observed; no claim is made about it. */
  smallest: memberSchema,
  /** The costliest subject observed; no claim is made about it. */
  largest: memberSchema,
  /** What is claimed; in the category memory `less` and `more`. */
  verdict: verdictSchema,
  /** What an inconclusive one needs; absent on every other one. */
  needs: needsSchema.optional(),
});
export type CategoryEstimate = Readonly<z.infer<typeof categoryEstimateSchema>>;

/** What a profile changes inside the containers of a runtime, by the facts that `isolation/facts` told. */
const profileEffectSchema = z.object({
  runtime: z.string(),
  profile: z.string(),
  /** Absent where the run has one only. */
  engine: z.string().optional(),
  /** Facts that differ from those under the first profile. */
  changed: z.array(
    z.object({
      /** Name of the fact. */
      id: z.string(),
      /** Under the first profile. */
      before: z.string(),
      /** Under this one. */
      after: z.string(),
    }),
  ),
  /** Options, by their keys in `config.profiles`, whose effect the facts show. */
  applied: z.array(z.string()),
  /** Options that a fact would show and none does: this runtime did not apply them. */
  notApplied: z.array(z.string()),
  /** Options that no fact shows. */
  unseen: z.array(z.string()),
  /**
   * Profiles of the same runtime that separate better by a fact, worse by none, and cost no more in any category, but for what does
   * not matter in practice.
   */
  dominatedBy: z.array(z.string()),
});
export type ProfileEffect = Readonly<z.infer<typeof profileEffectSchema>>;

/** Whether the baseline, measured twice, differs from itself by more than chance, over all headlines together. */
const aaCheckSchema = z.object({
  /** Headline comparisons of the A/A control. */
  comparisons: z.number().int(),
  /** Root mean square of their normal scores; about 1 where the method holds. Null without comparisons. */
  rms: z.number().nullable(),
  /** Exceeded by chance once in a hundred runs; null without comparisons. */
  limit: z.number().nullable(),
  /** Factor by which all intervals of the run are widened: `rms` beyond the limit, else 1. */
  widening: z.number().min(1),
});
export type AaCheck = Readonly<z.infer<typeof aaCheckSchema>>;

/** What follows from the records of a run: estimates, verdicts, facts and doubts. */
export const analysisSchema = z.object({
  /** Changes when a key changes its meaning. */
  schemaVersion: z.literal(schemaVersion),
  /** Names how this ocibench makes figures of records: method, columns, words. */
  figures: z.string(),
  /** Id of the run, which names its directory. */
  runId: z.string(),
  /** The runtime with which the others are compared. */
  baseline: z.string(),
  /** Measured blocks, without warm-up. */
  blocks: z.number().int(),
  /** Number of trials by outcome. */
  trials: z.object({
    /** Measured trials that gave values. */
    ok: z.number().int(),
    /** Measured trials that failed or timed out. */
    failed: z.number().int(),
    /** Trials of warm-up blocks, which are never analysed. */
    warmup: z.number().int(),
  }),
  /** What claims were decided by. */
  thresholds: z.object({
    /** Differences below this fraction do not matter in practice. */
    practical: z.number(),
    /** Significance level. */
    alpha: z.number(),
    /** Confidence level of the intervals. */
    confidence: z.number(),
  }),
  rows: z.array(summaryRowSchema),
  /** Each runtime in an engine beside itself in the run's first engine; absent where the run has one only. */
  engines: z.array(summaryRowSchema).optional(),
  /**
   * Each runtime under a profile beside itself under the run's first profile, for every cell that is not of the first; absent where
   * the run names no further profiles.
   */
  profiles: z.array(summaryRowSchema).optional(),
  /** What each further profile costs each runtime in each category, beside the first; absent likewise. */
  profileCategories: z.array(categoryEstimateSchema).optional(),
  /** What each profile changes inside containers; absent where that was not told under more than one. */
  profileEffects: z.array(profileEffectSchema).optional(),
  /** Absent where no two runtimes differ by their version alone. */
  versions: z.array(versionPairSchema).optional(),
  /** What each option of a runtime changes; absent where the run has no design. */
  effects: z.array(effectRowSchema).optional(),
  /** Empty where the baseline was measured only once. */
  noiseFloor: z.array(noiseFloorSchema),
  facts: z.array(factRowSchema),
  /** Drift, autocorrelation and bimodality, where significant. */
  unsteady: z.array(unsteadySchema),
  /** null where no trial was flagged, or noise was not recorded. */
  sensitivity: sensitivitySchema.nullable(),
  /** Statements of courses about these runtimes, compared with this run. */
  taughtClaims: z.array(taughtClaimSchema),
  /** Runtimes whose guests were emulated in software, and the emulator. Absent where there are none. */
  emulatedGuests: z
    .array(
      z.object({
        runtime: z.string(),
        /** The emulator, such as `QEMU TCG`. */
        by: z.string(),
      }),
    )
    .optional(),
  /** What each runtime costs in each category. */
  categories: z.array(categoryEstimateSchema),
  /** Whether the baseline, measured twice, differs from itself. Null where it was measured once. */
  aaCheck: aaCheckSchema.nullable(),
  /** Measured blocks that hold every cell which was ever measured. */
  completeBlocks: z.number().int(),
  /** Starts taken apart by layer. Absent where the run has one layer. */
  layers: z.array(layerStackSchema).optional(),
  /** Doubts about the run as a whole; every report shows them first. */
  warnings: z.array(
    z.object({
      /** Short and stable, for programs: `aa-differs`, `duet` … */
      code: z.string(),
      /** One sentence for people. */
      message: z.string(),
      messages: messageRefsSchema.optional(),
    }),
  ),
});
export type Analysis = Readonly<z.infer<typeof analysisSchema>>;
