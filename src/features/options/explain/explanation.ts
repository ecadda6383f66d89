import * as z from 'zod';
import { messageRefsSchema } from '../../../core/messages/schema.ts';
import { verdictSchema } from '../../../core/model/analysis/analysis.ts';
import { categorySchema, unitSchema } from '../../../core/model/workload/metric.ts';
import { consequences } from '../judge/objection.ts';

/** Effect of one setting on one figure: the engine with it ÷ the same engine without it. */
const optionEffectSchema = z.object({
  /** Id of the workload. */
  workload: z.string(),
  /** Its parameters; empty if it has none. */
  params: z.string(),
  /** Id of its headline metric; null if there is no value. */
  metric: z.string().nullable(),
  /** Unit of the values; null likewise. */
  unit: unitSchema.nullable(),
  /** Ratio of the values, paired within blocks; null if there is none. */
  ratio: z.number().nullable(),
  /** Lower end of its 95 % interval; null likewise. */
  low: z.number().nullable(),
  /** Its upper end; null likewise. */
  high: z.number().nullable(),
  /** Claim about the engine with the setting. */
  verdict: verdictSchema,
  /** Number of blocks in which both engines have a value. */
  pairs: z.number().int(),
  /** Why there is no ratio, or a remark on it; may be empty. */
  note: z.string(),
});
export type OptionEffect = Readonly<z.infer<typeof optionEffectSchema>>;

/** An isolation fact that the setting changes. */
const factChangeSchema = z.object({
  /** Id of the fact, such as `seccomp.mode`. */
  fact: z.string(),
  /** Its value without the setting. */
  from: z.string(),
  /** Its value with it. */
  to: z.string(),
});
export type FactChange = Readonly<z.infer<typeof factChangeSchema>>;

/** What speaks against a value on this host. */
const objectionSchema = z.object({
  key: z.string(),
  /**
   * `refused`: dockerd does not start, and `dockerd --validate` says so; `unnoticed`: it does not start, although `dockerd
   * --validate` accepts the file; `no-container`: dockerd starts, and no container that uses the setting does; `ignored`: all
   * start, and the setting does nothing; `note`: all start.
   */
  effect: z.enum(consequences),
  /** Stable code of the reason. */
  code: z.string(),
  message: z.string(),
  fix: z.string(),
  messages: messageRefsSchema.optional(),
});
export type ExplainedObjection = Readonly<z.infer<typeof objectionSchema>>;

/** One setting of a daemon.json: a key with its dependent keys. */
const explainedOptionSchema = z.object({
  /** Its keys, the leading one first. */
  keys: z.array(z.string()).min(1),
  /** Line of the leading key, from 1. */
  line: z.number().int().positive(),
  /** The setting as JSON. */
  setting: z.string(),
  /** Its effect on containers. */
  what: z.string(),
  /** What dockerd does without the line. */
  usual: z.string(),
  /** Which containers it reaches, and after what. */
  reach: z.string(),
  /** What speaks against it on this host; the worst first. */
  objections: z.array(objectionSchema),
  /** Why its cost was not measured; absent if it was. */
  notMeasured: z.string().optional(),
  /** Name of the engine with only this setting; absent if it was not measured. */
  engine: z.string().optional(),
  /** Categories of workloads in which it was measured, since it acts in no other; absent: in all. */
  measuredIn: z.array(categorySchema).optional(),
  effects: z.array(optionEffectSchema),
  /** Facts that it changes; null if they were not measured. */
  facts: z.array(factChangeSchema).nullable(),
  messages: messageRefsSchema.optional(),
});
export type ExplainedOption = Readonly<z.infer<typeof explainedOptionSchema>>;

/** Output of `ocibench runtimes explain`: a daemon.json, setting by setting, with the cost of each. */
export const explanationSchema = z.object({
  /** Path of the explained file, as given. */
  file: z.string(),
  /** The runtime of the containers. */
  runtime: z.string(),
  /** Version of the dockerd that the file was judged for; null where none is installed here. */
  dockerd: z.string().nullable(),
  /** Version of Docker; null if nothing was measured. */
  docker: z.string().nullable(),
  /** Run of the figures; null if nothing was measured. */
  runId: z.string().nullable(),
  options: z.array(explainedOptionSchema),
  /** All measured settings together; null if fewer than two were measured. */
  together: z
    .object({
      effects: z.array(optionEffectSchema),
      /** Facts that they change; null if they were not measured. */
      facts: z.array(factChangeSchema).nullable(),
    })
    .nullable(),
});
export type Explanation = Readonly<z.infer<typeof explanationSchema>>;
