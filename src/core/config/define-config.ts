import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { messages } from '../messages/define.ts';
import { gateReferenceSchema } from '../model/analysis/gate.ts';
import { measuredLayers } from '../model/run/extent.ts';
import { alphaRange, presetSchema } from '../model/run/run.ts';
import { engineChoices } from '../model/runtime/engine-choice.ts';
import type { Workload } from '../model/workload/workload.ts';
import { contributions } from '../modules/default-exports.ts';
import { enginesShape } from './engine-shape.ts';
import { blockCount, duration, fraction, name } from './fields.ts';
import { profilesShape } from './profile-shape.ts';
import { parseFraction, parseRange, parseSamplePeriod, wholeBounds } from './quantities.ts';
import { rule, written } from './rule.ts';
import { servicesShape } from './service-shape.ts';
import { kinds } from './settings.ts';

const words = messages('benchConfig', {
  jsonOnly: 'must hold only JSON values: strings, numbers, true, false, null, lists and objects',
  runtime: 'must be the name of a runtime',
  path: 'must be a path',
  shim: 'must be a shim such as io.containerd.kata.v2',
  variant:
    "must be '{name, extends, runtimeArgs}', '{name, path, runtimeArgs}' or '{name, runtimeType, options}'",
  runtimeOrVariant: "must be a name or a variant: '{name, extends, runtimeArgs}'",
  matrix: "must be '{ FLAG: [LEVEL, LEVEL] }' with one flag or more",
  flag: 'must be the name of a flag: letters, digits, dash and underscore, without dashes in front',
  levels: 'must be a list of two levels or more',
  level: 'must be a string, a number, true or false',
  levelTwice: "must not list the level ''{level}'' twice",
  named: "must be '{}', '{extends, runtimeArgs}', '{path, runtimeArgs}' or '{runtimeType, options}'",
  runtimes: 'must be a list of runtimes, or an object with their names as keys',
  workload: "must be a workload: defineWorkload('{ id, category, image, title, metrics, container, parse }')",
  minBelowMax: 'must have min below or equal to max',
  range: "must be 'min..max', such as '7..12'",
  blocks: "must be '{min, max}' or 'min..max'",
  samplePeriod: "must be {rule}, such as '100ms'",
  alpha: "must be from {min} to {max}, such as '5%'",
  gate: "must be a limit such as ''< 2.1x'', or '{limit, vs}', or a list of these",
});

/** Options of a shim; daemon.json and run.json get them unchanged. */
const options = z.record(z.string(), z.unknown()).refine(isJson, rule(words.jsonOnly)).optional();

function isJson(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
  } catch {
    return false;
  }
}

const level = z.union(
  [
    z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^\p{Cc}]*$/u),
    z.number(),
    z.boolean(),
  ],
  rule(words.level),
);

/** Flags of a runtime, and the values of each to measure; the others are compared with the first. */
const matrixSchema = z
  .record(
    z.string().regex(/^[A-Za-z][\w-]*$/, rule(words.flag)),
    z.array(level).superRefine((levels, context) => {
      const texts = levels.map(String);
      const complain = (path: readonly number[], message: string) =>
        context.addIssue({ code: 'custom', path: [...path], message });
      if (levels.length < 2) complain([], rule(words.levels));
      for (const [at, text] of texts.entries())
        if (texts.indexOf(text) < at) complain([at], rule(words.levelTwice({ level: text })));
    }),
  )
  .refine((matrix) => Object.keys(matrix).length > 0, rule(words.matrix));

const extending = z.strictObject({
  name,
  /** The registered runtime, or an earlier variant, on which this one is based. */
  extends: z.string().min(1, rule(words.runtime)),
  /** Arguments added to those of the base; a repeated flag replaces the base's. */
  runtimeArgs: z.array(z.string()).optional(),
  /** For shims: options merged over those of the base. */
  options,
  /**
   * Flags of the runtime, or options of the shim, whose effects are measured: `{ directfs: [true, false], overlay2:
   * ['root:self', 'none'] }`. Each combination becomes a runtime of its own: docs/gvisor-flags.md.
   */
  matrix: matrixSchema.optional(),
});
const byPath = z.strictObject({
  name,
  /** Its program. */
  path: z.string().min(1, rule(words.path)),
  /** Arguments of every call. */
  runtimeArgs: z.array(z.string()).optional(),
});
const byType = z.strictObject({
  name,
  /** Its containerd shim. */
  runtimeType: z.string().min(1, rule(words.shim)),
  options,
});

