import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { Figure } from '../../model/trial/trial.ts';
import { absent, type CgroupFiles, present } from '../figure.ts';

const textText = notices('absent', {
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
  if (file === undefined) return { absent: textText.notRead({ file: name }) };
  if ('missing' in file) return { absent: textText.missing({ file: name, why: file.missing }) };
  if (file.text !== '' && !file.text.endsWith('\n')) return { absent: textText.cutShort({ file: name }) };
  return file;
}

/** Parse a file that holds one number, such as `memory.peak`; `scale` converts it to the base unit. */
export function singleValue(files: CgroupFiles, name: string, scale = 1): Figure {
  const file = textOf(files, name);
  if ('absent' in file) return absent(file.absent);
  const value = parseCount(file.text.trim());
  return value === null
    ? absent(textText.notANumber({ file: name, found: quote(file.text.trim()) }))
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

/** Read one key of a flat-keyed file; `hint`: an explanation of a missing key. */
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
    hint === undefined
      ? textText.noKey({ file: name, key })
      : textText.noKeyBefore({ file: name, key, hint }),
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

/** Last sentence of the description of every hierarchical figure: which cgroups it covers. */
export const cgroupScope =
  'Read from the trial’s parent cgroup after the container was gone, so it holds everything charged to the container: program, runtime init and, under gVisor, sentry and gofer; not shim, dockerd or containerd. Under Kata the VMM is in it only with sandbox_cgroup_only.';

const text = notices('absent', {
  flatHierarchy: 'memory.use_hierarchy is 0: this cgroup does not count the ones below it',
});

/** The controllers of cgroup v1 that have figures; each has a hierarchy of its own. */
export const v1Controllers = ['cpu', 'cpuacct', 'memory', 'blkio', 'pids'] as const;
export type V1Controller = (typeof v1Controllers)[number];

/** Contents of a cgroup v2 directory. */
interface CgroupV2 {
  readonly files: CgroupFiles;
  /** Block devices (`253:1`) stacked on other devices. */
  readonly stacked: ReadonlySet<string>;
  /** `cpu.stat` texts of descendant cgroups, which may have CPU quotas. */
  readonly throttlePeers: readonly string[];
}

/** Contents of a cgroup in the v1 hierarchies. */
export interface CgroupV1 {
  readonly files: CgroupFiles;
  /** Block devices (`253:1`) stacked on other devices. */
  readonly stacked: ReadonlySet<string>;
  /** `blkio.throttle.io_service_bytes_recursive` of the root cgroup; shows whether this kernel counts at all. */
  readonly rootBlkio: string;
  /** Does this kernel forget the I/O of a descendant that was removed? */
  readonly forgetsRemoved: boolean;
  /** Files of descendant cgroups that exist now: `cpu.stat` and `memory.oom_control`, which v1 does not add up. */
  readonly below: readonly CgroupFiles[];
}

/** Where cgroup v2 keeps a figure. Invalid text gives an absent figure, never an exception. */
export interface V2Source {
  readonly file: string;
  readonly read: (cgroup: CgroupV2) => Figure;
}

/** Where cgroup v1 keeps a figure: files of one controller's hierarchy; none where v1 does not have it. */
export interface V1Source {
  readonly controller: V1Controller | null;
  readonly files: readonly string[];
  readonly read: (cgroup: CgroupV1) => Figure;
}

interface KeyOptions {
  /** Factor from the kernel's unit to the base unit. */
  readonly scale?: number;
  /** Explanation of a missing key, such as the kernel version that introduced it. */
  readonly hint?: Message;
}

/** v2: one key of a flat-keyed file. */
export function v2Keyed(file: string, key: string, options: KeyOptions = {}): V2Source {
  return { file, read: ({ files }) => keyedValue(files, file, key, options) };
}

/** v2: a file of one number. */
export function v2Single(file: string): V2Source {
  return { file, read: ({ files }) => singleValue(files, file) };
}

/** v1: a file of one number. */
export function v1Single(controller: V1Controller, file: string): V1Source {
  return { controller, files: [file], read: ({ files }) => singleValue(files, file) };
}

/**
 * v1: a figure of the memory controller. The figure is absent where the hierarchy does not count children
 * (`memory.use_hierarchy` 0, possible before Linux 5.11).
 */
export function v1Memory(file: string, key?: string): V1Source {
  return {
    controller: 'memory',
    files: [file, 'memory.use_hierarchy'],
    read({ files }) {
      const hierarchy = singleValue(files, 'memory.use_hierarchy');
      if ('value' in hierarchy && hierarchy.value === 0) return absent(text.flatHierarchy);
      return key === undefined ? singleValue(files, file) : keyedValue(files, file, key);
    },
  };
}

/** Mark a figure that v1 does not have. */
export function notInV1(reason: Message): V1Source {
  return { controller: null, files: [], read: () => absent(reason) };
}
