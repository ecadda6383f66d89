import * as z from 'zod';

/** What the time series of one trial cost the harness, and which readings it missed. Costs are wall time in ns. */
export const samplingSchema = z.object({
  /** Time between two readings, as was asked for. */
  periodMs: z.number().positive(),
  /** Number of readings. */
  readings: z.number().int(),
  /** All readings of the cgroup together; readings.jsonl has the cost of each. */
  costNs: z.number(),
  /** The longest reading. */
  maxCostNs: z.number(),
  /** Periods without their own reading: the harness was busy, or readings took too long. */
  skipped: z.number().int(),
  /** Number of failed readings and process scans. */
  failed: z.number().int(),
  /** The first one's message; null where none failed. */
  failure: z.string().nullable(),
  /** Number of scans of processes. */
  processScans: z.number().int(),
  /** All process scans together. */
  processScanNs: z.number(),
});
export type Sampling = Readonly<z.infer<typeof samplingSchema>>;

/** The same over a whole run. Null where there are no values. */
export const samplerCostSchema = z.object({
  /** Number of readings. */
  readings: z.number().int(),
  /** Mean of their costs. */
  meanCostNs: z.number(),
  /** The longest reading. */
  maxCostNs: z.number().nullable(),
  /** Time between two readings, as was asked for. */
  periodMs: z.number().positive().nullable(),
  /** Periods without their own reading. */
  skipped: z.number().int().nullable(),
  /** Number of failed readings and process scans. */
  failed: z.number().int().nullable(),
  /** Number of scans of processes. */
  processScans: z.number().int().nullable(),
  /** Mean of their costs. */
  meanProcessScanNs: z.number().nullable(),
});
export type SamplerCost = Readonly<z.infer<typeof samplerCostSchema>>;

/** Bounds of the remaining measuring time, ms. */
export interface TimeLeft {
  readonly minMs: number;
  readonly maxMs: number;
}
