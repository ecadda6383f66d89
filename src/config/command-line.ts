import type { Problem } from '../model/error.ts';
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

/** The flags of `ocibench run` that choose what is measured, as typed. */
export interface RunFlags {
  readonly preset?: string;
  readonly runtimes?: string;
  readonly workloads?: string;
  readonly baseline?: string;
  readonly blocks?: string;
  readonly precision?: string;
  readonly maxTime?: string;
  readonly samplePeriod?: string;
  readonly seed?: string;
  readonly engine?: string;
  readonly daemonJson?: string;
  /** Docker context; see `DaemonFlags`. */
  readonly context?: string;
  readonly insecureTcp?: boolean;
  readonly lang?: string;
  /** Each `key=value`, or already taken apart. */
  readonly label?: readonly string[] | Readonly<Record<string, string>>;
}

const spelled: Readonly<Record<string, string>> = {
  maxTime: '--max-time',
  samplePeriod: '--sample-period',
  daemonJson: '--daemon-json',
};

/** Flags → the same shape as bench.config.ts, with every flag that cannot be understood. */
export function parseFlags(flags: RunFlags): {
  readonly config: BenchConfig;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const complain = (flag: string, value: string, must: string, example: string) =>
    problems.push({
      file: 'command line',
      key: spelled[flag] ?? `--${flag}`,
      message: `must be ${must}, but is '${value}'`,
      fix: `for example ${spelled[flag] ?? `--${flag}`} ${example}`,
    });
  const oneOf = <T extends string>(
    flag: string,
    value: string | undefined,
    allowed: readonly T[],
  ): T | undefined => {
    if (value === undefined) return undefined;
    const found = allowed.find((word) => word === value);
    if (found === undefined) complain(flag, value, `one of ${allowed.join(', ')}`, allowed[0] ?? '');
    return found;
  };
  const read = <T>(
    flag: string,
    value: string | undefined,
    parse: (text: string) => T | null,
    must: string,
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
  const word = (text: string) => (text.trim() === '' ? null : text.trim());
  const seed = (text: string) => (/^\d{1,15}$/.test(text.trim()) ? Number(text) : null);
  const given = flags.label ?? [];
  const labels = Array.isArray(given)
    ? given.flatMap((label: string) => {
        const pair = /^([^=\s]+)=(.*)$/s.exec(label);
        if (pair === null) complain('label', label, 'key=value', 'kernel=6.12');
        return pair === null ? [] : [[pair[1] ?? '', pair[2] ?? ''] as const];
      })
    : Object.entries(given);
  const config: { [K in keyof BenchConfig]: BenchConfig[K] | undefined } = {
    preset: oneOf('preset', flags.preset, presetSchema.options),
    runtimes: read('runtimes', flags.runtimes, list, 'names separated by commas', 'runc,runsc'),
    workloads: read(
      'workloads',
      flags.workloads,
      list,
      'ids or categories separated by commas',
      'startup,io',
    ),
    baseline: read('baseline', flags.baseline, word, 'the name of a runtime', 'runc'),
    blocks: read('blocks', flags.blocks, parseRange, 'min..max', '7..12'),
    precision: read('precision', flags.precision, parseFraction, 'a percentage or a fraction', '3%'),
    maxTime: read(
      'maxTime',
      flags.maxTime,
      (text) => (parseDuration(text) === null ? null : text),
      'a duration',
      '10m',
    ),
    samplePeriod: read(
      'samplePeriod',
      flags.samplePeriod,
      (text) => (parseSamplePeriod(text) === null ? null : text),
      samplePeriodRule,
      '100ms',
    ),
    seed: read('seed', flags.seed, seed, 'a whole number, 0 or more', '42'),
    engine: oneOf('engine', flags.engine, ['auto', 'docker', 'embedded']),
    daemonJson: read('daemonJson', flags.daemonJson, word, 'a file', '/etc/docker/daemon.json'),
    lang: oneOf('lang', flags.lang, ['en', 'fr']),
    labels: labels.length === 0 ? undefined : Object.fromEntries(labels),
  };
  return {
    config: Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)),
    problems,
  };
}