/** A runtime that only the embedded engine registers, in addition to those of daemon.json. */
const variantSchema = z.union([extending, byPath, byType], rule(words.variant));
export type Variant = Readonly<z.infer<typeof variantSchema>>;
/** A variant that extends another runtime, perhaps by a matrix. */
export type RuntimeExtension = Readonly<z.infer<typeof extending>>;

/** A variant without its name, which is the key; `{}`: the registered runtime of that name. */
const namedSchema = z.union(
  [
    // Not a strict object: zod would take it for the intended branch whenever the other branches have a wrong value.
    z.record(z.string(), z.never()),
    extending.omit({ name: true }),
    byPath.omit({ name: true }),
    byType.omit({ name: true }),
  ],
  rule(words.named),
);

const runtimesSchema = z.union(
  [z.array(z.union([name, variantSchema], rule(words.runtimeOrVariant))).min(1), z.record(name, namedSchema)],
  rule(words.runtimes),
);

/** Runtimes in either notation as a list of names and variants. */
export function listOfRuntimes(runtimes: z.infer<typeof runtimesSchema>): readonly (string | Variant)[] {
  if (Array.isArray(runtimes)) return runtimes;
  return Object.entries(runtimes).map(([own, entry]) =>
    Object.keys(entry).length === 0 ? own : ({ name: own, ...entry } as Variant),
  );
}

const limit = z.string().min(1);
const gateLimit = z.union(
  [
    limit,
    z.strictObject({
      /** `'< 2.1x'`, `'< +10%'`: limits of the ratio; `'< 25 MiB'`: limit of the value. */
      limit,
      /** Reference of the ratio; absent: the baseline. */
      vs: gateReferenceSchema.optional(),
    }),
  ],
  rule(words.gate),
);

/**
 * What features add to the configuration: each merges its keys into this interface, and their schema stands in its `config/`.
 *
 * @public
 */
// biome-ignore lint/suspicious/noEmptyInterface: features fill it.
export interface FeatureConfig {}
const ofFeatures: Record<never, z.ZodType> = Object.assign({}, ...(await contributions('config')));

