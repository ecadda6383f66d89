import * as z from 'zod';
import { messageRefsSchema } from '../messages/schema.ts';
import { unitSchema } from './metric.ts';

/** What the figure of a gate is held against; docs/nightly.md says what `last` and `accepted` are. */
export const gateReferenceSchema = z.enum(['baseline', 'pinned', 'last', 'accepted']);
export type GateReference = z.infer<typeof gateReferenceSchema>;

/**
 * Judged by the 95 % interval.
 *
 * - `holds`: the whole interval keeps the limit.
 * - `broken`: the whole interval is beyond it.
 * - `cannot-tell`: the limit lies within the interval, or there is no interval that could be trusted.
 */
const gateVerdictSchema = z.enum(['holds', 'broken', 'cannot-tell']);
export type GateVerdict = z.infer<typeof gateVerdictSchema>;

/** What became of one limit. A limit on a workload with several sets of parameters has a result for each. */
const gateResultSchema = z.object({
  /** Tells it from other lines of `nightly --json`. */
  kind: z.literal('gate'),
  /** Such as `runsc startup/echo < 2.1x`. */
  expression: z.string(),
  /** What the interval says. */
  verdict: gateVerdictSchema,
  /** A ratio, or a value in `unit`; null where nothing was measured. */
  estimate: z.number().nullable(),
  /** 95 %; null where there are too few blocks for one. */
  interval: z
    .object({
      /** Its lower end. */
      low: z.number(),
      /** Its upper end. */
      high: z.number(),
    })
    .nullable(),
  /** As `estimate`: `< +10%` is a ratio of 1.1. */
  limit: z.number(),
  /** Unit of the three; null: they are ratios. */
  unit: unitSchema.nullable(),
  /** Why, in words. */
  message: z.string(),
  messages: messageRefsSchema.optional(),
});
export type GateResult = Readonly<z.infer<typeof gateResultSchema>>;

/** What `ocibench gate --json` prints. */
export const gateReportSchema = z.object({
  /** Id of the run that was judged. */
  run: z.string(),
  /** `broken` if one is, else `cannot-tell` if one is, else `holds`. */
  verdict: gateVerdictSchema,
  /** In the order of the configuration. */
  results: z.array(gateResultSchema),
});
export type GateReport = Readonly<z.infer<typeof gateReportSchema>>;

/** What the limits say together. */
export function gateVerdict(results: readonly Pick<GateResult, 'verdict'>[]): GateVerdict {
  const found = new Set(results.map(({ verdict }) => verdict));
  return found.has('broken') ? 'broken' : found.has('cannot-tell') ? 'cannot-tell' : 'holds';
}
