import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Figure } from '../model/trial.ts';
import { readText } from './cgroup-files.ts';
import type { CgroupLayout } from './cgroup-layout.ts';
import { absent, present } from './figure.ts';

/** The directory below the trial's in which the runtime put the container: its name holds the container's id. */
function containerDir(trialDir: string, containerId: string): string | null {
  try {
    const name = readdirSync(trialDir).find((entry) => entry.includes(containerId));
    return name === undefined ? null : join(trialDir, name);
  } catch {
    return null;
  }
}

/** One number out of a file of the container's cgroup, or why there is none. */
type Finder = (read: (file: string) => string | null) => number | 'unlimited' | null;

const match = (text: string | null, pattern: RegExp): number | null => {
  const found = text === null ? null : pattern.exec(text)?.[1];
  return found === undefined || found === null ? null : Number(found);
};

function maximum(text: string | null): number | 'unlimited' | null {
  if (text === null) return null;
  return text.trim() === 'max' ? 'unlimited' : Number(text);
}

/** cpu.max: `<quota µs> <period µs>` (cgroup v2, Documentation/admin-guide/cgroup-v2.rst). */
const v2: Readonly<Record<string, Finder>> = {
  'limits.cpus': (read) => {
    const [quota, period] = (read('cpu.max') ?? '').trim().split(' ');
    if (quota === undefined || period === undefined) return null;
    return quota === 'max' ? 'unlimited' : Number(quota) / Number(period);
  },
  'limits.memory': (read) => maximum(read('memory.max')),
  'limits.pids': (read) => maximum(read('pids.max')),
  'throttle.periods': (read) => match(read('cpu.stat'), /^nr_periods (\d+)$/m),
  'throttle.throttled_periods': (read) => match(read('cpu.stat'), /^nr_throttled (\d+)$/m),
  'throttle.time': (read) => {
    const microseconds = match(read('cpu.stat'), /^throttled_usec (\d+)$/m);
    return microseconds === null ? null : microseconds * 1000;
  },
};

/** v1 says "no limit" with the largest number of pages that fits (Documentation/admin-guide/cgroup-v1/memory.rst). */
const v1Unlimited = 2 ** 62;

const v1: Readonly<Record<string, Finder>> = {
  'limits.cpus': (read) => {
    const [quota, period] = [read('cpu/cpu.cfs_quota_us'), read('cpu/cpu.cfs_period_us')].map(Number);
    if (!quota || !period) return null;
    return quota < 0 ? 'unlimited' : quota / period;
  },
  'limits.memory': (read) => {
    const bytes = Number(read('memory/memory.limit_in_bytes') ?? Number.NaN);
    return Number.isNaN(bytes) ? null : bytes >= v1Unlimited ? 'unlimited' : bytes;
  },
  'limits.pids': (read) => maximum(read('pids/pids.max')),
  'throttle.periods': (read) => match(read('cpu/cpu.stat'), /^nr_periods (\d+)$/m),
  'throttle.throttled_periods': (read) => match(read('cpu/cpu.stat'), /^nr_throttled (\d+)$/m),
  'throttle.time': (read) => match(read('cpu/cpu.stat'), /^throttled_time (\d+)$/m),
};

/**
 * What the kernel limits a running container to and how often it held it back; see the step `limits` for the ids. A limit
 * that is not set is absent, with that reason: what was asked for did not arrive.
 */
export function readContainerLimits(
  layout: CgroupLayout,
  trialPath: string,
  containerId: string,
): Record<string, Figure> {
  const unified = layout.kind === 'v2' ? layout.unified : null;
  const dirOf = (root: string | undefined) =>
    root === undefined ? null : containerDir(join(root, trialPath), containerId);
  const read = (file: string): string | null => {
    const [controller = '', name = ''] = file.split('/');
    const dir = unified === null ? dirOf(layout.v1[controller as keyof typeof layout.v1]) : dirOf(unified);
    if (dir === null) return null;
    const found = readText(join(dir, unified === null ? name : file));
    return 'text' in found ? found.text : null;
  };
  return Object.fromEntries(
    Object.entries(unified === null ? v1 : v2).map(([id, find]): [string, Figure] => {
      const value = find(read);
      if (value === 'unlimited') return [id, absent('the container’s cgroup has no such limit')];
      if (value === null || !Number.isFinite(value))
        return [id, absent('the container’s own cgroup has no such file, or is not below the trial’s')];
      return [id, present(value, unified === null ? 'cgroup v1' : 'cgroup v2')];
    }),
  );
}
