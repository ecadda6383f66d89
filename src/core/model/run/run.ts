import * as z from 'zod';
import { external } from '../../messages/compose.ts';
import type { Message } from '../../messages/message.ts';
import { messageRefsSchema } from '../../messages/schema.ts';
import { keysWithin, more, name, refuseProducts, shown } from '../bounded-fields.ts';
import { bounds } from '../bounds.ts';
import { checkSchema, engineFactsSchema, hostFactsSchema } from '../machine/host.ts';
import { runIdPattern } from '../names.ts';
import { lookup } from '../nearest.ts';
import { containerProfileSchema } from '../runtime/container-profile.ts';
import { engineChoices } from '../runtime/engine-choice.ts';
import { askedEngineSchema, engineRecordSchema } from '../runtime/engine-kind.ts';
import { type RuntimeFacts, runtimeFactsSchema } from '../runtime/runtime.ts';
import { defaultLayer, type Layer, layerSchema } from '../trial/cell.ts';
import { categorySchema } from '../workload/metric.ts';
import { serviceSchema } from '../workload/service.ts';
import { designSchema } from './design.ts';
import { presets } from './extent.ts';
import { samplerCostSchema } from './sampling.ts';

/** Increase this when the meaning of a record changes; readers refuse unknown versions. */
export const schemaVersion = 2;

/** Id of a run. It names directories, so it must be a plain name: no separator, no `..`. */
export const runIdSchema = z.string().regex(runIdPattern, 'must be letters, digits, dashes and underscores');

export const presetSchema = z.enum(presets);
export type Preset = z.infer<typeof presetSchema>;

/** Useful significance levels. With a smaller one, no practical number of blocks is enough. */
export const alphaRange = { min: 1e-6, max: 0.5 } as const;

/** All settings of a run, merged from defaults, bench.config.ts and flags. */
export const resolvedConfigSchema = z.object({
  /** Preset, which decides how much is measured. */
  preset: presetSchema,
  /** Layers at which containers are started; absent: through Docker. */
  layers: z
    .array(layerSchema)
    .min(1)
    .max(layerSchema.options.length, more(layerSchema.options.length))
    .optional(),
  /**
   * Options of containers that are measured; the others are compared with the first. Absent: only the harness's own
   * container.
   */
  profiles: z.array(containerProfileSchema).min(1).max(bounds.profiles, more(bounds.profiles)).optional(),
  /** Names of runtimes; null: all that are registered. */
  runtimes: z.array(z.string()).max(bounds.runtimes, more(bounds.runtimes)).nullable(),
  /** Workload ids or categories; null: all of the preset. */
  workloads: z.array(z.string()).max(bounds.subjects, more(bounds.subjects)).nullable(),
  /** The runtime with which the others are compared. */
  baseline: name(),
  /** Minimum number of measured blocks. */
  minBlocks: z.number().int().positive(),
  /** Maximum number of measured blocks. */
  maxBlocks: z.number().int().positive().max(bounds.blocks, `is more than ${bounds.blocks}`),
  /** Target half-width of the ratio's CI, as a fraction: 0.03 is 3 %. null: the workload's own. */
  precision: z.number().positive().nullable(),
  /** Limit of the wall time of measuring, ms. */
  maxTimeMs: z.number().positive(),
  /** Time between two readings of a cgroup, ms. */
  samplePeriodMs: z.number().positive(),
  /**
   * Whether runtime and baseline are measured at the same time, each on half of the CPUs. Absent where one trial runs
   * at a time.
   */
  duet: z.literal(true).optional(),
  /** Timeout of each of create, start and remove, ms; the harness's default when absent. */
  stepLimitMs: z.number().positive().optional(),
  /** Seed of the random order. */
  seed: z.number().int().nonnegative(),
  /** The chosen kind of engine. */
  engine: z.enum(engineChoices),
  /** The engines that the configuration names; the others are compared with the first. Absent: none named. */
  engines: z.array(askedEngineSchema).min(1).max(bounds.engines, more(bounds.engines)).optional(),
  /** Combinations of a runtime's options whose effects are estimated; absent: none. */
  designs: z.array(designSchema).min(1).max(bounds.entries, more(bounds.entries)).optional(),
  /** Language of the reports. */
  lang: z.enum(['en', 'fr']),
  /** Labels that the user gave: labels of the configuration and of `--set`: key → text. */
  labels: z.record(name(), shown()).superRefine(keysWithin(bounds.labels)),
  /** The user's own services; absent where there are none. */
  services: z.array(serviceSchema).max(bounds.entries, more(bounds.entries)).optional(),
  /** Thresholds by which claims are decided. */
  thresholds: z.object({
    /** Differences below this fraction do not matter in practice. */
    practical: z.number().positive(),
    /** Significance level. */
    alpha: z.number().min(alphaRange.min).max(alphaRange.max),
  }),
});
export type ResolvedConfig = Readonly<z.infer<typeof resolvedConfigSchema>>;

