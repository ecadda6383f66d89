import { listed } from '../messages/compose.ts';
import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { bounds } from '../model/bounds.ts';
import { lookup } from '../model/nearest.ts';
import { measuredLayers, presets, samplePeriodMs } from '../model/run/extent.ts';
import { engineChoices } from '../model/runtime/engine-choice.ts';
import {
  parseDuration,
  parseFraction,
  parseList,
  parseRange,
  parseSamplePeriod,
  parseWhole,
  wholeBounds,
} from './quantities.ts';

const valueKindsWords = messages('flags', {
  oneOf: 'one of {allowed}',
  runtimes: 'names separated by commas',
  layers: 'of {all}, separated by commas',
  profiles: 'names of profiles separated by commas',
  workloads: 'ids or categories separated by commas',
  runtime: 'the name of a runtime',
  fraction: 'a percentage or a fraction',
  duration: 'a duration',
  seed: 'a whole number, 0 or more',
  file: 'a file',
  range: 'min..max',
  samplePeriod: 'a duration from {min}ms to {max}s',
});

/** A kind of values. */
interface ValueKind<Value> {
  /** Converts a text to a value; null where it is not one. */
  readonly parse: (text: string) => Value | null;
  /** Description of valid texts. */
  readonly must: Message;
  readonly example: string;
  /** All valid texts, where they are few. */
  readonly choices?: readonly string[];
}

/** Defines a kind; infers the type of its values. */
function kind<Value>(must: Message, example: string, parse: ValueKind<Value>['parse']): ValueKind<Value> {
  return { parse, must, example };
}

function names(text: string): readonly string[] | null {
  const found = parseList(text);
  return found.length === 0 ? null : found;
}

function layersOf(text: string): readonly (typeof measuredLayers)[number][] | null {
  const found = parseList(text);
  const known = found.flatMap((name) => measuredLayers.filter((layer) => layer === name));
  return known.length > 0 && known.length === found.length ? known : null;
}

const word = (text: string) => text.trim() || null;

/** A name that a record can hold. */
const nameOf = (text: string) => (text.trim().length <= bounds.name ? word(text) : null);

/** One of these words. */
function oneOf<const Word extends string>(choices: readonly [Word, ...Word[]]): ValueKind<Word> {
  const parse = (text: string) => choices.find((known) => known === text) ?? null;
  return { ...kind(valueKindsWords.oneOf({ allowed: listed(choices) }), choices[0], parse), choices };
}

/** Bounds in the units of the message: ms and s. */
const samplePeriodBounds = { min: samplePeriodMs.min, max: samplePeriodMs.max / 1000 };
const samplePeriod = valueKindsWords.samplePeriod(samplePeriodBounds);
const layers = valueKindsWords.layers({ all: listed(measuredLayers, 'comma') });

/** The kinds of values of a run. */
export const kinds = {
  runtimes: kind(valueKindsWords.runtimes, 'runc,runsc', names),
  workloads: kind(valueKindsWords.workloads, 'startup,io', names),
  profiles: kind(valueKindsWords.profiles, 'plain,no-new-privileges', names),
  layers: kind(layers, measuredLayers.join(','), layersOf),
  runtime: kind(valueKindsWords.runtime, 'runc', nameOf),
  file: kind(valueKindsWords.file, '/etc/docker/daemon.json', word),
  fraction: kind(valueKindsWords.fraction, '3%', parseFraction),
  duration: kind(valueKindsWords.duration, '10m', parseDuration),
  samplePeriod: kind(samplePeriod, '100ms', parseSamplePeriod),
  range: kind(valueKindsWords.range, '7..12', parseRange),
  seed: kind(valueKindsWords.seed, '42', (text) => parseWhole(text, wholeBounds.seed)),
  /** Existence is checked when the path is opened. */
  path: kind(valueKindsWords.file, '.', (text) => text),
  run: kind(valueKindsWords.file, 'latest', (text) => text),
  /** Not split here: only the run tells which commas separate cells. */
  cells: kind(valueKindsWords.file, 'startup:crun', (text): readonly string[] => [text]),
} as const;

const words = messages('option', {
  lang: 'language of reports and messages (default: from the locale)',
  runtimes: 'only these runtimes, by name in daemon.json, separated by commas',
  engine: 'engine that starts the containers',
  config: 'configuration file (default: the nearest bench.config.ts or .json, from this directory upwards)',
  preset:
    'what to measure, and for how long: quick (3 minutes, the default), standard (half an hour), full (two hours), lab (ten minutes, the exercise in docs/lab), hardening (ten minutes, container security options), gvisor-flags (half an hour, flags of gVisor), capacity (20 minutes, for the capacity commands), sandbox (ten minutes, sandboxes for agents and CI jobs)',
  layers:
    'layers of the stack at which to start containers, separated by commas: docker, containerd, oci, podman, floor (default: docker)',
  workloads: 'only these workloads or categories, separated by commas',
  baseline: 'runtime to compare the others with (default: runc)',
  blocks: 'minimum and maximum number of measured blocks',
  maxTime: 'stop measuring after this time, e.g. 10m, not counting the preparation of images',
  out: 'directory for results/ and charts/ (default: this directory)',
  resume: 'continue an interrupted run: its id, a path, or "latest"',
  until:
    'with --resume: extend a finished run until each of these comparisons, separated by commas, is conclusive (a difference, or no difference within ±5%): WORKLOAD[?PARAMS]:RUNTIME or CATEGORY:RUNTIME',
});

