import * as z from 'zod';

/** Increase this when the meaning of a pin's record changes. */
export const pinVersion = 1;

/** Names that can be pinned: each is the name of a directory. */
export const pinnable = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/;

/** pin.json: an unchanging copy of a runtime's program. */
export const pinSchema = z.object({
  schema: z.literal(pinVersion),
  /** Name under which the runtime is registered. */
  runtime: z.string().regex(pinnable),
  /** File name of the program, by which runtimes are recognised. */
  program: z.string().regex(/^[^/\u0000]+$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /**
   * Programs in a directory beside it: the directory, and one sha256 of their names and contents; absent where there
   * are none.
   */
  sidecars: z.object({ directory: z.string().regex(/^[^/\u0000]+$/), sha256: z.string() }).optional(),
  /** Version that the program prints; null where it could not be run. */
  version: z.string().nullable(),
  /** Path of the program that was copied. */
  source: z.string(),
  runtimeArgs: z.array(z.string()),
  /** Time of the copy; ISO 8601. */
  at: z.iso.datetime(),
});
export type Pin = Readonly<z.infer<typeof pinSchema>>;
