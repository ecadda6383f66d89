import * as z from 'zod';

/** Increase this when the meaning of a pin's record changes. */
export const pinVersion = 1;

/** Names that can be pinned: each is the name of a directory. */
export const pinnable = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/;

/** pin.json: a copy of a runtime's program that stays as it is. */
export const pinSchema = z.object({
  schema: z.literal(pinVersion),
  /** The runtime, as it is registered. */
  runtime: z.string().regex(pinnable),
  /** File name of the program: runtimes are recognised by it. */
  program: z.string().regex(/^[^/\u0000]+$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Programs beside it: their directory, and one sha256 of their names and contents; absent where it has none. */
  sidecars: z.object({ directory: z.string().regex(/^[^/\u0000]+$/), sha256: z.string() }).optional(),
  /** As the program prints it; null where it could not be asked. */
  version: z.string().nullable(),
  /** Path of the program that was copied. */
  source: z.string(),
  runtimeArgs: z.array(z.string()),
  /** When it was copied; ISO 8601. */
  at: z.iso.datetime(),
});
export type Pin = Readonly<z.infer<typeof pinSchema>>;
