import * as z from 'zod';
import { more, name, shown } from '../bounded-fields.ts';
import { bounds } from '../bounds.ts';
import { cellSchema } from '../trial/cell.ts';
import { runIdSchema } from './run.ts';

/** Beyond this a value is no spread, and an interval with it no longer a number. */
const mostSpread = 1e6;

/** How much sessions of one host usually differ, as a factor; docs/method.md says where it was measured. */
export const usualSpread = 1.05;

/** How much sessions of one host differ in one value. */
export const sessionSpreadShape = {
  /** Number of sessions that have it. */
  sessions: z.number().int().min(2),
  /**
   * Spread between sessions according to this value alone: exp of the standard deviation of their true logarithms (Paule and
   * Mandel); 1: none beyond the noise of their blocks.
   */
  tau: z.number().min(1).max(mostSpread),
  /** The same according to all values of the runtime together; null where the runtime has no other. */
  sharedTau: z.number().min(1).max(mostSpread).nullable(),
};

/** Most headlines of a run: each cell against the baseline, and against itself under the first profile. */
const mostRows = 2 * bounds.cells;

/** The headline whose spread it is. */
export const spreadOfShape = {
  ...cellSchema.shape,
  /** Profile of the reference of the comparison; absent where it is the same profile. */
  baselineProfile: name().optional(),
  /** Id of the metric. */
  metric: name(),
};

const spreadSchema = z.object({ ...spreadOfShape, ...sessionSpreadShape });
export type SessionSpread = Readonly<z.infer<typeof spreadSchema>>;

/** The host that all sessions ran on. */
export const sessionHostSchema = z.object({
  /** Its id; null where its records have none. */
  id: shown().nullable(),
  hostname: shown(),
  cpuModel: shown(),
  memoryBytes: z.number(),
});

/** Version of combined.json. */
export const combinedVersion = 1;

/** What combined.json says of the spread between sessions, as `compare --sessions` reads it. */
export const sessionSpreadsSchema = z.object({
  combinedVersion: z.literal(combinedVersion),
  host: sessionHostSchema,
  /** The runtime that the others are compared with. */
  baseline: z.string(),
  sessions: z
    .array(z.object({ runId: runIdSchema }))
    .min(2, 'must be two sessions or more')
    .max(bounds.entries, more(bounds.entries)),
  /** Of the ratios to the baseline. */
  comparisons: z.array(spreadSchema).max(mostRows, more(mostRows)),
  /** Of the baseline's own values. */
  baselines: z.array(spreadSchema).max(mostRows, more(mostRows)),
});
export type SessionSpreads = Readonly<z.infer<typeof sessionSpreadsSchema>>;
