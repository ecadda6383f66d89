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
  /** The combinations that are measured, the one with all references first. */
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
  /** How the combinations were chosen; absent where all are measured. */
  fraction: z
    .object({
      /** Length of the shortest word of the defining relation: 3 or more. */
      resolution: z.number().int().min(3),
      /** Factors whose level is determined by others. */
      generators: z.array(
        z.object({
          /** Name of the factor. */
          factor: z.string(),
          /** The factor has its second level where an odd number of these factors have theirs. */
          follows: z.array(z.string()),
        }),
      ),
    })
    .optional(),
  /** Groups of effects that these arms cannot separate, such as `a×b`; empty where there are none. */
  aliases: z.array(z.array(z.string()).min(2)),
});
export type Design = Readonly<z.infer<typeof designSchema>>;
