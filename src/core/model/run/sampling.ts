import * as z from 'zod';

/** Cost of the time series of one trial for the harness, and the readings that it missed. Costs are wall time in ns. */
export const samplingSchema = z.object({
  /** Requested time between two readings. */
  periodMs: z.number().positive(),
  /** Number of readings. */
  readings: z.number().int(),
  /** Total cost of reading the cgroup; readings.jsonl has the cost of each reading. */
  costNs: z.number(),
  /** Cost of the longest reading. */
  maxCostNs: z.number(),
  /** Periods without their own reading: the harness was busy, or readings took too long. */
  skipped: z.number().int(),
  /** Number of failed readings and process scans. */
  failed: z.number().int(),
  /** Message of the first failure; null where none failed. */
  failure: z.string().nullable(),
  /** Number of scans of processes. */
  processScans: z.number().int(),
  /** Total cost of the process scans. */
  processScanNs: z.number(),
});
export type Sampling = Readonly<z.infer<typeof samplingSchema>>;

/** Cost of the time series of a whole run. Null where there are no values. */
export const samplerCostSchema = z.object({
  /** Number of readings. */
  readings: z.number().int(),
  /** Mean cost of a reading. */
  meanCostNs: z.number(),
  /** Cost of the longest reading. */
  maxCostNs: z.number().nullable(),
  /** Requested time between two readings. */
  periodMs: z.number().positive().nullable(),
  /** Periods without their own reading. */
  skipped: z.number().int().nullable(),
  /** Number of failed readings and process scans. */
  failed: z.number().int().nullable(),
  /** Number of scans of processes. */
  processScans: z.number().int().nullable(),
  /** Mean cost of a process scan. */
  meanProcessScanNs: z.number().nullable(),
});
export type SamplerCost = Readonly<z.infer<typeof samplerCostSchema>>;

/** Bounds of the remaining measuring time, ms. */
export interface TimeLeft {
  readonly minMs: number;
  readonly maxMs: number;
}
