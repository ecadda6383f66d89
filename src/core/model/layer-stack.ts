import * as z from 'zod';
import { layerSchema } from './cell.ts';

/**
 * What a start goes through, from the bottom to the top:
 * - `process`: a process is started, prints and ends;
 * - `namespaces`: it gets namespaces and a root of its own;
 * - `runtime`: the OCI runtime's program reads a bundle and makes the container;
 * - `containerd`: containerd, and a shim of the container;
 * - `docker`: dockerd.
 */
const stackPartSchema = z.enum(['process', 'namespaces', 'runtime', 'containerd', 'docker']);
export type StackPart = z.infer<typeof stackPartSchema>;

const intervalSchema = z.object({
  /** In ns. */
  estimate: z.number(),
  /** Lower end of the 95 % interval; null where there are too few values for one. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
  /** Values, or pairs of values of the same block, that it is made from. */
  n: z.number().int(),
});
export type StackInterval = Readonly<z.infer<typeof intervalSchema>>;

/** One runtime's start taken apart: what each layer adds to the one below, for one workload. */
export const layerStackSchema = z.object({
  runtime: z.string(),
  workload: z.string(),
  params: z.string(),
  /** Which engine is at the top; absent where the run has one only. */
  engine: z.string().optional(),
  /** `startup.to_output`: until the first output; `startup.total`: until the container is gone. */
  metric: z.enum(['startup.to_output', 'startup.total']),
  /**
   * From the bottom to the top. The lowest layer's own values are first, without what the harness takes to mount the image; each other step is the Hodges–Lehmann estimate of the
   * differences to the next lower layer that was measured, within blocks, and may be negative.
   */
  steps: z.array(
    intervalSchema.extend({
      /** What it holds; several where the layers between were not measured. */
      parts: z.array(stackPartSchema).min(1),
    }),
  ),
  /** The highest layer that was measured. */
  top: layerSchema,
  /** Median there. */
  whole: intervalSchema,
  /** Sum of the steps' estimates: near `whole`, since medians of differences need not add up exactly. */
  sum: z.number(),
  /** What is above the runtime: differences of the highest layer and the runtime alone. Null where one was not measured. */
  above: intervalSchema.nullable(),
  /** What Docker's default bridge adds to the whole; null where the workload was not measured with it. */
  network: intervalSchema.nullable(),
  /** Other ways to the same container, which are no part of the stack. */
  beside: z.array(
    intervalSchema.extend({
      /** Which. */
      layer: layerSchema,
      /**
       * What it adds to the layer of the stack that it stands on: the differences to it within blocks. Absent where it stands
       * on none, or that was not measured.
       */
      adds: intervalSchema.extend({ to: layerSchema }).optional(),
    }),
  ),
});
export type LayerStack = Readonly<z.infer<typeof layerStackSchema>>;
