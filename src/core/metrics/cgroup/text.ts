import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { Figure } from '../../model/trial.ts';
import { absent, type CgroupFiles, present } from '../figure.ts';

const text = notices('absent', {
  notRead: '{file} was not read',
  missing: '{file}: {why}',
  cutShort: '{file}: cut short',
  notANumber: '{file}: not a number: {found}',
  noKey: '{file} has no {key}',
  noKeyBefore: '{file} has no {key} ({hint})',
});

/** Maximum length of file text quoted in a reason, characters. */
const quoteLength = 40;

function quote(text: string): string {
  return JSON.stringify(text.length > quoteLength ? `${text.slice(0, quoteLength)}…` : text);
}

/** Parse a non-negative decimal integer, or return null; the kernel writes counters in no other form. */
export function parseCount(text: string): number | null {
  return /^\d{1,20}$/.test(text) ? Number(text) : null;
}

/**
 * Return the text of a file, or the reason for its absence. Every line of the kernel ends in a newline; a text without
 * one was truncated.
 */
export function textOf(files: CgroupFiles, name: string): { text: string } | { absent: Message } {
  const file = files[name];
  if (file === undefined) return { absent: text.notRead({ file: name }) };
  if ('missing' in file) return { absent: text.missing({ file: name, why: file.missing }) };
  if (file.text !== '' && !file.text.endsWith('\n')) return { absent: text.cutShort({ file: name }) };
  return file;
}

/** Parse a file that holds one number, such as `memory.peak`; `scale` converts it to the base unit. */
export function singleValue(files: CgroupFiles, name: string, scale = 1): Figure {
  const file = textOf(files, name);
  if ('absent' in file) return absent(file.absent);
  const value = parseCount(file.text.trim());
  return value === null
    ? absent(text.notANumber({ file: name, found: quote(file.text.trim()) }))
    : present(value * scale, name);
}

/** Parse lines of `key value`, such as `cpu.stat` and `memory.stat`. Skip lines of any other form. */
export function flatKeyed(text: string): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [key, value, ...rest] = line.split(' ');
    if (key === undefined || value === undefined || rest.length > 0) continue;
    const count = parseCount(value);
    if (count !== null) values.set(key, count);
  }
  return values;
}

/** Find the value of one key without parsing the other lines: a time series needs few keys of many. */
function valueOfKey(text: string, key: string): number | null {
  const at = text.startsWith(`${key} `) ? 0 : text.indexOf(`\n${key} `) + 1;
  if (at === 0 && !text.startsWith(`${key} `)) return null;
  return parseCount(text.slice(at + key.length + 1, text.indexOf('\n', at)));
}

/** Read one key of a flat-keyed file; `hint` says what a missing key means about the kernel. */
export function keyedValue(
  files: CgroupFiles,
  name: string,
  key: string,
  options: { scale?: number; hint?: Message } = {},
): Figure {
  const file = textOf(files, name);
  if ('absent' in file) return absent(file.absent);
  const value = valueOfKey(file.text, key);
  if (value !== null) return present(value * (options.scale ?? 1), `${name} ${key}`);
  const { hint } = options;
  return absent(
    hint === undefined ? text.noKey({ file: name, key }) : text.noKeyBefore({ file: name, key, hint }),
  );
}

/**
 * Choose the devices whose counters are summed. I/O on a stacked device (device mapper, md, loop) appears again on the
 * device below it. Stacked devices are therefore left out, unless only they are listed.
 */
export function countedDevices(listed: Iterable<string>, stacked: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(listed);
  const physical = [...all].filter((device) => !stacked.has(device));
  return physical.length > 0 ? new Set(physical) : all;
}
