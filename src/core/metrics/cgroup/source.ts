import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import type { Figure } from '../../model/trial.ts';
import { absent, type CgroupFiles } from '../figure.ts';
import { keyedValue, singleValue } from './text.ts';

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
  /** What a missing key means about the kernel. */
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
