import type { DaemonConfig } from '../../../core/config/daemon-keys.ts';
import { isObject } from '../../../core/config/json-text.ts';
import { joined } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { defaults, isDefault, optionOf } from './catalogue.ts';
import { type ValueText, valueTexts } from './value-texts.ts';
import { sayWhen } from './when.ts';

const words = messages('explain', {
  unset: '{key} is not set: dockerd does as without the line.',
  default: 'Default: {value}.',
  isDefault: 'This is the default: the line changes nothing.',
  noDefault: 'Default: not set.',
});

/** Maximum length of a quoted value, UTF-16 code units. */
const longest = 120;

/** The text, cut after so many that a line of a terminal holds. */
export function shorten(text: string): string {
  return text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text;
}

/** A limit of setrlimit(2): `64000:64000`. */
function writeLimit(value: unknown): string {
  return isObject(value) && ('Soft' in value || 'Hard' in value)
    ? `${value.Soft ?? 0}:${value.Hard ?? 0}`
    : writeValue(value);
}

/** A value as words: members of a list, `name=value` of an object. */
function writeValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(writeValue).join(', ');
  if (!isObject(value)) return String(value);
  return Object.entries(value)
    .map(([name, inner]) =>
      isObject(inner) ? `${name} (${writeValue(inner)})` : `${name}=${writeValue(inner)}`,
    )
    .join(', ');
}

function writeSetting(key: keyof DaemonConfig, value: unknown): string {
  const text =
    key === 'runtimes' && isObject(value)
      ? Object.keys(value).join(', ')
      : key === 'default-ulimits' && isObject(value)
        ? Object.entries(value)
            .map(([name, limit]) => `${name} ${writeLimit(limit)}`)
            .join(', ')
        : writeValue(value);
  return shorten(text);
}

function textFor(key: string, value: unknown): ValueText | undefined {
  const own = typeof value === 'boolean' ? `${key}.${value}` : `${key}=${writeValue(value)}`;
  return Object.hasOwn(valueTexts, own) ? valueTexts[own] : valueTexts[key];
}

/** What this value of a key does. RangeError if dockerd has no such key. */
function sayValue(key: keyof DaemonConfig, value: unknown): Message {
  const written = writeSetting(key, value);
  const text = textFor(key, value);
  if (text === undefined || written === '') return words.unset({ key });
  return typeof text === 'function' ? text({ value: written }) : text;
}

/** What these values of a key and its dependent keys do. */
export function sayValues(values: Readonly<DaemonConfig>): Message {
  const keys = Object.keys(values) as (keyof DaemonConfig)[];
  const said = keys.map((key) => sayValue(key, values[key]));
  return said.length === 1 && said[0] !== undefined ? said[0] : joined(said, 'space');
}

/** What dockerd does without the line. */
export function sayDefault(key: keyof DaemonConfig, value: unknown): Message {
  if (isDefault(key, value)) return words.isDefault;
  const usual = writeSetting(key, defaults[key] ?? '');
  return usual === '' ? words.noDefault : words.default({ value: usual });
}

/** Which containers the setting reaches, and after what. */
export function sayReach(key: keyof DaemonConfig, value: unknown): Message {
  const isStore = key === 'features' && isObject(value) && 'containerd-snapshotter' in value;
  return sayWhen(key, isStore ? 'store' : optionOf(key).when);
}