/** Default export of bench.config.ts; every key is optional. */
export const benchConfigSchema = z
  .strictObject({
    /** Location of the JSON Schema for editors of a `.json` configuration; it has no other effect. */
    $schema: z.string(),
    /**
     * How much to measure: `quick` (minutes), `standard` (half an hour), `full` (two hours), `lab`, for the exercise of
     * docs/lab (ten minutes), `hardening`, for the cost of container options (ten minutes), `gvisor-flags`, for the cost of
     * runsc's flags (half an hour; it also chooses the runtimes), or `capacity`, what `ocibench capacity measure` measures
     * (a quarter of an hour).
     */
    preset: presetSchema,
    /**
     * Names of registered runtimes, and variants; absent: all registered runtimes. As a list, or as an object with their
     * names as keys: `{ runc: {}, 'runc-1.3': { path: '/opt/runc-1.3/runc' } }`.
     */
    runtimes: runtimesSchema,
    /**
     * Layers of the stack at which containers are started: `docker` (the default), `containerd` (its API), `oci` (the
     * runtime alone), `podman`, `floor` (without any runtime).
     */
    layers: z.array(z.enum(measuredLayers)).min(1),
    /** Workload ids (`startup/hello`) or categories (`startup`); absent: those of the preset. */
    workloads: z.array(z.string().min(1)).min(1),
    /** The user's own workloads, made with defineWorkload; selected and measured like the built-in ones. */
    ownWorkloads: z.array(
      z.custom<Workload>((value) => typeof value === 'object' && value !== null, rule(words.workload)),
    ),
    /**
     * The user's own services and jobs: an image, a command, a sign of readiness, a load; like the options of `run --image`.
     * Each becomes workloads `startup/own-NAME`, `memory/own-NAME`, `app/own-NAME`.
     */
    services: servicesShape,
    /** The runtime that the others are compared with. */
    baseline: name,
    /** Minimum and maximum number of measured blocks, `{min, max}` or `'7..12'`. */
    blocks: z.union(
      [
        z
          .strictObject({
            /** Minimum number of blocks. */
            min: blockCount.optional(),
            /** Maximum number of blocks. */
            max: blockCount.optional(),
          })
          .refine(({ min = 1, max = min }) => min <= max, rule(words.minBelowMax)),
        written(parseRange, words.range),
      ],
      rule(words.blocks),
    ),
    /**
     * Stop when the ratio's confidence interval is this narrow (half-width), `'3%'` or 0.03; default: the workload's
     * own.
     */
    precision: fraction,
    /** Stop after this time: `'90s'`, `'10m'`, `'1h30m'`. */
    maxTime: duration,
    /** Time between two readings of a running container's counters: default `'100ms'`, minimum `'5ms'`. */
    samplePeriod: written(parseSamplePeriod, words.samplePeriod({ rule: kinds.samplePeriod.must })),
    /** Measure a runtime and the baseline at the same time, each on half of the CPUs; for shared hosts. */
    duet: z.boolean(),
    /** Timeout of each of create, start and remove, after which the trial is recorded as timed out; default 30 s. */
    stepLimit: duration,
    /** Determines the order of the trials; absent: drawn for each run and recorded. */
    seed: z.int().min(wholeBounds.seed.least),
    /** Which engine starts the containers: docs/engines.md. */
    engine: z.enum(engineChoices),
    /**
     * Several embedded engines, which run at the same time and are measured in the same blocks; the others are compared with
     * the first: docs/engines.md.
     */
    engines: enginesShape,
    /**
     * Options of containers, measured in the same blocks under every runtime; the others are compared with the first, and
     * `plain` is put first if neither it nor `default` is listed: docs/hardening.md. As a list of names and profiles, or as an
     * object with their names as keys: `{ strict: { seccomp: './seccomp.json', capDrop: ['ALL'] } }`.
     */
    profiles: profilesShape,
    /** daemon.json whose runtimes the embedded engine registers; absent: /etc/docker/daemon.json. */
    daemonJson: z.string().min(1, rule(words.path)),
    /** Language of reports and messages. */
    lang: z.enum(['en', 'fr']),
    /**
     * Limits for `ocibench nightly gate`, `run --set judge=true`, `nightly` and `compare`: `'runsc startup/echo': '< 2.1x'`. The key is a runtime
     * with a workload or a category; the value is a limit, a limit with its reference, or a list of these.
     */
    gate: z.record(z.string().min(1), z.union([gateLimit, z.array(gateLimit).min(1)], rule(words.gate))),
    /** Free text kept with the run. */
    labels: z.record(z.string(), z.string()),
    /** Thresholds by which claims are decided. */
    thresholds: z
      .strictObject({
        /** Differences below this do not matter in practice. */
        practical: fraction,
        /** Significance level after Holm's adjustment. */
        alpha: fraction.refine(
          (value) => {
            const alpha = parseFraction(value);
            return alpha === null || (alpha >= alphaRange.min && alpha <= alphaRange.max);
          },
          rule(words.alpha({ min: String(alphaRange.min), max: String(alphaRange.max) })),
        ),
      })
      .partial(),
  })
  .extend(ofFeatures)
  .partial();
export type BenchConfig = Readonly<z.input<typeof benchConfigSchema>> & FeatureConfig;

/** Give bench.config.ts its types; returns its argument. Values are checked when the file is loaded. */
export function defineConfig(config: BenchConfig): BenchConfig {
  return config;
}