/** One setting of a run: its option, and the kind of its values. */
export interface Setting {
  /** The option in commander's notation; absent: only `--set` and the configuration give it. */
  readonly flag?: string;
  /** Help text of the option. */
  readonly words?: Message;
  /** Its part of the help of `run`; absent: `run` has no such option, but another command may. */
  readonly group?: 'what' | 'extent' | 'engine' | 'output';
  /** Absent for a switch. */
  readonly kind?: ValueKind<unknown>;
  /** Its key in the recorded configuration, if it is recorded unchanged. */
  readonly recorded?: string;
  /** It says how one call behaves, or opens what no file may open, which may come from somebody else: no file can give it. */
  readonly ofCall?: true;
}

/** All settings of a run, by their names in a request and as keys of `--set`; options in the order of the help. */
export const settings = {
  preset: { flag: '--preset <name>', words: words.preset, group: 'what', kind: oneOf(presets) },
  workloads: { flag: '--workloads <names>', words: words.workloads, group: 'what', kind: kinds.workloads },
  runtimes: { flag: '--runtimes <names>', words: words.runtimes, group: 'what', kind: kinds.runtimes },
  baseline: { flag: '--baseline <runtime>', words: words.baseline, kind: kinds.runtime },
  layers: { flag: '--layers <names>', words: words.layers, group: 'what', kind: kinds.layers },
  profiles: { kind: kinds.profiles },
  config: { flag: '--config <file>', words: words.config, group: 'what', kind: kinds.path },
  maxTime: {
    flag: '--max-time <duration>',
    words: words.maxTime,
    group: 'extent',
    kind: kinds.duration,
    recorded: 'maxTimeMs',
  },
  blocks: { flag: '--blocks <min..max>', words: words.blocks, group: 'extent', kind: kinds.range },
  precision: { kind: kinds.fraction, recorded: 'precision' },
  resume: { flag: '--resume <run>', words: words.resume, group: 'extent', kind: kinds.run },
  until: { flag: '--until <cells>', words: words.until, group: 'extent', kind: kinds.cells },
  /** Measure runtime and baseline at once, each on half of the CPUs. */
  duet: {},
  samplePeriod: { kind: kinds.samplePeriod, recorded: 'samplePeriodMs' },
  stepLimit: { kind: { ...kinds.duration, example: '10s' }, recorded: 'stepLimitMs' },
  seed: { kind: kinds.seed, recorded: 'seed' },
  engine: { flag: '--engine <kind>', words: words.engine, group: 'engine', kind: oneOf(engineChoices) },
  daemonJson: { kind: kinds.file },
  /** Docker context; absent: DOCKER_HOST, DOCKER_CONTEXT, the current one. */
  context: { kind: kinds.path, ofCall: true },
  /** Allow tcp:// without TLS: whoever reaches that port is root on that host. */
  insecureTcp: { ofCall: true },
  /** Wait for another measurement on this host to end, instead of refusing. */
  wait: { ofCall: true },
  out: { flag: '--out <dir>', words: words.out, group: 'output', kind: kinds.path },
  lang: { flag: '--lang <code>', words: words.lang, kind: oneOf(['en', 'fr']), recorded: 'lang' },
  /** `false`: records, analysis and CSV alone. */
  report: { ofCall: true },
  /** Judge the gate of the configuration at the end. */
  judge: { ofCall: true },
  /** `false`: a plain line a block instead of a live view. */
  progress: { ofCall: true },
} as const satisfies Readonly<Record<string, Setting>>;

type Settings = typeof settings;
export type SettingName = keyof Settings;
/** Names of the settings that an option gives. */
export type OptionName = {
  [Name in SettingName]: Settings[Name] extends { readonly flag: string } ? Name : never;
}[SettingName];
type ValueOf<Row> = Row extends { readonly kind: ValueKind<infer Value> } ? Value : boolean;
/** The values of settings. */
export type SettingValues = { readonly [Name in SettingName]?: ValueOf<Settings[Name]> };
/** The values of settings that no file can give. */
export type CallValues = {
  readonly [Name in SettingName as Settings[Name] extends { readonly ofCall: true } ? Name : never]?: ValueOf<
    Settings[Name]
  >;
};
/** The options of settings, as typed. */
export type SettingFlags = {
  readonly [Name in SettingName]?: Settings[Name] extends { readonly kind: unknown } ? string : boolean;
};
type RecordedSettings = {
  readonly [Name in SettingName as Settings[Name] extends { readonly recorded: infer Key extends string }
    ? Key
    : never]?: ValueOf<Settings[Name]>;
};

/** A setting by its name. */
export function settingOf(name: string): Setting | undefined {
  return lookup<Setting>(settings, name);
}

/** The values that a run records unchanged, by their keys in the record. */
export function recordedSettings(values: Readonly<Partial<Record<SettingName, unknown>>>): RecordedSettings {
  const kept = Object.entries(values).flatMap(([name, value]) => {
    const key = settingOf(name)?.recorded;
    return key === undefined || value === undefined ? [] : [[key, value]];
  });
  return Object.fromEntries(kept) as RecordedSettings;
}
