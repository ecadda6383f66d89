import * as z from 'zod';
import { runIdSchema } from '../../../core/model/run/run.ts';
import { cellSchema } from '../../../core/model/trial/cell.ts';
import { processIdentitySchema } from '../../../core/model/trial/process-identity.ts';
import { betterSchema, categorySchema, unitSchema } from '../../../core/model/workload/metric.ts';

/** Increase this when the meaning of a line changes; readers skip lines of unknown versions. */
export const historyVersion = 1;

/** The calendar day (UTC) on which a night's run began. */
const nightSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day: YYYY-MM-DD');

const lineShape = {
  schema: z.literal(historyVersion),
  night: nightSchema,
  /** Start of the run, or of the night if there is no run; for other lines, the time of writing. ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** 16 hex digits that identify the host. */
  host: z.string(),
};

/** A program of a runtime. */
const programSchema = z.object({
  /** Version as the program prints it; null if it could not be asked. */
  version: z.string().nullable(),
  sha256: z.string().nullable(),
  /** One sha256 over the programs beside it; absent if there are none. */
  sidecars: z.string().nullable().optional(),
});

/** Versions and host facts that may change from night to night. */
const nightProvenanceSchema = z.object({
  harness: z.string(),
  kernel: z.string(),
  cpu: z.string(),
  /** Number of its CPUs; absent in lines of before 30 November 2026. */
  cpus: z.number().int().positive().optional(),
  /** Microcode version from /proc/cpuinfo; null if missing there. */
  microcode: z.string().nullable(),
  /** sha256 of the names and states, the first 16 hex digits. */
  mitigations: z.string(),
  governor: z.string().nullable(),
  engine: z.string(),
  engineVersion: z.string(),
  containerd: z.string().nullable(),
  cgroup: z.string(),
  /** Settings of the daemon that apply to all containers, and its drivers; absent in lines of before 30 November 2026. */
  daemon: z.record(z.string(), z.string()).optional(),
  /** Programs of the runtime and of its reference; `reference` is null for the baseline's own values. */
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
 * - `against: 'baseline'`: a pinned runtime ÷ the pinned baseline. Only a change of engine, kernel or host moves it.
 * - `against: 'none'`: the value of the pinned baseline itself.
 *
 * Whole categories have ratios, too: then `workload` is the category, `metric` is `cost`, and above 1 always means higher cost.
 */
export const headlineLineSchema = cellSchema.extend({
  kind: z.literal('headline'),
  ...lineShape,
  run: runIdSchema,
  /** `night`: from the blocks of the night's run. `confirmation`: from the blocks added because the figure was suspect. */
  stage: z.enum(['night', 'confirmation']),
  /** Identifies the series over the nights; includes the profile unless it is `default`. */
  series: z.string(),
  category: categorySchema,
  metric: z.string(),
  unit: unitSchema,
  better: betterSchema,
  against: z.enum(['pin', 'baseline', 'none']),
  /** Name of the runtime it is compared with; null for values. */
  reference: z.string().nullable(),
  /** Ratio, or for `none` the geometric mean of the values, with a 95 % interval; null bounds: no interval. */
  estimate: z.number().positive(),
  low: z.number().positive().nullable(),
  high: z.number().positive().nullable(),
  /** Standard error of the logarithm of the estimate, and its degrees of freedom. */
  logError: z.number().nonnegative(),
  df: z.number().positive(),
  /** Number of paired blocks; for `none`, of blocks. */
  pairs: z.number().int().positive(),
  /** Median of the runtime's own values, in `unit`; for a category, its estimate. */
  median: z.number(),
  failures: z.number().int().nonnegative(),
  /** Nights that it counts as in a level that is not known yet: it was learnt in one evening. Absent: one. */
  counts: z.number().int().positive().optional(),
  /** Share of its trials that ran while the host was disturbed, 0 to 1. */
  disturbed: z.number().min(0).max(1),
  provenance: nightProvenanceSchema,
});
export type HeadlineLine = Readonly<z.infer<typeof headlineLineSchema>>;

/**
 * The start of a night. The `night` line whose `began` is this line's `at` closes it. A night without that line whose process
 * is gone was killed.
 */
const begunLineSchema = z.object({ kind: z.literal('begun'), ...lineShape, process: processIdentitySchema });
export type BegunLine = Readonly<z.infer<typeof begunLineSchema>>;

/** A night as a whole. It follows its headlines, which do not count without it. */
const nightLineSchema = z.object({
  kind: z.literal('night'),
  ...lineShape,
  /** The `at` of the `begun` line of this night. */
  began: z.iso.datetime(),
  /** null if nothing was measured. */
  run: runIdSchema.nullable(),
  stage: z.enum(['night', 'confirmation']),
  status: z.enum(['measured', 'interrupted', 'skipped', 'failed']),
  /** Why nothing was measured, or what is to be known of the night; empty otherwise. */
  reason: z.string(),
  headlines: z.number().int().nonnegative(),
  minutes: z.number().nonnegative(),
  /** The A/A check of the run: root mean square of the normal scores, and the factor that widens all errors. */
  aa: z.object({ rms: z.number().nullable(), widening: z.number().min(1) }).nullable(),
  /** Share of all trials that ran while the host was disturbed. */
  disturbed: z.number().min(0).max(1),
});
export type NightLine = Readonly<z.infer<typeof nightLineSchema>>;

/** The probable cause of an alarm. */
const causeSchema = z.object({
  kind: z.enum(['runtime', 'engine', 'kernel', 'host', 'unknown']),
  /** Changed versions, such as `runc: 1.1.15 → 1.3.6`; empty if no change is known. */
  changed: z.array(z.object({ what: z.string(), was: z.string(), is: z.string() })),
});

/** A confirmed change of one or several series that moved together. */
export const alarmLineSchema = z.object({
  kind: z.literal('alarm'),
  ...lineShape,
  /** Id of the alarm, such as `2026-11-26/1`. */
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
        /** First night of its own change; absent in lines of before 30 November 2026: that of the alarm. */
        since: nightSchema.optional(),
        /** Run of that night, which tells two nights of one day apart. */
        sinceRun: runIdSchema.optional(),
        /** New level ÷ old level, with a 95 % interval. */
        change: z.number().positive(),
        low: z.number().positive(),
        high: z.number().positive(),
        /** Upper bound of the chance of such a confirmation if nothing changed. */
        p: z.number(),
        nights: z.number().int().positive(),
      }),
    )
    .min(1),
});
export type AlarmLine = Readonly<z.infer<typeof alarmLineSchema>>;

/** A user accepted an alarm: its level is the new normal. */
const acceptLineSchema = z.object({
  kind: z.literal('accept'),
  ...lineShape,
  alarm: z.string(),
  why: z.string().min(1),
});
export type AcceptLine = Readonly<z.infer<typeof acceptLineSchema>>;

/** Alarms were handed to a command of the user, and will not be handed over again. */
const notifiedLineSchema = z.object({
  kind: z.literal('notified'),
  ...lineShape,
  /** Ids of the alarms. */
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
