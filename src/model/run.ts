import * as z from 'zod';
import { external } from '../messages/compose.ts';
import type { Message } from '../messages/message.ts';
import { messageRefsSchema } from '../messages/record.ts';
import { defaultLayer, type Layer, layerSchema } from './cell.ts';
import { checkSchema, engineFactsSchema, hostFactsSchema } from './host.ts';
import { categorySchema } from './metric.ts';
import { runtimeFactsSchema } from './runtime.ts';
import { samplerCostSchema } from './sampling.ts';

/** Increase this when the meaning of a record changes; readers refuse unknown versions. */
export const schemaVersion = 1;

/** Id of a run. It names directories, so it must be a plain name: no separator, no `..`. */
export const runIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, 'must be letters, digits, dashes and underscores');

export const presetSchema = z.enum(['quick', 'standard', 'full', 'lab']);
export type Preset = z.infer<typeof presetSchema>;

/** Time between two readings of a trial's cgroup, ms. Below `min` it would measure the harness, above `max` nothing. */
export const samplePeriodMs = { min: 5, default: 100, max: 60_000 } as const;

/** Useful significance levels. With a smaller one, no practical number of blocks is enough. */
export const alphaRange = { min: 1e-6, max: 0.5 } as const;

/** All settings of a run, merged from defaults, bench.config.ts and flags. */
export const resolvedConfigSchema = z.object({
  preset: presetSchema,
  /** Where in the stack containers are started; absent: through Docker. */
  layers: z.array(layerSchema).min(1).optional(),
  /** null: all that are registered. */
  runtimes: z.array(z.string()).nullable(),
  /** Workload ids or categories; null: what the preset holds. */
  workloads: z.array(z.string()).nullable(),
  baseline: z.string(),
  minBlocks: z.number().int().positive(),
  maxBlocks: z.number().int().positive(),
  /** Target half-width of the ratio's CI, as a fraction: 0.03 is 3 %. null: the workload's own. */
  precision: z.number().positive().nullable(),
  maxTimeMs: z.number().positive(),
  /** Runs from before this setting were sampled at the default. */
  samplePeriodMs: z.number().positive().default(samplePeriodMs.default),
  /** Are runtime and baseline measured at once, each on half of the CPUs? Absent where one trial runs at a time. */
  duet: z.literal(true).optional(),
  /** Timeout of each of create, start and remove, ms; the harness's default when absent. */
  stepLimitMs: z.number().positive().optional(),
  seed: z.number().int().nonnegative(),
  engine: z.enum(['auto', 'docker', 'embedded']),
  lang: z.enum(['en', 'fr']),
  labels: z.record(z.string(), z.string()),
  thresholds: z.object({
    /** Differences below this fraction do not matter in practice. */
    practical: z.number().positive(),
    alpha: z.number().min(alphaRange.min).max(alphaRange.max),
  }),
});
export type ResolvedConfig = Readonly<z.infer<typeof resolvedConfigSchema>>;

/** The layers of a run. */
export function layersOf({ layers = [defaultLayer] }: Pick<ResolvedConfig, 'layers'>): readonly Layer[] {
  return layers;
}

/** A workload × params, at one layer, that the run set out to measure. */
const runSubjectSchema = z.object({
  workload: z.string(),
  params: z.string(),
  /** Absent where the run has one only. */
  layer: layerSchema.optional(),
  category: categorySchema,
  image: z.string(),
  /** runtime → why it cannot run this subject; such cells are not started. */
  unsupported: z.record(z.string(), z.string()),
  /** runtime → the message of its reason. */
  messages: messageRefsSchema.optional(),
});
export type RunSubject = Readonly<z.infer<typeof runSubjectSchema>>;

/** Every runtime that cannot run the subject, and why. */
export function unsupportedReasons(
  subject: Pick<RunSubject, 'unsupported' | 'messages'>,
): readonly { readonly runtime: string; readonly reason: Message }[] {
  return Object.keys(subject.unsupported).flatMap((runtime) => {
    const reason = unsupportedReason(subject, runtime);
    return reason === undefined ? [] : [{ runtime, reason }];
  });
}

/** Why a runtime cannot run the subject; undefined where it can. */
export function unsupportedReason(
  { unsupported, messages }: Pick<RunSubject, 'unsupported' | 'messages'>,
  runtime: string,
): Message | undefined {
  if (!Object.hasOwn(unsupported, runtime)) return undefined;
  const text = unsupported[runtime] ?? '';
  const ref = messages?.[runtime];
  return ref === undefined ? external(text) : { ...ref, text };
}

const imageFactsSchema = z.object({
  /** Recipe id, e.g. `base`. */
  recipe: z.string(),
  /** sha256 of the recipe: the key of the cache. */
  recipeHash: z.string(),
  /** sha256 of the root file system's tar: what the runtimes really ran. */
  contentHash: z.string(),
  reference: z.string(),
  bytes: z.number(),
});
export type ImageFacts = Readonly<z.infer<typeof imageFactsSchema>>;

/** How a run is analysed: 2 lets the A/A control join the baseline in ratios. */
export const method = 2;

/** Cells that a finished run went on with, by `--until`. */
const extensionSchema = z.object({
  /** The first block of the extension. */
  fromBlock: z.number().int().positive(),
  startedAt: z.string(),
  /** Keys of the chosen cells, without the baseline's. */
  cells: z.array(z.string()).min(1),
  maxTimeMs: z.number().positive(),
  /** Number of its measured blocks; absent: until each cell is clear. */
  blocks: z.object({ min: z.number().int().positive(), max: z.number().int().positive() }).optional(),
});
export type Extension = Readonly<z.infer<typeof extensionSchema>>;

/** run.json */
export const runRecordSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  runId: runIdSchema,
  status: z.enum(['running', 'complete', 'interrupted', 'failed']),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  seed: z.number().int(),
  config: resolvedConfigSchema,
  configHash: z.string(),
  harnessVersion: z.string(),
  host: hostFactsSchema,
  engine: engineFactsSchema,
  runtimes: z.array(runtimeFactsSchema),
  /** Runtime → how it was called at the layers that the engine is left out of; absent where there was none. */
  commandsAlone: z.record(z.string(), z.array(z.string())).optional(),
  subjects: z.array(runSubjectSchema),
  images: z.array(imageFactsSchema),
  checks: z.array(checkSchema),
  /** Why sampling ended: `precision`, `max-blocks`, `max-time`, `interrupted`; null while running. */
  stopReason: z.string().nullable(),
  /** Cost of the time series of its trials; null where none was recorded. */
  sampler: samplerCostSchema.nullable(),
  /** Absent in runs of 0.1, whose ratios stay as they were published. */
  method: z.number().int().positive().optional(),
  /** Absent where there was none. */
  extensions: z.array(extensionSchema).optional(),
});
export type RunRecord = Readonly<z.infer<typeof runRecordSchema>>;
