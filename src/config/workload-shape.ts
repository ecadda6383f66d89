import * as z from 'zod';
import { betterSchema, unitSchema } from '../model/metric.ts';

const text = z.string();
const call = z.custom<unknown>((value) => typeof value === 'function', 'must be a function');
const params = z.record(text, z.union([text, z.number()], 'must be a text or a number'));
const image = z.union(
  [
    text,
    z.looseObject({ reference: text.min(1, 'must not be empty') }),
    z.looseObject({ id: text, suite: text }),
  ],
  "must be the name of a recipe, { reference: 'name:tag' }, or a recipe",
);
const observe = z.discriminatedUnion(
  'kind',
  [
    z.object({ kind: z.literal('nothing') }),
    z.object({ kind: z.literal('series') }),
    z.object({ kind: z.literal('idle'), settleMs: z.number().min(0, 'must be 0 or more') }),
  ],
  "must be { kind: 'nothing' }, { kind: 'series' } or { kind: 'idle', settleMs }",
);

/**
 * What every stage relies on in a workload, which TypeScript promises of the shipped ones and nobody of those in
 * bench.config.ts. It only judges: the value itself is used, with whatever else it has.
 */
export const workloadShape = z.looseObject({
  id: text,
  category: text,
  image,
  title: text,
  description: text,
  presets: z.strictObject({
    quick: z.array(params),
    standard: z.array(params),
    full: z.array(params),
    lab: z.array(params).optional(),
  }),
  parameters: z.record(text, text),
  metrics: z
    .array(
      z.looseObject({
        id: text.min(1, 'must not be empty'),
        unit: unitSchema,
        better: betterSchema,
        description: text,
      }),
    )
    .min(1, 'must not be empty'),
  formerHeadline: text.optional(),
  precision: z.number().gt(0, 'must be more than 0'),
  maxBlocks: z.int().min(1, 'must be 1 or more').optional(),
  representative: z.boolean().optional(),
  observe,
  exitCodes: z.array(z.int()).optional(),
  container: call,
  parse: call,
  steps: call.optional(),
  group: call.optional(),
  peer: call.optional(),
  facts: call.optional(),
  unsupported: call.optional(),
  refused: call.optional(),
});
