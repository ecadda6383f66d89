import * as z from 'zod';

/** Combinations of options of one runtime that a run measures in the same blocks, to estimate the cost of each option. */
export const designSchema = z.object({
  /** Its name in the configuration, which is also the name of the arm with the reference of every factor. */
  name: z.string().min(1),
  /** The runtime whose options these are. */
  base: z.string().min(1),
  /** The options, in the order of the configuration. */
  factors: z
    .array(
      z.object({
        /** Name of a flag, without dashes, or of a shim's option. */
        name: z.string().min(1),
        /** Its values; the first is the reference, with which the others are compared. */
        levels: z.array(z.string()).min(2),
      }),
    )
    .min(1),
  /** All combinations of the levels, the one with all references first. */
  arms: z
    .array(
      z.object({
        /** Name of the runtime with these options. */
        runtime: z.string().min(1),
        /** The value of each factor, in their order. */
        levels: z.array(z.string()),
      }),
    )
    .min(2),
});
export type Design = Readonly<z.infer<typeof designSchema>>;
