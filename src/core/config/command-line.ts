import { messages, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recorded } from '../messages/record.ts';
import { type Problem, problemOf } from '../model/failure/error.ts';
import type { BenchConfig } from './define-config.ts';
import { type ServiceShape, serviceParts, serviceShape } from './service-shape.ts';
import { parseSet, type SetValues } from './set.ts';
import {
  type Setting,
  type SettingFlags,
  type SettingName,
  type SettingValues,
  settings,
} from './settings.ts';
import { checkValue } from './zod-problems.ts';

/** The request for a run, with parsed values. */
export interface RunRequest extends SettingValues {
  readonly labels?: Readonly<Record<string, string>>;
  /** A service of the user, in addition to those of the configuration. */
  readonly service?: ServiceShape;
  /** What `--set` puts over the configuration file, as far as it is no setting of its own. */
  readonly set?: BenchConfig;
}

/** The flags that describe a service of the user; see `serviceShape`. */
type ServiceFlags = {
  readonly [Key in keyof ServiceShape]?: Key extends 'env' ? ServiceShape[Key] : string;
};

/** The flags of `ocibench run`, as typed. */
export interface RunFlags extends SettingFlags, ServiceFlags {
  /** `key=value` texts; see `parseSet`. */
  readonly set?: readonly string[];
}

const words = messages('flags', { commandLine: 'command line' });

const text = reasons('flags', {
  wrong: { message: "must be {rule}, but is ''{value}''", fix: 'for example {flag} {example}' },
  noImage: { message: 'describes a service, but no image is named', fix: 'add --image IMAGE' },
});

const flagOf = (name: string) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The problem of a flag whose value is not of its kind. */
export function wrongFlag(
  flag: string,
  value: string,
  { must, example }: { readonly must: Message; readonly example: string },
): Problem {
  return problemOf({ file: words.commandLine, key: flag }, text.wrong({ rule: must, value, flag, example }));
}

const serviceKeys: readonly string[] = Object.keys(serviceParts.shape);

/** The service described by `--image`, its related flags and `--set service.KEY`. */
function askedService(
  flags: ServiceFlags,
  set: SetValues['service'] = {},
): { readonly shape: ServiceShape | null; readonly problems: readonly Problem[] } {
  const given: Readonly<Record<string, unknown>> = {
    ...set,
    ...Object.fromEntries(
      Object.entries(flags).filter(([key, value]) => value !== undefined && serviceKeys.includes(key)),
    ),
  };
  const nameOf = (key: string) => (Object.hasOwn(set, key) ? `--set service.${key}` : flagOf(key));
  if (given.image === undefined) {
    const problems = Object.keys(given).map((key) =>
      problemOf({ file: words.commandLine, key: nameOf(key) }, text.noImage),
    );
    return { shape: null, problems };
  }
  const checked = checkValue(serviceShape, given, '');
  if (checked.ok) return { shape: checked.data, problems: [] };
  const problems = checked.problems.map(({ key, messages, ...problem }) => {
    const { file, messages: own } = recorded({ file: words.commandLine });
    return { ...problem, file, key: nameOf(key), messages: { ...messages, ...own } };
  });
  return { shape: null, problems };
}

/** The keys that these flags give, with the flags. `further`: flags of one command, with their keys. */
function keysOf(flags: RunFlags, further: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const keys: Readonly<Record<string, string>> = {
    ...Object.fromEntries(Object.keys(settings).map((name) => [name, name])),
    ...Object.fromEntries(serviceKeys.map((name) => [name, `service.${name}`])),
    ...further,
  };
  const given = Object.entries(flags).filter(
    ([name, value]) => value !== undefined && Object.hasOwn(keys, name),
  );
  return new Map(given.map(([name]) => [keys[name] ?? name, flagOf(name)]));
}

/** A value of a setting; a list or an object with more than texts is merged with that of the configuration file. */
const isPlain = (value: unknown): boolean =>
  typeof value !== 'object' || (Array.isArray(value) && value.every((each) => typeof each === 'string'));

/**
 * Parse flags into values; reports every flag with an invalid value, every `--set` that the configuration does not take, and
 * every key that both give. `keys`: flags of one command that stand for a key: `{ notify: 'nightly.notify' }`.
 */
export function parseFlags(
  flags: RunFlags,
  keys: Readonly<Record<string, string>> = {},
): {
  readonly request: RunRequest;
  readonly problems: readonly Problem[];
} {
  const set = parseSet(flags.set ?? [], keysOf(flags, keys));
  // How things are shown is the terminal's concern; it has read them before.
  const { labels, service: ofSet, progress: _, verbose: __, ...other } = set.values;
  const problems: Problem[] = [...set.problems];
  const values: Record<string, unknown> = {};
  const further = new Map<string, unknown>(Object.entries(other));
  for (const name of Object.keys(settings) as SettingName[]) {
    const { kind }: Setting = settings[name];
    const given = flags[name];
    if (given === undefined) {
      const own = further.get(name);
      if (own === undefined || !isPlain(own)) continue;
      values[name] = typeof own === 'string' ? (kind?.parse(own) ?? own) : own;
      further.delete(name);
      continue;
    }
    const value = kind === undefined ? given : kind.parse(String(given));
    if (value === null && kind !== undefined) problems.push(wrongFlag(flagOf(name), String(given), kind));
    else if (value !== undefined) values[name] = value;
  }
  if (labels !== undefined) values.labels = labels;
  if (further.size > 0) values.set = Object.fromEntries(further);
  const service = askedService(flags, ofSet);
  if (service.shape !== null) values.service = service.shape;
  problems.push(...service.problems);
  return { request: values, problems };
}
