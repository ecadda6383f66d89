import { createHash } from 'node:crypto';
import { reasons } from '../messages/define.ts';
import type { Design } from '../model/design.ts';
import type { AskedEngine } from '../model/engine-asked.ts';
import { type Problem, problemOf } from '../model/error.ts';
import type { ResolvedConfig } from '../model/run.ts';
import { type Service, workloadIdsOf } from '../model/service.ts';
import type { Workload } from '../model/workload.ts';
import { parseFlags, type RunFlags } from './command-line.ts';
import { askedProfiles, type SeccompFiles } from './container-profiles.ts';
import { commonDefaults, type PresetDefaults, presetDefaults } from './defaults.ts';
import { type BenchConfig, listOfRuntimes } from './define-config.ts';
import { askedEngines, engineProblems, recordableEngine } from './engine-shape.ts';
import { layerEngineProblems, recordedLayers } from './layer-engine.ts';
import { expandMatrices, type SingleVariant } from './matrix.ts';
import { presetConfig } from './preset-config.ts';
import { listOfProfiles } from './profile-shape.ts';
import { parseDuration, parseFraction, parseRange, parseSamplePeriod } from './quantities.ts';
import { type ServiceShape, serviceOf } from './service-shape.ts';

const text = reasons('variant', {
  reserved: { message: "must not name a variant 'runc': dockerd reserves it", fix: 'choose another name' },
  twice: { message: "must not have two variants named ''{name}''", fix: 'rename one of them' },
});

/** Defaults that only the caller knows: a seed drawn for this run and the language of its user. */
export interface Defaults {
  readonly seed: number;
  readonly lang: ResolvedConfig['lang'];
}

/** All settings of a run. `variants` become runtimes by `variantEntries`, once the registered ones are known. */
export interface Resolution {
  readonly config: ResolvedConfig;
  readonly variants: readonly SingleVariant[];
  /** The engines of the run as they are started; empty where it names none. */
  readonly engines: readonly AskedEngine[];
  readonly ownWorkloads: readonly Workload[];
  /** The requested daemon.json; null: the default one, where it exists. */
  readonly daemonJson: string | null;
}

function blocksOf(
  asked: BenchConfig['blocks'],
  preset: PresetDefaults,
): { minBlocks: number; maxBlocks: number } {
  const range = typeof asked === 'string' ? (parseRange(asked) ?? {}) : (asked ?? {});
  const { min, max }: { min?: number | undefined; max?: number | undefined } = range;
  // An explicit bound overrides the preset's other bound.
  const minBlocks = min ?? Math.min(preset.minBlocks, max ?? preset.minBlocks);
  return { minBlocks, maxBlocks: max ?? Math.max(preset.maxBlocks, minBlocks) };
}

function stepLimitOf(asked: BenchConfig['stepLimit']): { stepLimitMs?: number } {
  const ms = asked === undefined ? null : parseDuration(asked);
  return ms === null ? {} : { stepLimitMs: ms };
}

/** Where nobody says another, arms are measured in the engine that registers them. */
function engineOf(asked: BenchConfig['engine'], designs: readonly Design[]): ResolvedConfig['engine'] {
  const engine = asked ?? commonDefaults.engine;
  return engine === 'auto' && designs.length > 0 ? 'embedded' : engine;
}

/** The requested names, each once, and of a matrix all arms; the baseline is always included, because without it there is no ratio. */
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

/** The services of the file, and the one of the command line in place of that of the same name. */
function servicesOf(ofFile: readonly ServiceShape[], flagged: ServiceShape | null): Service[] {
  const [asked, ...others] = [flagged === null ? null : serviceOf(flagged), ...ofFile.map(serviceOf)];
  const rest = others.filter((service) => service?.name !== asked?.name);
  return [asked, ...rest].filter((service) => service !== null && service !== undefined);
}

/**
 * Merge flags over bench.config.ts over defaults. A list given as a flag replaces the file's list, but can still name
 * the file's variants and profiles; labels are merged. `file` is the file's name for complaints, `seccomp` the filters that profiles name.
 */
