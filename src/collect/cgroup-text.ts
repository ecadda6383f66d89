import type { Figure } from '../model/trial.ts';
import { absent, type CgroupFiles, present } from './figure.ts';

/** Longest piece of a file that a reason quotes. */
const quoteLength = 40;

function quote(text: string): string {
  return JSON.stringify(text.length > quoteLength ? `${text.slice(0, quoteLength)}…` : text);
}

/** A non-negative decimal integer, or null; the kernel writes counters in no other form. */
export function parseCount(text: string): number | null {
  return /^\d{1,20}$/.test(text) ? Number(text) : null;
}

/** The text of a file, or why there is none. Every line the kernel writes ends; one that does not was cut. */
export function textOf(files: CgroupFiles, name: string): { text: string } | { absent: string } {
  const file = files[name];
  if (file === undefined) return { absent: `${name} was not read` };
  if ('missing' in file) return { absent: `${name}: ${file.missing}` };
  if (file.text !== '' && !file.text.endsWith('\n')) return { absent: `${name}: cut short` };
  return file;
}

/** A file that holds one number, such as `memory.peak`; `scale` turns it into the base unit. */
export function singleValue(files: CgroupFiles, name: string, scale = 1): Figure {
  const file = textOf(files, name);
  if ('absent' in file) return absent(file.absent);
  const value = parseCount(file.text.trim());
  return value === null
    ? absent(`${name}: not a number: ${quote(file.text.trim())}`)
    : present(value * scale, name);
}

/** Lines of `key value`, such as `cpu.stat` and `memory.stat`. Lines of another form are left out. */
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

/** The value of one key, without looking at the other lines: a series asks for few of many. */
function valueOfKey(text: string, key: string): number | null {
  const at = text.startsWith(`${key} `) ? 0 : text.indexOf(`\n${key} `) + 1;
  if (at === 0 && !text.startsWith(`${key} `)) return null;
  return parseCount(text.slice(at + key.length + 1, text.indexOf('\n', at)));
}

/** One key of a flat-keyed file; `hint` says what a missing key tells about the kernel. */
export function keyedValue(
  files: CgroupFiles,
  name: string,
  key: string,
  options: { scale?: number; hint?: string } = {},
): Figure {
  const file = textOf(files, name);
  if ('absent' in file) return absent(file.absent);
  const value = valueOfKey(file.text, key);
  if (value !== null) return present(value * (options.scale ?? 1), `${name} ${key}`);
  return absent(`${name} has no ${key}${options.hint === undefined ? '' : ` (${options.hint})`}`);
}

/**
 * CPU bandwidth throttling out of one or more `cpu.stat` texts. The kernel counts it only in the cgroup that
 * has the quota, never in a parent (kernel/sched/core.c, cpu_cfs_stat_show), so a cgroup without periods
 * has nothing to say: absent, not zero.
 */
export function throttling(
  texts: readonly string[],
  timeKey: 'throttled_usec' | 'throttled_time',
): { time: Figure; periods: Figure } {
  const scale = timeKey === 'throttled_usec' ? 1000 : 1;
  let limited = false;
  let time = 0;
  let periods = 0;
  for (const text of texts) {
    const values = flatKeyed(text);
    if ((values.get('nr_periods') ?? 0) === 0) continue;
    limited = true;
    time += (values.get(timeKey) ?? 0) * scale;
    periods += values.get('nr_throttled') ?? 0;
  }
  if (!limited) {
    const reason =
      'cpu.stat: no CPU quota on this cgroup, and the kernel counts throttling only where the quota is';
    return { time: absent(reason), periods: absent(reason) };
  }
  return { time: present(time, `cpu.stat ${timeKey}`), periods: present(periods, 'cpu.stat nr_throttled') };
}

/**
 * Device numbers whose counters are to be summed. I/O on a stacked device (device mapper, md, loop) shows up
 * again on the device below it, so the stacked ones are left out, unless nothing else is listed.
 */
export function countedDevices(listed: Iterable<string>, stacked: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(listed);
  const physical = [...all].filter((device) => !stacked.has(device));
  return physical.length > 0 ? new Set(physical) : all;
}
