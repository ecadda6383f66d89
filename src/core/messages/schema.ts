import * as z from 'zod';
import type { MessageRef, Value } from './message.ts';

const quantitySchema = z.object({
  amount: z.number(),
  decimals: z.number().int().min(0).max(20),
  unit: z.string(),
});

/** Schema of a value that was read from a file; any other shape is refused. */
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

/**
 * Messages of the English texts of a record, by field. Absent in records without messages, and for texts that are not
 * ocibench's.
 */
export const messageRefsSchema = z.record(z.string(), messageRefSchema);
