import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { verdictSchema } from '../../../core/model/analysis.ts';
import { unitSchema } from '../../../core/model/metric.ts';

/** What one setting changes in one figure: the engine with it ÷ the same engine without it. */
const optionEffectSchema = z.object({
  /** Id of the workload. */
  workload: z.string(),
  /** Its parameters; empty where it has none. */
  params: z.string(),
  /** Id of its headline metric; null where there is no value. */
  metric: z.string().nullable(),
  /** Unit of the values; null likewise. */
  unit: unitSchema.nullable(),
  /** Ratio of the values, paired within blocks; null where there is none. */
  ratio: z.number().nullable(),
  /** Lower end of its 95 % interval; null likewise. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
  /** What is claimed of the engine with the setting. */
  verdict: verdictSchema,
  /** Blocks in which both engines have a value. */
  pairs: z.number().int(),
  /** Why there is no ratio, or what to know of it; empty where there is nothing to say. */
  note: z.string(),
});
export type OptionEffect = Readonly<z.infer<typeof optionEffectSchema>>;

/** An isolation fact that is another with the setting. */
const factChangeSchema = z.object({
  /** Id of the fact, such as `seccomp.mode`. */
  fact: z.string(),
  /** Its value without the setting. */
  from: z.string(),
  /** Its value with it. */
  to: z.string(),
});
export type FactChange = Readonly<z.infer<typeof factChangeSchema>>;

/** One setting of a daemon.json: a key, with those that mean nothing without it. */
const explainedOptionSchema = z.object({
  /** Its keys, the leading one first. */
  keys: z.array(z.string()).min(1),
  /** Where the leading key stands, from 1. */
  line: z.number().int().positive(),
  /** As JSON, without what may be secret. */
  setting: z.string(),
  /** What it does to containers. */
  what: z.string(),
  /** Why its cost was not measured; absent where it was. */
  notMeasured: z.string().optional(),
  /** Name of the engine that has it and nothing else; absent where it was not measured. */
  engine: z.string().optional(),
  effects: z.array(optionEffectSchema),
  /** Facts that it changes; null where they were not measured. */
  facts: z.array(factChangeSchema).nullable(),
  messages: messageRefsSchema.optional(),
});
export type ExplainedOption = Readonly<z.infer<typeof explainedOptionSchema>>;

/** A daemon.json, setting by setting, with what each costs: the answer of `ocibench explain`. */
export const explanationSchema = z.object({
  /** The explained file, as it was named. */
  file: z.string(),
  /** The runtime of the containers. */
  runtime: z.string(),
  /** Version of Docker; null where nothing was measured. */
  docker: z.string().nullable(),
  /** The run that the figures are of; null where nothing was measured. */
  runId: z.string().nullable(),
  options: z.array(explainedOptionSchema),
  /** All measured settings at once; null where fewer than two were measured. */
  together: z
    .object({
      effects: z.array(optionEffectSchema),
      /** Facts that they change; null where they were not measured. */
      facts: z.array(factChangeSchema).nullable(),
    })
    .nullable(),
});
export type Explanation = Readonly<z.infer<typeof explanationSchema>>;
