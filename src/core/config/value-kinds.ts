import { listed } from '../messages/compose.ts';
import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { samplePeriodMs } from '../model/extent.ts';
import { measuredLayers } from '../model/layer.ts';
import {
  parseDuration,
  parseFraction,
  parseList,
  parseRange,
  parseSamplePeriod,
  parseWhole,
  wholeBounds,
} from './quantities.ts';

const words = messages('flags', {
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
export interface ValueKind<Value> {
  /** What a text stands for; null: for none of them. */
  readonly parse: (text: string) => Value | null;
  /** What a text must be, in words. */
  readonly must: Message;
  readonly example: string;
  /** All texts of them, where they are few. */
  readonly choices?: readonly string[];
  /** What a shell completes a text of them with. */
  readonly completes?: 'workloads' | 'runtimes' | 'profiles' | 'runs';
}

/** Infers the type of its values. */
function kind<Value>(
  must: Message,
  example: string,
  parse: ValueKind<Value>['parse'],
  completes?: ValueKind<Value>['completes'],
): ValueKind<Value> {
  return { ...{ parse, must, example }, ...(completes === undefined ? {} : { completes }) };
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

/** One of these words. */
export function oneOf<const Word extends string>(choices: readonly [Word, ...Word[]]): ValueKind<Word> {
  const parse = (text: string) => choices.find((known) => known === text) ?? null;
  return { ...kind(words.oneOf({ allowed: listed(choices) }), choices[0], parse), choices };
}

/** As they are said: ms and s. */
export const samplePeriodBounds = { min: samplePeriodMs.min, max: samplePeriodMs.max / 1000 };
const samplePeriod = words.samplePeriod(samplePeriodBounds);
const layers = words.layers({ all: listed(measuredLayers, 'comma') });

/** The kinds of values of a run. */
export const kinds = {
  runtimes: kind(words.runtimes, 'runc,runsc', names, 'runtimes'),
  workloads: kind(words.workloads, 'startup,io', names, 'workloads'),
  profiles: kind(words.profiles, 'plain,no-new-privileges', names, 'profiles'),
  layers: kind(layers, measuredLayers.join(','), layersOf),
  runtime: kind(words.runtime, 'runc', word, 'runtimes'),
  file: kind(words.file, '/etc/docker/daemon.json', word),
  fraction: kind(words.fraction, '3%', parseFraction),
  duration: kind(words.duration, '10m', parseDuration),
  samplePeriod: kind(samplePeriod, '100ms', parseSamplePeriod),
  range: kind(words.range, '7..12', parseRange),
  seed: kind(words.seed, '42', (text) => parseWhole(text, wholeBounds.seed)),
  /** Whether there is such a thing is found out where it is opened. */
  path: kind(words.file, '.', (text) => text),
  run: kind(words.file, 'latest', (text) => text, 'runs'),
  /** Which commas are between cells is known with their run. */
  cells: kind(words.file, 'startup:crun', (text): readonly string[] => [text]),
} as const;
