import * as z from 'zod';

/** What the time series of one trial cost the harness, and what it missed. Costs are wall time in ns. */
export const samplingSchema = z.object({
  periodMs: z.number().positive(),
  readings: z.number().int(),
  /** Of all readings of the cgroup together; each one's own is in readings.jsonl. */
  costNs: z.number(),
  maxCostNs: z.number(),
  /** Periods without a reading of their own: the harness was busy, or readings took longer than they may. */
  skipped: z.number().int(),
  /** Readings and process scans that failed, and the first one's message. */
  failed: z.number().int(),
  failure: z.string().nullable(),
  processScans: z.number().int(),
  /** Of all process scans together. */
  processScanNs: z.number(),
});
export type Sampling = Readonly<z.infer<typeof samplingSchema>>;

/** The same over a whole run. Null: the run is older than the figure, or there is nothing to take a mean of. */
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
