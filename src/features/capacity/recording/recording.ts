import * as z from 'zod';
import { hostFactsSchema } from '../../../core/model/machine/host.ts';
import { figureSchema } from '../../../core/model/trial/trial.ts';

/** Prefix of the ids of recordings. An id is the name of the recording's directory, beside those of runs. */
export const recordingPrefix = 'recording-';

/** File of a recording in its directory. */
export const recordingFile = 'recording.json';

/** Increase this when the meaning of recording.json changes. */
export const recordingVersion = 1;

/** What is recorded. It ran before, and goes on running. */
const recordingTargetSchema = z.object({
  kind: z.enum(['container', 'cgroup']),
  /** Name given by the user; untrusted. */
  name: z.string(),
  /** The container's runtime, by its name in the engine; null for a cgroup. */
  runtime: z.string().nullable(),
  /** The recorded cgroup, including all below it, relative to the hierarchies' roots. */
  cgroup: z.string(),
});
export type RecordingTarget = Readonly<z.infer<typeof recordingTargetSchema>>;

/** recording.json: what a container or a cgroup used in a window of time. */
export const recordingSchema = z.object({
  recordingVersion: z.literal(recordingVersion),
  /** Id: name of its directory. */
  recordingId: z.string(),
  /** ISO 8601, wall clock. */
  startedAt: z.string(),
  /** Version of ocibench. */
  harnessVersion: z.string(),
  host: hostFactsSchema,
  target: recordingTargetSchema,
  /** Length of the window; CLOCK_MONOTONIC. */
  windowNs: z.number().positive(),
  /** Why it ended: time limit, end of the target, or interrupt by the user. */
  endedBy: z.enum(['time', 'exit', 'interrupt']),
  /**
   * Figures of the window, by name, in base units. `cpu.*`, `io.*` and `network.*` are differences; `memory.*` and `pids.*` are
   * of the reading with the most memory.
   */
  figures: z.record(z.string(), figureSchema),
});
export type Recording = Readonly<z.infer<typeof recordingSchema>>;
