import { listed } from '../messages/compose.ts';
import { messages, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recorded } from '../messages/record.ts';
import { measuredLayers } from '../model/cell.ts';
import { engineChoices } from '../model/engine-choice.ts';
import { type Problem, problemOf } from '../model/error.ts';
import { presetSchema } from '../model/run.ts';
import type { BenchConfig } from './define-config.ts';
import {
  parseDuration,
  parseFraction,
  parseList,
  parseRange,
  parseSamplePeriod,
  samplePeriodRule,
} from './quantities.ts';
import { type ServiceShape, serviceShape } from './service-shape.ts';
import { checkValue } from './zod-problems.ts';

/** The flags of `ocibench run` that choose what is measured, as typed. */
export interface RunFlags {
  readonly preset?: string;
  readonly runtimes?: string;
  readonly layers?: string;
  readonly profiles?: string;
  readonly workloads?: string;
  readonly baseline?: string;
  readonly blocks?: string;
  readonly precision?: string;
  readonly maxTime?: string;
  readonly samplePeriod?: string;
  readonly stepLimit?: string;
  readonly duet?: boolean;
  readonly seed?: string;
  readonly engine?: string;
  readonly daemonJson?: string;
  /** Docker context; see `DaemonFlags`. */
  readonly context?: string;
  readonly insecureTcp?: boolean;
  readonly lang?: string;
  /** A service of the user's own, and what follows belongs to it; see `serviceShape`. */
  readonly image?: string;
  readonly name?: string;
  readonly cmd?: string;
  readonly ready?: string;
  readonly load?: string;
  readonly loadImage?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly memory?: string;
  readonly timeout?: string;
  /** Each `key=value`, or already parsed. */
  readonly label?: readonly string[] | Readonly<Record<string, string>>;
}

const words = messages('flags', {
  commandLine: 'command line',
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
  label: 'key=value',
  labelKey: 'key=value with another key than __proto__',
  range: 'min..max',
});

const text = reasons('flags', {
  wrong: { message: "must be {rule}, but is ''{value}''", fix: 'for example {flag} {example}' },
  noImage: { message: 'says something of a service whose image is not named', fix: 'add --image IMAGE' },
});

const spelled: Readonly<Record<string, string>> = {
  maxTime: '--max-time',
  samplePeriod: '--sample-period',
  stepLimit: '--step-limit',
  loadImage: '--load-image',
  daemonJson: '--daemon-json',
};

const flagOf = (name: string) => spelled[name] ?? `--${name}`;

/** The service of `--image` and the flags beside it. */
function serviceOfFlags(flags: RunFlags): {
  readonly shape: ServiceShape | null;
  readonly problems: readonly Problem[];
} {
  const { image, name, cmd, ready, load, loadImage, env, memory, timeout } = flags;
  const beside = { name, cmd, ready, load, loadImage, env, memory, timeout };
  const given = Object.fromEntries(Object.entries(beside).filter(([, value]) => value !== undefined));
  if (image === undefined) {
    const problems = Object.keys(given).map((key) =>
      problemOf({ file: words.commandLine, key: flagOf(key) }, text.noImage),
    );
    return { shape: null, problems };
  }
  const checked = checkValue(serviceShape, { image, ...given }, '');
  if (checked.ok) return { shape: checked.data, problems: [] };
  const problems = checked.problems.map(({ key, messages, ...problem }) => {
    const { file, messages: own } = recorded({ file: words.commandLine });
    return { ...problem, file, key: flagOf(key), messages: { ...messages, ...own } };
  });
  return { shape: null, problems };
}

/** Convert flags to the shape of bench.config.ts, and report every invalid flag. */
export function parseFlags(flags: RunFlags): {
  readonly config: BenchConfig;
  /** What `--image` says; null without it. */
  readonly service: ServiceShape | null;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const complain = (name: string, value: string, rule: Message, example: string) => {
    const flag = flagOf(name);
    const { message, fix } = text.wrong({ rule, value, flag, example });
    problems.push({ key: flag, ...recorded({ file: words.commandLine, message, fix }) });
  };
  const oneOf = <T extends string>(
    flag: string,
    value: string | undefined,
    allowed: readonly T[],
  ): T | undefined => {
    if (value === undefined) return undefined;
    const found = allowed.find((word) => word === value);
    if (found === undefined)
      complain(flag, value, words.oneOf({ allowed: listed(allowed) }), allowed[0] ?? '');
    return found;
  };
  const read = <T>(
    flag: string,
    value: string | undefined,
    parse: (text: string) => T | null,
    must: Message,
    example: string,
  ) => {
    if (value === undefined) return undefined;
    const parsed = parse(value);
    if (parsed === null) complain(flag, value, must, example);
    return parsed ?? undefined;
  };
  const list = (text: string) => {
    const names = parseList(text);
    return names.length === 0 ? null : [...names];
  };
  const layers = (text: string) => {
    const names = parseList(text);
    const known = names.flatMap((name) => measuredLayers.filter((layer) => layer === name));
    return known.length > 0 && known.length === names.length ? known : null;
  };
  const word = (text: string) => (text.trim() === '' ? null : text.trim());
  const duration = (text: string) => (parseDuration(text) === null ? null : text);
  const seed = (text: string) => (/^\d{1,15}$/.test(text.trim()) ? Number(text) : null);
  const given = flags.label ?? [];
  const labels = Array.isArray(given)
    ? given.flatMap((label: string) => {
        const pair = /^([^=\s]+)=(.*)$/s.exec(label);
        if (pair === null) complain('label', label, words.label, 'kernel=6.12');
        if (pair?.[1] === '__proto__') complain('label', label, words.labelKey, 'kernel=6.12');
        return pair === null ? [] : [[pair[1] ?? '', pair[2] ?? ''] as const];
      })
    : Object.entries(given);
  const config: { [K in keyof BenchConfig]: BenchConfig[K] | undefined } = {
    preset: oneOf('preset', flags.preset, presetSchema.options),
    runtimes: read('runtimes', flags.runtimes, list, words.runtimes, 'runc,runsc'),
    layers: read(
      'layers',
      flags.layers,
      layers,
      words.layers({ all: listed(measuredLayers, 'comma') }),
      measuredLayers.join(','),
    ),
    profiles: read('profiles', flags.profiles, list, words.profiles, 'plain,no-new-privileges'),
    workloads: read('workloads', flags.workloads, list, words.workloads, 'startup,io'),
    baseline: read('baseline', flags.baseline, word, words.runtime, 'runc'),
    blocks: read('blocks', flags.blocks, parseRange, words.range, '7..12'),
    precision: read('precision', flags.precision, parseFraction, words.fraction, '3%'),
    maxTime: read('maxTime', flags.maxTime, duration, words.duration, '10m'),
    samplePeriod: read(
      'samplePeriod',
      flags.samplePeriod,
      (text) => (parseSamplePeriod(text) === null ? null : text),
      samplePeriodRule,
      '100ms',
    ),
    stepLimit: read('stepLimit', flags.stepLimit, duration, words.duration, '10s'),
    duet: flags.duet,
    seed: read('seed', flags.seed, seed, words.seed, '42'),
    engine: oneOf('engine', flags.engine, engineChoices),
    daemonJson: read('daemonJson', flags.daemonJson, word, words.file, '/etc/docker/daemon.json'),
    lang: oneOf('lang', flags.lang, ['en', 'fr']),
    labels: labels.length === 0 ? undefined : Object.fromEntries(labels),
  };
  const service = serviceOfFlags(flags);
  problems.push(...service.problems);
  return {
    service: service.shape,
    config: Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)),
    problems,
  };
}
