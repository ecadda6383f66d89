import { createHash } from 'node:crypto';
import { reasons } from '../messages/define.ts';
import { type Problem, problemOf } from '../model/failure/error.ts';
import { mapValues } from '../model/objects.ts';
import type { Design } from '../model/run/design.ts';
import { samplePeriodMs } from '../model/run/extent.ts';
import { type ResolvedConfig, resolvedConfigSchema } from '../model/run/run.ts';
import { type EngineChoice, isLayerEngine, ownLayer } from '../model/runtime/engine-choice.ts';
import type { EngineRequest } from '../model/runtime/engine-kind.ts';
import { defaultLayer, type Layer } from '../model/trial/cell.ts';
import { type Service, workloadIdsOf } from '../model/workload/service.ts';
import type { Workload } from '../model/workload/workload.ts';
import type { RunRequest } from './command-line.ts';
import { askedProfiles, presetConfig, type SeccompFiles } from './container-profiles.ts';
import { type BenchConfig, listOfRuntimes } from './define-config.ts';
import { askedEngines, engineProblems, recordableEngine } from './engine-shape.ts';
import { expandMatrices, type SingleVariant } from './matrix.ts';
import { type PresetDefaults, presetDefaults } from './presets.ts';
import { parseFraction } from './quantities.ts';
import { type ServiceShape, serviceOf } from './service-shape.ts';
import { recordedSettings, type SettingValues, settingOf } from './settings.ts';

/** Defaults that do not depend on the preset. */
export const commonDefaults = {
  preset: 'quick',
  runtimes: null,
  workloads: null,
  baseline: 'runc',
  precision: null,
  engine: 'auto',
  samplePeriodMs: samplePeriodMs.default,
  labels: {},
  thresholds: { practical: 0.05, alpha: 0.05 },
} as const satisfies Partial<ResolvedConfig>;

const layerEngineText = reasons('layerEngine', {
  noDocker: {
    message: 'must not contain docker, since no Docker runs with the engine {engine}',
    fix: 'leave docker out, or measure both:  --engine embedded --layers docker,{engine}',
  },
});

interface EngineAndLayers {
  readonly engine?: EngineChoice | undefined;
  readonly layers?: readonly Layer[] | undefined;
}

/** Problems of the layers chosen for an engine without Docker. */
function layerEngineProblems(
  { engine = 'auto', layers = [] }: EngineAndLayers,
  file: string,
): readonly Problem[] {
  if (!isLayerEngine(engine) || !layers.includes(defaultLayer)) return [];
  return [problemOf({ file, key: 'layers' }, layerEngineText.noDocker({ engine }))];
}

/** The layers in the form of the record; absent means Docker's alone. */
function recordedLayers({ engine = 'auto', layers }: EngineAndLayers): { layers?: Layer[] } {
  if (layers !== undefined) return { layers: [...new Set(layers)] };
  return isLayerEngine(engine) ? { layers: [ownLayer(engine)] } : {};
}

const text = reasons('variant', {
  reserved: { message: "must not name a variant 'runc': dockerd reserves it", fix: 'choose another name' },
  twice: { message: "must not have two variants named ''{name}''", fix: 'rename one of them' },
});

/** Defaults that only the caller knows: a seed drawn for this run and the language of its user. */
export interface CallerDefaults {
  readonly seed: number;
  readonly lang: ResolvedConfig['lang'];
}

/** All settings of a run. `variants` become runtimes by `variantEntries`, once the registered ones are known. */
export interface Resolution {
  readonly config: ResolvedConfig;
  readonly variants: readonly SingleVariant[];
  /** The engines to start for the run; empty where it names none. */
  readonly engines: readonly EngineRequest[];
  readonly ownWorkloads: readonly Workload[];
  /** The requested daemon.json; null: the default one, where it exists. */
  readonly daemonJson: string | null;
  /** Name of the configuration's file in complaints. */
  readonly file: string;
}

function blocksOf(
  { min, max }: { readonly min?: number | undefined; readonly max?: number | undefined },
  preset: PresetDefaults,
): Omit<PresetDefaults, 'maxTimeMs'> {
  // An explicit bound overrides the preset's other bound.
  const minBlocks = min ?? Math.min(preset.minBlocks, max ?? preset.minBlocks);
  return { minBlocks, maxBlocks: max ?? Math.max(preset.maxBlocks, minBlocks) };
}

/** A configuration with its texts parsed into values; the schema has accepted them. */
type ConfigValues = Omit<BenchConfig, keyof SettingValues> &
  Omit<SettingValues, 'runtimes' | 'profiles'> &
  Pick<BenchConfig, 'runtimes' | 'profiles'>;

function valuesOf(config: BenchConfig): ConfigValues {
  const values = Object.entries(config).map(([name, value]) => {
    const kind = typeof value === 'string' ? settingOf(name)?.kind : undefined;
    return [name, kind?.parse(value as string) ?? value];
  });
  return Object.fromEntries(values) as ConfigValues;
}

/** The engine of a run. By default, arms of a matrix are measured in the embedded engine, which registers them. */
function engineOf(asked: SettingValues['engine'], designs: readonly Design[]): ResolvedConfig['engine'] {
  const engine = asked ?? commonDefaults.engine;
  return engine === 'auto' && designs.length > 0 ? 'embedded' : engine;
}

/**
 * The requested names, each once, with a matrix replaced by all its arms. The baseline is always included, because without it
 * there is no ratio.
 */
function namesOf(
  asked: BenchConfig['runtimes'],
  baseline: string,
  designs: readonly Design[],
): string[] | null {
  if (asked === undefined) return null;
  const armsOf = (name: string) =>
    designs.find((design) => design.name === name)?.arms.map(({ runtime }) => runtime) ?? [name];
  const names = [
    ...new Set(listOfRuntimes(asked).flatMap((item) => armsOf(typeof item === 'string' ? item : item.name))),
  ];
  return names.includes(baseline) ? names : [baseline, ...names];
}

