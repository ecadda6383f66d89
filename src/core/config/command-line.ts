import { messages, reasons } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { recorded } from '../messages/record.ts';
import { type Problem, problemOf } from '../model/error.ts';
import { type ServiceShape, serviceShape } from './service-shape.ts';
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
}

/** The flags that describe a service of the user; see `serviceShape`. */
interface ServiceFlags {
  readonly image?: string;
  readonly name?: string;
  readonly cmd?: string;
  readonly ready?: string;
  readonly load?: string;
  readonly loadImage?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly memory?: string;
  readonly timeout?: string;
}

/** The flags of `ocibench run`, as typed. */
export interface RunFlags extends SettingFlags, ServiceFlags {
  /** `key=value` texts, or parsed labels. */
  readonly label?: readonly string[] | Readonly<Record<string, string>>;
}

const words = messages('flags', {
  commandLine: 'command line',
  label: 'key=value',
  labelKey: 'key=value with another key than __proto__',
});

const text = reasons('flags', {
  wrong: { message: "must be {rule}, but is ''{value}''", fix: 'for example {flag} {example}' },
  noImage: { message: 'says something of a service whose image is not named', fix: 'add --image IMAGE' },
});

const flagOf = (name: string) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const wrong = (key: string, value: string, must: Message, example: string) =>
  problemOf({ file: words.commandLine, key }, text.wrong({ rule: must, value, flag: key, example }));

/** The service described by `--image` and its related flags. */
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

/** The labels of `--label`, given as texts or parsed by commander. */
function labelsOf(given: RunFlags['label'] = {}, problems: Problem[]): Readonly<Record<string, string>> {
  if (!Array.isArray(given)) return given as Readonly<Record<string, string>>;
  const complain = (label: string, must: Message) =>
    problems.push(wrong('--label', label, must, 'kernel=6.12'));
  return Object.fromEntries(
    given.flatMap((label: string) => {
      const pair = /^([^=\s]+)=(.*)$/s.exec(label);
      if (pair === null) complain(label, words.label);
      if (pair?.[1] === '__proto__') complain(label, words.labelKey);
      return pair === null ? [] : [[pair[1] ?? '', pair[2] ?? ''] as const];
    }),
  );
}

/** Parse flags into values; reports every flag with an invalid value. */
export function parseFlags(flags: RunFlags): {
  readonly request: RunRequest;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(settings) as SettingName[]) {
    const given = flags[name];
    const { kind }: Setting = settings[name];
    const value = kind === undefined || given === undefined ? given : kind.parse(String(given));
    if (value === null && kind !== undefined)
      problems.push(wrong(flagOf(name), String(given), kind.must, kind.example));
    else if (value !== undefined) values[name] = value;
  }
  const labels = labelsOf(flags.label, problems);
  if (Object.keys(labels).length > 0) values.labels = labels;
  const service = serviceOfFlags(flags);
  if (service.shape !== null) values.service = service.shape;
  problems.push(...service.problems);
  return { request: values, problems };
}
