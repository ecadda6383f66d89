import * as z from 'zod';
import { cellSchema } from '../../../core/model/cell.ts';
import { betterSchema, categorySchema, unitSchema } from '../../../core/model/metric.ts';
import { processIdentitySchema } from '../../../core/model/process-identity.ts';
import { runIdSchema } from '../../../core/model/run.ts';

/** Increase this when the meaning of a line changes; readers set unknown versions aside. */
export const historyVersion = 1;

/** The calendar day (UTC) on which a night's run began. */
const nightSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day: YYYY-MM-DD');

const lineShape = {
  schema: z.literal(historyVersion),
  night: nightSchema,
  /** When the run began, or where there is none, the night; of other lines, when they were written. ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** 16 hex digits that identify the host. */
  host: z.string(),
};

/** A program of a runtime. */
const programSchema = z.object({
  /** As it prints it; null where it could not be asked. */
  version: z.string().nullable(),
  sha256: z.string().nullable(),
  /** One sha256 of the programs beside it; absent where there are none. */
  sidecars: z.string().nullable().optional(),
});

/** What may have changed since the night before. */
const nightProvenanceSchema = z.object({
  harness: z.string(),
  kernel: z.string(),
  cpu: z.string(),
  /** As /proc/cpuinfo shows it; null where it does not. */
  microcode: z.string().nullable(),
  /** sha256 of the names and states, the first 16 hex digits. */
  mitigations: z.string(),
  governor: z.string().nullable(),
  engine: z.string(),
  engineVersion: z.string(),
  containerd: z.string().nullable(),
  cgroup: z.string(),
  /** Of the measured runtime, and of what it is held against; null for the baseline's own values. */
  runtime: programSchema,
  reference: programSchema.nullable(),
  /** sha256 of the root file system of the workload's image. */
  image: z.string().nullable(),
  /** sha256 of the workload's parameters and program, the first 16 hex digits. */
  workload: z.string(),
  /** sha256 of the options of the container, the first 16 hex digits; absent for the harness's own. */
  profile: z.string().optional(),
});
export type NightProvenance = Readonly<z.infer<typeof nightProvenanceSchema>>;

/**
 * One figure of one night: a headline of a runtime, alone or against another one that ran in the same blocks.
 *
 * - `against: 'pin'`: a watched runtime ÷ its own pinned copy. Only a change of this runtime moves it.
 * - `against: 'baseline'`: ÷ the pinned baseline. Of a pinned runtime only a change of engine, kernel or host moves it.
 * - `against: 'none'`: the value of the pinned baseline itself.
 *
 * Ratios are also there of whole categories: then `workload` is the category, `metric` is `cost`, and above 1 always costs more.
 */
export const headlineLineSchema = cellSchema.extend({
  kind: z.literal('headline'),
  ...lineShape,
  run: runIdSchema,
  /** `night`: the blocks of the night's run. `confirmation`: those that were added because the figure was suspect. */
  stage: z.enum(['night', 'confirmation']),
  /** Identifies the series over the nights; names the profile where it is not `default`. */
  series: z.string(),
  /** The nights of a series can be compared while this stays the same. */
  key: z.string(),
  category: categorySchema,
  metric: z.string(),
  unit: unitSchema,
  better: betterSchema,
  against: z.enum(['pin', 'baseline', 'none']),
  /** Name of what it is held against; null for values. */
  reference: z.string().nullable(),
  /** Ratio, or for `none` the geometric mean of the values, with a 95 % interval; null bounds where there is none. */
  estimate: z.number().positive(),
  low: z.number().positive().nullable(),
  high: z.number().positive().nullable(),
  /** Standard error of the logarithm of the estimate, and its degrees of freedom. */
  logError: z.number().nonnegative(),
  df: z.number().positive(),
  /** Paired blocks, or blocks for `none`. */
  pairs: z.number().int().positive(),
  /** Median of the runtime's own values, in `unit`; of a category, its estimate. */
  median: z.number(),
  failures: z.number().int().nonnegative(),
  /** Share of its trials that ran while the host was disturbed, 0 to 1. */
  disturbed: z.number().min(0).max(1),
  provenance: nightProvenanceSchema,
});
export type HeadlineLine = Readonly<z.infer<typeof headlineLineSchema>>;

/**
 * A night begins. The `night` line with this line's `at` as its `began` ends it; a night that has none, and whose process is gone,
 * was killed.
 */
const begunLineSchema = z.object({ kind: z.literal('begun'), ...lineShape, process: processIdentitySchema });
export type BegunLine = Readonly<z.infer<typeof begunLineSchema>>;

/** A night as a whole. It follows its headlines: without it they do not count. */
const nightLineSchema = z.object({
  kind: z.literal('night'),
  ...lineShape,
  /** The `at` of the `begun` line of this night. */
  began: z.iso.datetime(),
  /** null where nothing was measured. */
  run: runIdSchema.nullable(),
  stage: z.enum(['night', 'confirmation']),
  status: z.enum(['measured', 'interrupted', 'skipped', 'failed']),
  /** Why it was not measured; empty where it was. */
  reason: z.string(),
  headlines: z.number().int().nonnegative(),
  minutes: z.number().nonnegative(),
  /** The A/A check of the run: root mean square of the normal scores, and the factor of all errors. */
  aa: z.object({ rms: z.number().nullable(), widening: z.number().min(1) }).nullable(),
  /** Share of all trials that ran while the host was disturbed. */
  disturbed: z.number().min(0).max(1),
});
export type NightLine = Readonly<z.infer<typeof nightLineSchema>>;

/** What changed between two nights. */
const causeSchema = z.object({
  kind: z.enum(['runtime', 'engine', 'kernel', 'host', 'unknown']),
  /** What is another version than before, such as `runc: 1.1.15 → 1.3.6`; empty where nothing is known to have changed. */
  changed: z.array(z.object({ what: z.string(), was: z.string(), is: z.string() })),
});

/** A confirmed change of one or several series that moved together. */
export const alarmLineSchema = z.object({
  kind: z.literal('alarm'),
  ...lineShape,
  /** Such as `2026-11-26/1`. */
  id: z.string(),
  run: runIdSchema,
  direction: z.enum(['better', 'worse', 'other']),
  cause: causeSchema,
  /** The first night of the new level. */
  since: nightSchema,
  series: z
    .array(
      z.object({
        series: z.string(),
        /** New level ÷ old level, with a 95 % interval. */
        change: z.number().positive(),
        low: z.number().positive(),
        high: z.number().positive(),
        /** Chance of such a confirmation though nothing changed, at most. */
        p: z.number(),
        nights: z.number().int().positive(),
      }),
    )
    .min(1),
});
export type AlarmLine = Readonly<z.infer<typeof alarmLineSchema>>;

/** Somebody has seen an alarm: what it found is the new level. */
const acceptLineSchema = z.object({
  kind: z.literal('accept'),
  ...lineShape,
  alarm: z.string(),
  why: z.string().min(1),
});
export type AcceptLine = Readonly<z.infer<typeof acceptLineSchema>>;

/** A command of the user's was told of alarms: none of them is told again. */
const notifiedLineSchema = z.object({
  kind: z.literal('notified'),
  ...lineShape,
  /** Their ids. */
  alarms: z.array(z.string()).min(1),
});

/** A line of `history/YYYY-MM.ndjson`. */
export const historyLineSchema = z.discriminatedUnion('kind', [
  headlineLineSchema,
  begunLineSchema,
  nightLineSchema,
  alarmLineSchema,
  acceptLineSchema,
  notifiedLineSchema,
]);
export type HistoryLine = Readonly<z.infer<typeof historyLineSchema>>;
