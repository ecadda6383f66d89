import * as z from 'zod';
import { layerSchema } from './cell.ts';

/**
 * The parts of a start, from the bottom to the top:
 * - `process`: a process is started, prints and ends;
 * - `namespaces`: it gets namespaces and a root of its own;
 * - `runtime`: the OCI runtime's program reads a bundle and makes the container;
 * - `containerd`: containerd, and a shim of the container;
 * - `docker`: dockerd.
 */
const stackPartSchema = z.enum(['process', 'namespaces', 'runtime', 'containerd', 'docker']);
export type StackPart = z.infer<typeof stackPartSchema>;

const intervalSchema = z.object({
  /** Time, ns. */
  estimate: z.number(),
  /** Lower end of the 95 % interval; null where there are too few values for one. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
  /** Number of values, or of pairs of values of the same block, from which it is computed. */
  n: z.number().int(),
});
export type StackInterval = Readonly<z.infer<typeof intervalSchema>>;

/** The start time of one runtime split by layer, for one workload: each step is the time that a layer adds to the one below. */
export const layerStackSchema = z.object({
  runtime: z.string(),
  workload: z.string(),
  params: z.string(),
  /** Name of the engine at the top; absent where the run has only one. */
  engine: z.string().optional(),
  /** `startup.to_output`: until the first output; `startup.total`: until the container is gone. */
  metric: z.enum(['startup.to_output', 'startup.total']),
  /**
   * From the bottom to the top, by Hodges–Lehmann estimates: first the lowest layer's own values, without the time in
   * which the harness mounts the image; then the differences to the next lower layer that was measured, within blocks,
   * which may be negative.
   */
  steps: z.array(
    intervalSchema.extend({
      /** Parts of the start in this step; several where the layers between them were not measured. */
      parts: z.array(stackPartSchema).min(1),
    }),
  ),
  /** The highest layer that was measured. */
  top: layerSchema,
  /** Median of the highest layer. */
  whole: intervalSchema,
  /** Sum of the steps' estimates; close to `whole`, since medians of differences need not add up exactly. */
  sum: z.number(),
  /** Time above the runtime: differences between the highest layer and the runtime alone. Null where one was not measured. */
  above: intervalSchema.nullable(),
  /** Time that Docker's default bridge adds to the whole; null where the workload was not measured with it. */
  network: intervalSchema.nullable(),
  /** Other ways to start the same container, which are not part of the stack. */
  beside: z.array(
    intervalSchema.extend({
      /** The layer of this way. */
      layer: layerSchema,
    }),
  ),
});
export type LayerStack = Readonly<z.infer<typeof layerStackSchema>>;