/** The layers of a run. */
export function layersOf({ layers = [defaultLayer] }: Pick<ResolvedConfig, 'layers'>): readonly Layer[] {
  return layers;
}

/** Names of the engines of a run with several; empty where it has only one. */
export function enginesOf({ engines = [] }: Pick<ResolvedConfig, 'engines'>): readonly string[] {
  return engines.length > 1 ? engines.map(({ name }) => name) : [];
}

/**
 * True where the run measures no runtime but its baseline: then its engines are what it compares, and each is settled by its
 * comparison with the first.
 */
export function isOfOneRuntime({
  config,
  runtimes,
}: {
  readonly config: Pick<ResolvedConfig, 'baseline'>;
  readonly runtimes: readonly RuntimeFacts[];
}): boolean {
  return runtimes.every(
    ({ entry, preflight }) => entry.name === config.baseline || preflight.status === 'unavailable',
  );
}

/** The versions of Docker in a run, without duplicates. */
export function dockerVersions({ engine, engines = [] }: Pick<RunRecord, 'engine' | 'engines'>): string {
  const versions = [engine.version, ...engines.map(({ facts }) => facts.version)];
  return [...new Set(versions)].join(', ');
}

/** A workload × params, at one layer, that the run planned to measure. */
const runSubjectSchema = z.object({
  workload: name(),
  params: shown(),
  /** Absent where the run has only one layer. */
  layer: layerSchema.optional(),
  /** One of several engines; absent where the run has only one, and at layers without an engine. */
  engine: name().optional(),
  /** Name of the container's options in `config.profiles`; absent: `default`. */
  profile: name().optional(),
  category: categorySchema,
  /** Its image: the id of a recipe, or the reference of an image that the engine has. */
  image: shown(),
  /** sha256 of its requests to the engine. */
  definition: z.string(),
  /** Tools that run it instead of the runtimes, at the layer `floor`; absent elsewhere. */
  runtimes: z.array(name()).max(bounds.runtimes, more(bounds.runtimes)).optional(),
  /** runtime → why it cannot run this subject; such cells are not started. */
  unsupported: z.record(z.string(), z.string()).superRefine(keysWithin(bounds.runtimes)),
  /** runtime → the message of its reason; absent where every runtime is supported. */
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
  const text = lookup(unsupported, runtime);
  if (text === undefined) return undefined;
  const ref = lookup(messages, runtime);
  return ref === undefined ? external(text) : { ...ref, text };
}

/** An image that was run, and the hashes of its content. */
const imageFactsSchema = z.object({
  /** Recipe id, e.g. `base`. */
  recipe: z.string(),
  /** sha256 of the recipe: the key of the cache. */
  recipeHash: z.string(),
  /** sha256 of the root file system's tar, which the runtimes actually ran. */
  contentHash: z.string(),
  /** Its name in the engine. */
  reference: z.string(),
  /** Size of the root file system's tar. */
  bytes: z.number(),
});
export type ImageFacts = Readonly<z.infer<typeof imageFactsSchema>>;

/** Cells that were measured further after the run had finished, by `--until`. */
const extensionSchema = z.object({
  /** The first block of the extension. */
  fromBlock: z.number().int().positive(),
  /** ISO 8601, wall clock. */
  startedAt: z.string(),
  /** Keys of the chosen cells, without the baseline's. */
  cells: z.array(z.string()).min(1).max(bounds.cells, more(bounds.cells)),
  /** Its limit of wall time, ms. */
  maxTimeMs: z.number().positive(),
  /** Number of its measured blocks; absent: until each cell is clear. */
  blocks: z
    .object({
      /** No cell is settled before this number of blocks. */
      min: z.number().int().positive(),
      /** Maximum number of blocks. */
      max: z.number().int().positive(),
    })
    .optional(),
});
export type Extension = Readonly<z.infer<typeof extensionSchema>>;

/** The description of a run: its settings, its machine, and its planned subjects. */
export const runRecordSchema = z
  .object({
    /** Increased when the meaning of a key changes. */
    schemaVersion: z.literal(schemaVersion),
    /** Id of the run, which is the name of its directory below `results/`. */
    runId: runIdSchema,
    /** State of the run; `running` also where it was killed. */
    status: z.enum(['running', 'complete', 'interrupted', 'failed']),
    /** ISO 8601, wall clock. */
    startedAt: z.string(),
    /** End, in the same form; null while it runs. */
    finishedAt: z.string().nullable(),
    /** Seed of the random order. */
    seed: z.number().int(),
    config: resolvedConfigSchema,
    /** sha256 of `config`: a run can be resumed only with the same configuration. */
    configHash: z.string(),
    /** Version of ocibench. */
    harnessVersion: z.string(),
    host: hostFactsSchema,
    /** The engine; the first of several. */
    engine: engineFactsSchema,
    /** The engines that the configuration names, with the programs that actually ran; absent where it names none. */
    engines: z.array(engineRecordSchema).max(bounds.engines, more(bounds.engines)).optional(),
    runtimes: z.array(runtimeFactsSchema).max(bounds.runtimes, more(bounds.runtimes)),
    /** Runtime → its command line at the layers without an engine; absent where there was no such layer. */
    commandsAlone: z
      .record(z.string(), z.array(z.string()))
      .superRefine(keysWithin(bounds.runtimes))
      .optional(),
    /** Layer → version that its own engine or tool reports; absent where there was none. */
    layerVersions: z.record(z.string(), z.string()).optional(),
    /**
     * Layer → runtime → name of the runtime of a container made by the layer, according to the layer's own inspection;
     * absent where no layer reports it.
     */
    layerRuntimes: z
      .record(z.string(), z.record(z.string(), z.string()).superRefine(keysWithin(bounds.runtimes)))
      .superRefine(keysWithin(bounds.entries))
      .optional(),
    subjects: z.array(runSubjectSchema).max(bounds.subjects, more(bounds.subjects)),
    images: z.array(imageFactsSchema).max(bounds.entries, more(bounds.entries)),
    checks: z.array(checkSchema).max(bounds.entries, more(bounds.entries)),
    /** Why sampling ended: `precision`, `decided`, `max-blocks`, `max-time`, `interrupted` …; null while running. */
    stopReason: z.string().nullable(),
    /** Cost of the time series of its trials; null where none was recorded. */
    sampler: samplerCostSchema.nullable(),
    /** Number of times that it was continued by `--resume`; absent where it never was. */
    resumed: z.number().int().positive().optional(),
    /** Measurements after its end, by `--until`; absent where there were none. */
    extensions: z.array(extensionSchema).max(bounds.entries, more(bounds.entries)).optional(),
  })
  .superRefine(refuseProducts);
export type RunRecord = Readonly<z.infer<typeof runRecordSchema>>;
