import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { engineFactsSchema, hostFactsSchema } from '../../../core/model/machine/host.ts';
import { runtimeFactsSchema } from '../../../core/model/runtime/runtime.ts';
import { unitSchema } from '../../../core/model/workload/metric.ts';

/** Increase this when the meaning of calibration.json changes. */
export const calibrationVersion = 1;

/**
 * - `pass`: the whole interval of the measured amount lies within the tolerance around the injected amount.
 * - `fail`: no part of the interval does.
 * - `inconclusive`: the interval is too wide (`needs` says what would settle it), or the error is near the limit.
 * - `absent`: the figure does not exist here; the note says why.
 */
const calibrationVerdictSchema = z.enum(['pass', 'fail', 'inconclusive', 'absent']);
export type CalibrationVerdict = z.infer<typeof calibrationVerdictSchema>;

/** A known, injected amount and what the collector measured. */
const calibrationCheckSchema = z.object({
  /** Stable, for programs: `cpu-100ms`, `forks` … */
  id: z.string(),
  runtime: z.string(),
  /** The figure under test, by its metric id. */
  metric: z.string(),
  /** Name of the check, for people. */
  title: z.string(),
  /** `difference`: in `unit`; `ratio`: a quotient without a unit. */
  scale: z.enum(['difference', 'ratio']),
  /** `at-least`: the figure may exceed the injected amount, for a reason that docs/accounting.md gives. */
  relation: z.enum(['equal', 'at-least']),
  unit: unitSchema,
  /** The known amount; null if it could not be read. */
  injected: z.number().nullable(),
  /** The estimate; null if there is none. */
  measured: z.number().nullable(),
  /** Lower end of the 95 % confidence interval of `measured`; null with fewer than six pairs. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
  /** Largest error that passes: in `unit`, or as a fraction for a ratio. */
  tolerance: z.number(),
  /** Number of pairs: a trial with the injection and a trial without. */
  n: z.number().int(),
  verdict: calibrationVerdictSchema,
  /** Explanation of the verdict; may be empty. */
  note: z.string(),
  /** Effort that would settle an inconclusive check at its scatter so far; absent if nothing would. */
  needs: z
    .object({
      /** Number of missing pairs. */
      morePairs: z.number().int(),
      /** Their wall time. */
      moreMs: z.number(),
    })
    .optional(),
  /** Messages of `title` and `note`; absent if neither is ocibench’s. */
  messages: messageRefsSchema.optional(),
});
export type CalibrationCheck = Readonly<z.infer<typeof calibrationCheckSchema>>;

/** A process that used the CPUs of a busy host. */
const busyProcessSchema = z.object({
  /** Process id on this host. */
  pid: z.number().int(),
  /** Its program; with its script if it is an interpreter. */
  name: z.string(),
  /** Short id of its container; null if it is in none. */
  container: z.string().nullable(),
  /** CPU time over wall time: 1 is one whole CPU. */
  cpuShare: z.number(),
});

/** Result of `ocibench doctor calibrate`. */
export const calibrationSchema = z.object({
  /** Changes when a key changes its meaning. */
  calibrationVersion: z.literal(calibrationVersion),
  /** Name of its directory below `results/`. */
  calibrationId: z.string(),
  /** ISO 8601, wall clock. */
  startedAt: z.string(),
  /** ISO 8601, wall clock. */
  finishedAt: z.string(),
  /** Version of ocibench. */
  harnessVersion: z.string(),
  /** Seed of the random order. */
  seed: z.number().int(),
  host: hostFactsSchema,
  engine: engineFactsSchema,
  runtimes: z.array(runtimeFactsSchema),
  checks: z.array(calibrationCheckSchema),
  /** What others used of the host's CPUs before anything was measured; null if it was quiet. */
  busy: z
    .object({
      /** Share of the time of all CPUs, steal included. */
      share: z.number(),
      /** Share that the hypervisor gave to other guests. */
      stolen: z.number(),
      /** Who used most, largest share first. */
      by: z.array(busyProcessSchema).readonly(),
    })
    .nullable(),
  /** Whether the user stopped it. */
  interrupted: z.boolean(),
});
export type Calibration = Readonly<z.infer<typeof calibrationSchema>>;
