import * as z from 'zod';
import type { MessageRef, Value } from './message.ts';

const quantitySchema = z.object({
  amount: z.number(),
  decimals: z.number().int().min(0).max(20),
  unit: z.string(),
});

/** Of a value that was read from a file: anything of another shape is refused. */
const valueSchema: z.ZodType<Value> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    quantitySchema,
    z.object({ list: z.array(valueSchema), join: z.enum(['and', 'comma', 'semicolon', 'space', 'line']) }),
    messageRefSchema,
  ]),
);

const messageRefSchema: z.ZodType<MessageRef> = z.lazy(() =>
  z.object({ id: z.string(), values: z.record(z.string(), valueSchema).optional() }),
);

/** {@link MessageRefs} of a record. */
export const messageRefsSchema = z.record(z.string(), messageRefSchema);
