import * as z from 'zod';

/** What the time series of one trial cost the harness, and which readings it missed. Costs are wall time in ns. */
export const samplingSchema = z.object({
  periodMs: z.number().positive(),
  readings: z.number().int(),
  /** All readings of the cgroup together; readings.jsonl has the cost of each. */
  costNs: z.number(),
  maxCostNs: z.number(),
  /** Periods without their own reading: the harness was busy, or readings took too long. */
  skipped: z.number().int(),
  /** Number of failed readings and process scans, and the first one's message. */
  failed: z.number().int(),
  failure: z.string().nullable(),
  processScans: z.number().int(),
  /** All process scans together. */
  processScanNs: z.number(),
});
export type Sampling = Readonly<z.infer<typeof samplingSchema>>;

/** The same over a whole run. Null where the run is older than the figure, or there are no values. */
export const samplerCostSchema = z.object({
  readings: z.number().int(),
  meanCostNs: z.number(),
  maxCostNs: z.number().nullable().default(null),
  periodMs: z.number().positive().nullable().default(null),
  skipped: z.number().int().nullable().default(null),
  failed: z.number().int().nullable().default(null),
  processScans: z.number().int().nullable().default(null),
  meanProcessScanNs: z.number().nullable().default(null),
});
export type SamplerCost = Readonly<z.infer<typeof samplerCostSchema>>;