export function resolveConfig(
  flags: RunFlags,
  file: BenchConfig | null,
  surroundings: Defaults,
  fileName = 'bench.config.ts',
  seccomp: SeccompFiles = new Map(),
):
  | { readonly ok: true; readonly resolution: Resolution }
  | { readonly ok: false; readonly problems: readonly Problem[] } {
  const parsed = parseFlags(flags);
  const preset = parsed.config.preset ?? file?.preset ?? commonDefaults.preset;
  const chosen: BenchConfig = { ...presetConfig[preset], ...file };
  const merged: BenchConfig = { ...chosen, ...parsed.config };
  const flag = parsed.config.profiles;
  const asked = askedProfiles(
    {
      flag: flag === undefined ? undefined : listOfProfiles(flag).filter((name) => typeof name === 'string'),
      file: chosen.profiles,
      ...{ fileName, duet: merged.duet },
    },
    seccomp,
  );
  const several = listOfRuntimes(chosen.runtimes ?? []).filter((item) => typeof item !== 'string');
  const { variants, ...expanded } = expandMatrices(several, { file: fileName, duet: merged.duet === true });
  const problems = [
    ...parsed.problems,
    ...asked.problems,
    ...expanded.problems,
    ...variantProblems(variants, fileName),
    ...engineProblems(merged.engines ?? [], merged, fileName),
    ...layerEngineProblems(merged, parsed.config.layers === undefined ? fileName : '--layers'),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const engines = askedEngines(merged.engines ?? []);
  const baseline = merged.baseline ?? commonDefaults.baseline;
  const runtimes = namesOf(merged.runtimes, baseline, expanded.designs);
  const designs = expanded.designs.filter(({ arms }) =>
    arms.every(({ runtime }) => runtimes?.includes(runtime)),
  );
  const services = servicesOf(file?.services ?? [], parsed.service);
  const ofService = parsed.service === null ? undefined : workloadIdsOf(serviceOf(parsed.service));
  const workloads = parsed.config.workloads ?? ofService ?? file?.workloads;
  const config: ResolvedConfig = {
    preset,
    ...recordedLayers(merged),
    ...(asked.profiles.length === 0 ? {} : { profiles: [...asked.profiles] }),
    runtimes,
    workloads: workloads === undefined ? null : [...new Set(workloads)],
    baseline,
    ...blocksOf(merged.blocks, presetDefaults[preset]),
    precision: merged.precision === undefined ? null : parseFraction(merged.precision),
    maxTimeMs:
      (merged.maxTime === undefined ? null : parseDuration(merged.maxTime)) ??
      presetDefaults[preset].maxTimeMs,
    samplePeriodMs:
      (merged.samplePeriod === undefined ? null : parseSamplePeriod(merged.samplePeriod)) ??
      commonDefaults.samplePeriodMs,
    ...stepLimitOf(merged.stepLimit),
    ...(merged.duet ? { duet: true as const } : {}),
    seed: merged.seed ?? surroundings.seed,
    engine: engines.length > 0 ? 'embedded' : engineOf(merged.engine, designs),
    ...(engines.length === 0 ? {} : { engines: engines.map(recordableEngine) }),
    ...(designs.length === 0 ? {} : { designs }),
    lang: merged.lang ?? surroundings.lang,
    labels: { ...file?.labels, ...parsed.config.labels },
    ...(services.length === 0 ? {} : { services }),
    thresholds: {
      practical:
        parseFraction(merged.thresholds?.practical ?? commonDefaults.thresholds.practical) ??
        commonDefaults.thresholds.practical,
      alpha:
        parseFraction(merged.thresholds?.alpha ?? commonDefaults.thresholds.alpha) ??
        commonDefaults.thresholds.alpha,
    },
  };
  return {
    ok: true,
    resolution: {
      config,
      variants,
      engines,
      ownWorkloads: file?.ownWorkloads ?? [],
      daemonJson: merged.daemonJson ?? null,
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
