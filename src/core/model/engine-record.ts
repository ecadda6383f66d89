import * as z from 'zod';
import { engineFactsSchema } from './host.ts';

/** A program of an engine, by the file that its process really executes. */
const engineProgramSchema = z.object({
  /** What it is to the engine. */
  role: z.enum(['dockerd', 'containerd', 'shim']),
  /** What `/proc/PID/exe` led to. */
  path: z.string(),
  /** As the engine or the program says; null where neither does. */
  version: z.string().nullable(),
  /** sha256 of the running file, hex; null where it could not be read. */
  sha256: z.string().nullable(),
});
export type EngineProgram = Readonly<z.infer<typeof engineProgramSchema>>;

/** A runtime as one of several engines finds it. */
const foundRuntimeSchema = z.object({
  /** Its name in daemon.json. */
  name: z.string(),
  /** Its program, by the PATH of the running containerd; null where there is none. */
  path: z.string().nullable(),
  /** As the program prints it; null where it does not. */
  version: z.string().nullable(),
  /** sha256 of the program, hex; null where there is none. */
  sha256: z.string().nullable(),
});

/** One of the engines that a run names, and what really ran. */
export const engineRecordSchema = z.object({
  /** Its name in cells. */
  name: z.string().min(1),
  facts: engineFactsSchema,
  /** dockerd, containerd and a shim while a container ran. */
  programs: z.array(engineProgramSchema),
  /** The runtimes of the run as this engine finds them. */
  runtimes: z.array(foundRuntimeSchema),
});
export type EngineRecord = Readonly<z.infer<typeof engineRecordSchema>>;
