import * as z from 'zod';
import { messageRefsSchema } from '../../messages/schema.ts';
import { unitSchema } from '../workload/metric.ts';

/** The reference with which the figure of a gate is compared; docs/nightly.md explains `last` and `accepted`. */
export const gateReferenceSchema = z.enum(['baseline', 'pinned', 'last', 'accepted']);
export type GateReference = z.infer<typeof gateReferenceSchema>;

/**
 * Verdict by the 95 % interval.
 *
 * - `holds`: the whole interval is within the limit.
 * - `broken`: the whole interval is beyond it.
 * - `cannot-tell`: the limit lies within the interval, or there is no reliable interval.
 */
const gateVerdictSchema = z.enum(['holds', 'broken', 'cannot-tell']);
export type GateVerdict = z.infer<typeof gateVerdictSchema>;

/** The result of one limit. A limit on a workload with several sets of parameters has one result for each. */
const gateResultSchema = z.object({
  /** Distinguishes it from other lines of `nightly --json`. */
  kind: z.literal('gate'),
  /** Such as `runsc startup/echo < 2.1x`. */
  expression: z.string(),
  /** Verdict by the interval. */
  verdict: gateVerdictSchema,
  /** A ratio, or a value in `unit`; null where nothing was measured. */
  estimate: z.number().nullable(),
  /** 95 % interval; null where there are too few blocks. */
  interval: z
    .object({
      /** Its lower end. */
      low: z.number(),
      /** Its upper end. */
      high: z.number(),
    })
    .nullable(),
  /** The limit in the same unit as `estimate`: `< +10%` is a ratio of 1.1. */
  limit: z.number(),
  /** Unit of `estimate`, `interval` and `limit`; null: they are ratios. */
  unit: unitSchema.nullable(),
  /** Explanation of the verdict. */
  message: z.string(),
  messages: messageRefsSchema.optional(),
});
export type GateResult = Readonly<z.infer<typeof gateResultSchema>>;

/** Output of `ocibench nightly gate --json`. */
export const gateReportSchema = z.object({
  /** Id of the run that was judged. */
  run: z.string(),
  /** `broken` if any result is, else `cannot-tell` if any is, else `holds`. */
  verdict: gateVerdictSchema,
  /** Results in the order of the configuration. */
  results: z.array(gateResultSchema),
});
export type GateReport = Readonly<z.infer<typeof gateReportSchema>>;

/** The combined verdict of all limits. */
export function gateVerdict(results: readonly Pick<GateResult, 'verdict'>[]): GateVerdict {
  const found = new Set(results.map(({ verdict }) => verdict));
  return found.has('broken') ? 'broken' : found.has('cannot-tell') ? 'cannot-tell' : 'holds';
}