function variantProblems(variants: readonly { readonly name: string }[], file: string): readonly Problem[] {
  const names = variants.map(({ name }) => name);
  return names.flatMap((name, i): Problem[] => {
    const where = { file, key: 'runtimes' };
    if (name === 'runc') return [problemOf(where, text.reserved)];
    return names.indexOf(name) === i ? [] : [problemOf(where, text.twice({ name }))];
  });
}

const excessText = reasons('excess', {
  tooMuch: {
    message:
      '{of, select, string {must have at most {most} characters} number {must be at most {most}} other {must have at most {most} entries}}: a run with more could not be read again',
    fix: 'keep to this limit',
  },
});

/** What is beyond the limits of a record. `file`: of a key. */
function excessProblems(config: ResolvedConfig, file: (key: string) => string): readonly Problem[] {
  const { issues = [] } = resolvedConfigSchema.safeParse(config).error ?? {};
  return issues.flatMap((issue) => {
    if (issue.code !== 'too_big') return [];
    const key = issue.path.join('.').replace('maxBlocks', 'blocks');
    const reason = excessText.tooMuch({ of: issue.origin, most: Number(issue.maximum) });
    return [problemOf({ file: file(key), key }, reason)];
  });
}

/** The file's services and the requested one, which replaces a service of the same name. */
function servicesOf(ofFile: readonly ServiceShape[], requested: Service | null): Service[] {
  const others = ofFile.map(serviceOf).filter(({ name }) => name !== requested?.name);
  return requested === null ? others : [requested, ...others];
}

/**
 * Merge a request over bench.config.ts over defaults. A list of the request replaces the file's list, but can still name the
 * file's variants and profiles; labels are merged. `file`: the file's name in complaints; `seccomp`: the filters that profiles
 * name.
 */
export function resolveConfig(
  { service: shape, labels, ...request }: RunRequest,
  file: BenchConfig | null,
  surroundings: CallerDefaults,
  fileName = 'bench.config.ts',
  seccomp: SeccompFiles = new Map(),
):
  | { readonly ok: true; readonly resolution: Resolution }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const preset = request.preset ?? file?.preset ?? commonDefaults.preset;
  const chosen: BenchConfig = { ...presetConfig[preset], ...file };
  const { runtimes: named, profiles: flag, ...values } = request;
  const merged: ConfigValues = {
    ...valuesOf(chosen),
    ...values,
    ...(named === undefined ? {} : { runtimes: [...named] }),
  };
  const asked = askedProfiles(
    {
      file: chosen.profiles,
      flag,
      fileName,
      duet: merged.duet,
    },
    seccomp,
  );
  const several = listOfRuntimes(chosen.runtimes ?? []).filter((item) => typeof item !== 'string');
  const { variants, ...expanded } = expandMatrices(several, { file: fileName, duet: merged.duet === true });
  const problems = [
    ...asked.problems,
    ...expanded.problems,
    ...variantProblems(variants, fileName),
    ...engineProblems(merged.engines ?? [], merged, fileName),
    ...layerEngineProblems(merged, request.layers === undefined ? fileName : '--layers'),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const engines = askedEngines(merged.engines ?? []);
  const baseline = merged.baseline ?? commonDefaults.baseline;
  const runtimes = namesOf(merged.runtimes, baseline, expanded.designs);
  const designs = expanded.designs.filter(({ arms }) =>
    arms.every(({ runtime }) => runtimes?.includes(runtime)),
  );
  const service = shape === undefined ? null : serviceOf(shape);
  const services = servicesOf(file?.services ?? [], service);
  const ofService = service === null ? undefined : workloadIdsOf(service);
  const workloads = request.workloads ?? ofService ?? file?.workloads;
  const config: ResolvedConfig = {
    preset,
    ...recordedLayers(merged),
    ...(asked.profiles.length === 0 ? {} : { profiles: [...asked.profiles] }),
    runtimes,
    workloads: workloads === undefined ? null : [...new Set(workloads)],
    baseline,
    ...blocksOf(merged.blocks ?? {}, presetDefaults[preset]),
    precision: commonDefaults.precision,
    maxTimeMs: presetDefaults[preset].maxTimeMs,
    samplePeriodMs: commonDefaults.samplePeriodMs,
    ...surroundings,
    ...recordedSettings(merged),
    ...(merged.duet ? { duet: true as const } : {}),
    engine: engines.length > 0 ? 'embedded' : engineOf(merged.engine, designs),
    ...(engines.length === 0 ? {} : { engines: engines.map(recordableEngine) }),
    ...(designs.length === 0 ? {} : { designs }),
    labels: { ...file?.labels, ...labels },
    ...(services.length === 0 ? {} : { services }),
    thresholds: mapValues(
      commonDefaults.thresholds,
      (usual, key) => parseFraction(merged.thresholds?.[key] ?? usual) ?? usual,
    ),
  };
  const excess = excessProblems(config, (key) => (key in request ? `--${key}` : fileName));
  if (excess.length > 0) return { ok: false, problems: excess };
  return {
    ok: true,
    resolution: {
      config,
      variants,
      engines,
      ownWorkloads: file?.ownWorkloads ?? [],
      daemonJson: merged.daemonJson ?? null,
      file: fileName,
    },
  };
}

/** JSON with sorted keys and no blanks: equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`).join(',')}}`;
}

/** sha256 (hex) of the canonical JSON of a resolved configuration. */
export function configHash(config: ResolvedConfig): string {
  return createHash('sha256').update(canonicalJson(config)).digest('hex');
}
