import * as z from 'zod';
import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { betterSchema, unitSchema } from '../model/workload/metric.ts';
import { rule } from './rule.ts';

const words = messages('workloadShape', {
  function: 'must be a function',
  textOrNumber: 'must be a string or a number',
  image: "must be the name of a recipe, '{ reference: ''name:tag'' }', or a recipe",
  observe: "must be '{ kind: ''nothing'' }', '{ kind: ''series'' }' or '{ kind: ''idle'', settleMs }'",
  positive: 'must be more than 0',
});

const text = z.string();

function isMessage(title: unknown): title is Message {
  return typeof title === 'object' && title !== null && 'id' in title && 'text' in title;
}

const call = z.custom<unknown>((value) => typeof value === 'function', rule(words.function));
const params = z.record(text, z.union([text, z.number()], rule(words.textOrNumber)));
const image = z.union(
  [text, z.looseObject({ reference: text.min(1) }), z.looseObject({ id: text, suite: text })],
  rule(words.image),
);
const observe = z.discriminatedUnion(
  'kind',
  [
    z.object({ kind: z.literal('nothing') }),
    z.object({ kind: z.literal('series') }),
    z.object({ kind: z.literal('idle'), settleMs: z.number().min(0) }),
  ],
  rule(words.observe),
);

/**
 * The requirements of all stages on a workload. TypeScript ensures it for the built-in ones, but nothing does for those in
 * bench.config.ts. This schema only checks: the value itself is used, with any other keys.
 */
export const workloadShape = z.looseObject({
  id: text,
  category: text,
  image,
  // A built-in workload's title is a message.
  title: z.preprocess((title) => (isMessage(title) ? title.text : title), text),
  description: text,
  presets: z.strictObject({
    quick: z.array(params),
    standard: z.array(params),
    full: z.array(params),
    lab: z.array(params).optional(),
    hardening: z.array(params).optional(),
    'gvisor-flags': z.array(params).optional(),
    capacity: z.array(params).optional(),
    sandbox: z.array(params).optional(),
  }),
  parameters: z.record(text, text),
  metrics: z
    .array(
      z.looseObject({
        id: text.min(1),
        unit: unitSchema,
        better: betterSchema,
        description: text,
      }),
    )
    .min(1),
  precision: z.number().gt(0, rule(words.positive)),
  maxBlocks: z.union([z.int().min(1), call]).optional(),
  representative: z.boolean().optional(),
  observe,
  exitCodes: z.array(z.int()).optional(),
  container: call,
  moduleCommand: call.optional(),
  parse: call,
  steps: call.optional(),
  group: call.optional(),
  peer: call.optional(),
  facts: call.optional(),
  unsupported: call.optional(),
  refused: call.optional(),
});
