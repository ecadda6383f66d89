import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { messages } from '../messages/define.ts';
import { measuredLayers } from '../model/cell.ts';
import { alphaRange, presetSchema } from '../model/run.ts';
import type { Workload } from '../model/workload.ts';
import {
  parseDuration,
  parseFraction,
  parseRange,
  parseSamplePeriod,
  samplePeriodRule,
} from './quantities.ts';
import { commonRules, rule } from './rule.ts';

const words = messages('benchConfig', {
  name: 'must be a name of letters, digits, dot, dash, plus, underscore',
  fraction: "must be a percentage such as '3%' or a fraction such as 0.03",
  belowMillion: 'must be below a million',
  jsonOnly: 'must hold only what JSON can: texts, numbers, true, false, null, lists and objects',
  runtime: 'must be the name of a runtime',
  path: 'must be a path',
  shim: 'must be a shim such as io.containerd.kata.v2',
  variant:
    "must be '{name, extends, runtimeArgs}', '{name, path, runtimeArgs}' or '{name, runtimeType, options}'",
  runtimeOrVariant: "must be a name or a variant: '{name, extends, runtimeArgs}'",
  workload: "must be a workload: defineWorkload('{ id, category, image, title, metrics, container, parse }')",
  minBelowMax: 'must have min below or equal to max',
  range: "must be 'min..max', such as '7..12'",
  blocks: "must be '{min, max}' or 'min..max'",
  duration: "must be a duration such as '90s', '10m' or '1h30m'",
  samplePeriod: "must be {rule}, such as '100ms'",
  alpha: "must be from {min} to {max}, such as '5%'",
});

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.+-]*$/, rule(words.name));
const fraction = z
  .union([z.number(), z.string()], rule(words.fraction))
  .refine((value) => parseFraction(value) !== null, rule(words.fraction));
const blockCount = z.int().min(1, commonRules.oneOrMore).max(999_999, rule(words.belowMillion));

/** Options of a shim go into daemon.json and run.json as they are. */
const options = z.record(z.string(), z.unknown()).refine(isJson, rule(words.jsonOnly)).optional();

function isJson(value: unknown): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value);
  } catch {
    return false;
  }
}

const extending = z.strictObject({
  name,
  /** The registered runtime, or an earlier variant, that this one starts from. */
  extends: z.string().min(1, rule(words.runtime)),
  /** Added to the arguments of the base; a flag given again replaces the base's. */
  runtimeArgs: z.array(z.string()).optional(),
  /** For shims: merged over the options of the base. */
  options,
});
const byPath = z.strictObject({
  name,
  path: z.string().min(1, rule(words.path)),
  runtimeArgs: z.array(z.string()).optional(),
});
const byType = z.strictObject({
  name,
  runtimeType: z.string().min(1, rule(words.shim)),
  options,
});

/** A runtime that only the embedded engine registers, beside those of daemon.json. */
const variantSchema = z.union([extending, byPath, byType], rule(words.variant));
export type Variant = Readonly<z.infer<typeof variantSchema>>;

/** What bench.config.ts exports by default; everything is optional. */
export const benchConfigSchema = z
  .strictObject({
    /** Where an editor finds the JSON Schema of a `.json` configuration; it decides nothing. */
    $schema: z.string(),
    /**
     * How much to measure: `quick` (minutes), `standard` (half an hour), `full` (two hours), or `lab`, what the exercise of
     * docs/lab asks for (ten minutes).
     */
    preset: presetSchema,
    /** Names of registered runtimes, and variants; absent: all that are registered. */
    runtimes: z
      .array(z.union([name, variantSchema], rule(words.runtimeOrVariant)))
      .min(1, commonRules.notEmpty),
    /** Where in the stack containers are started: `docker` (the default), `oci` (the runtime alone). */
    layers: z.array(z.enum(measuredLayers)).min(1, commonRules.notEmpty),
    /** Workload ids (`startup/hello`) or categories (`startup`); absent: those of the preset. */
    workloads: z.array(z.string().min(1, commonRules.notEmpty)).min(1, commonRules.notEmpty),
    /** Workloads of one's own, made with defineWorkload; they are chosen and measured like those that are shipped. */
    ownWorkloads: z.array(
      z.custom<Workload>((value) => typeof value === 'object' && value !== null, rule(words.workload)),
    ),
    /** The runtime that the others are compared with. */
    baseline: name,
    /** Fewest and most measured blocks, `{min, max}` or `'7..12'`. */
    blocks: z.union(
      [
        z
          .strictObject({ min: blockCount.optional(), max: blockCount.optional() })
          .refine(({ min = 1, max = min }) => min <= max, rule(words.minBelowMax)),
        z.string().refine((text) => parseRange(text) !== null, rule(words.range)),
      ],
      rule(words.blocks),
    ),
    /** Stop when the ratio's confidence interval is this narrow (half-width), `'3%'` or 0.03; absent: the workload's own. */
    precision: fraction,
    /** Stop after this time: `'90s'`, `'10m'`, `'1h30m'`. */
    maxTime: z.string().refine((text) => parseDuration(text) !== null, rule(words.duration)),
    /** Time between two readings of a container's counters while it runs: `'100ms'` (the default), `'5ms'` at least. */
    samplePeriod: z
      .string()
      .refine(
        (text) => parseSamplePeriod(text) !== null,
        rule(words.samplePeriod({ rule: samplePeriodRule })),
      ),
    /** How long each of create, start and remove may take before the trial is recorded as timed out; 30 s when absent. */
    stepLimit: z
      .string()
      .refine((text) => parseDuration(text) !== null, "must be a duration such as '10s' or '1m'"),
    /** Decides the order of the trials; absent: drawn anew for each run and recorded. */
    seed: z.int().min(0, commonRules.zeroOrMore),
    engine: z.enum(['auto', 'docker', 'embedded']),
    /** daemon.json whose runtimes the embedded engine registers; absent: /etc/docker/daemon.json. */
    daemonJson: z.string().min(1, rule(words.path)),
    lang: z.enum(['en', 'fr']),
    /** Free words kept with the run. */
    labels: z.record(z.string(), z.string()),
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
  .partial();
export type BenchConfig = Readonly<z.input<typeof benchConfigSchema>>;

/** Gives bench.config.ts its types; returns its argument. Values are checked when the file is loaded. */
export function defineConfig(config: BenchConfig): BenchConfig {
  return config;
}
