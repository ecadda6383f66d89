import type { Figure } from '../model/trial.ts';
import { countedDevices, keyedValue, parseCount, singleValue, textOf, throttling } from './cgroup-text.ts';
import { absent, type CgroupFiles, type Figures, present } from './figure.ts';

/** The files that {@link figuresFromV1} understands, by the controller in whose hierarchy they are. */
export const v1Files = {
  cpu: ['cpu.stat'],
  cpuacct: ['cpuacct.usage', 'cpuacct.usage_user', 'cpuacct.usage_sys', 'cpuacct.stat'],
  memory: [
    'memory.max_usage_in_bytes',
    'memory.usage_in_bytes',
    'memory.kmem.usage_in_bytes',
    'memory.stat',
    'memory.oom_control',
    'memory.use_hierarchy',
  ],
  blkio: ['blkio.throttle.io_service_bytes_recursive', 'blkio.throttle.io_serviced_recursive'],
  pids: ['pids.peak', 'pids.current'],
} as const;
export type V1Controller = keyof typeof v1Files;

/** `cpuacct.stat` counts in USER_HZ, which is 100 on every architecture that Docker runs on. */
const nsPerTick = 1e7;

const noPressure = 'cgroup v1 has no pressure files';

/** What {@link figuresFromV1} must know beside the cgroup's own files. */
export interface V1Context {
  /** Block devices (`253:1`) that lie on others. */
  readonly stacked: ReadonlySet<string>;
  /** `blkio.throttle.io_service_bytes_recursive` of the root cgroup: does this kernel count at all? */
  readonly rootBlkio: string;
  /** Cgroups below that exist now: their `cpu.stat` and `memory.oom_control`, which v1 does not add up. */
  readonly below: readonly CgroupFiles[];
}

/** Device numbers named in a `blkio.throttle.*` file. */
export function blkioDevices(text: string): readonly string[] {
  return [...new Set([...text.matchAll(/^(\d+:\d+) [A-Z]/gm)].map((match) => match[1] ?? ''))];
}

/** Below this many ns of sampled time the split rests on a few ticks of 1 to 10 ms and would be read as more than it is. */
const minimumSampledNs = 1e8;

/**
 * User and system time. `cpuacct.usage_user` and `_sys` are sampled at timer ticks and need not add up to
 * `cpuacct.usage`, which is exact; v2 scales them so that they do (kernel/sched/cputime.c, cputime_adjust),
 * and so does this, so that the figure means the same. Where they are missing (Linux < 4.7), `cpuacct.stat`
 * serves, in steps of 10 ms.
 */
function userAndSystem(files: CgroupFiles, usage: Figure): { user: Figure; system: Figure } {
  const both = (figure: Figure) => ({ user: figure, system: figure });
  if ('absent' in usage) return both(usage);
  const user = singleValue(files, 'cpuacct.usage_user');
  const system = singleValue(files, 'cpuacct.usage_sys');
  if ('absent' in user || 'absent' in system)
    return {
      user: keyedValue(files, 'cpuacct.stat', 'user', { scale: nsPerTick }),
      system: keyedValue(files, 'cpuacct.stat', 'system', { scale: nsPerTick }),
    };
  const ticks = user.value + system.value;
  if (usage.value > 0 && ticks < minimumSampledNs)
    return both(
      absent('cpuacct: too short to be divided: the kernel samples user and system time at timer ticks'),
    );
  const share = ticks === 0 ? 0 : usage.value / ticks;
  return {
    user: present(Math.round(user.value * share), 'cpuacct.usage_user'),
    system: present(Math.round(system.value * share), 'cpuacct.usage_sys'),
  };
}

/** Sum of `Read` or `Write` over the counted devices of a `blkio.throttle.*` file. */
function blkioSum(files: CgroupFiles, name: string, operation: 'Read' | 'Write', context: V1Context): Figure {
  const file = textOf(files, name);
  if ('absent' in file) return absent(file.absent);
  // Seen on Linux 6.18: direct I/O on a disk, and still no cgroup lists a device, the root included. Then
  // "Total 0" says nothing. Where the kernel counts, the root lists the disks.
  if (blkioDevices(file.text).length === 0 && blkioDevices(context.rootBlkio).length === 0)
    return absent(
      `${name}: no device is listed, not even for the root cgroup, so this kernel does not count here`,
    );
  const counted = countedDevices(blkioDevices(file.text), context.stacked);
  let sum = 0;
  for (const device of counted) {
    const text = new RegExp(`^${device} ${operation} (\\S+)$`, 'm').exec(file.text)?.[1];
    const value = text === undefined ? null : parseCount(text);
    if (value === null) return absent(`${name}: no ${operation} for ${device}`);
    sum += value;
  }
  return present(sum, `${name} ${operation}`);
}

/** OOM kills of the cgroups that exist. v1 counts them where they happen and nowhere above (mm/memcontrol-v1.c). */
function oomKills(files: CgroupFiles, below: readonly CgroupFiles[]): Figure {
  if (below.length === 0)
    return absent('memory.oom_control: v1 counts OOM kills in the cgroup itself, which is gone');
  let sum = 0;
  for (const each of [files, ...below]) {
    const kills = keyedValue(each, 'memory.oom_control', 'oom_kill', { hint: 'Linux ≥ 4.13 has it' });
    if ('absent' in kills) return kills;
    sum += kills.value;
  }
  return present(sum, 'memory.oom_control oom_kill');
}

/**
 * The figures of one cgroup in the v1 hierarchies. Same ids as v2 where the meaning is the same:
 * - `memory.peak`, `memory.current`: pages and kernel memory, as on v2; socket buffers (kmem.tcp) are not in it.
 * - `memory.anon` is `total_rss`, `memory.file` `total_cache`, `memory.shmem` `total_shmem`: the same kernel
 *   counters under older names. `memory.kernel` is `memory.kmem.usage_in_bytes`.
 * - `io.*`: v1 charges writeback of buffered writes to the root cgroup, so `io.write_*` holds only direct and
 *   synchronous writes; v2 holds all. Compare it within one host only.
 * - Throttling and OOM kills are not added up in a parent: known while the container's own cgroup exists.
 * Memory figures are absent where the hierarchy does not count children (`memory.use_hierarchy` 0, possible
 * before Linux 5.11). Bad text gives an absent figure, never an exception.
 */
export function figuresFromV1(files: CgroupFiles, context: V1Context): Figures {
  const usage = singleValue(files, 'cpuacct.usage');
  const split = userAndSystem(files, usage);
  const cpuStats = [files, ...context.below].flatMap((each) => {
    const file = textOf(each, 'cpu.stat');
    return 'absent' in file ? [] : [file.text];
  });
  const throttled = throttling(cpuStats, 'throttled_time');
  const hierarchy = singleValue(files, 'memory.use_hierarchy');
  const flat = 'value' in hierarchy && hierarchy.value === 0;
  const memory = (figure: Figure): Figure =>
    flat ? absent('memory.use_hierarchy is 0: this cgroup does not count the ones below it') : figure;
  const bytes = 'blkio.throttle.io_service_bytes_recursive';
  const operations = 'blkio.throttle.io_serviced_recursive';
  return {
    'cpu.usage': usage,
    'cpu.user': split.user,
    'cpu.system': split.system,
    'cpu.throttled': throttled.time,
    'cpu.throttled_periods': throttled.periods,
    'memory.peak': memory(singleValue(files, 'memory.max_usage_in_bytes')),
    'memory.current': memory(singleValue(files, 'memory.usage_in_bytes')),
    'memory.anon': memory(keyedValue(files, 'memory.stat', 'total_rss')),
    'memory.file': memory(keyedValue(files, 'memory.stat', 'total_cache')),
    'memory.shmem': memory(keyedValue(files, 'memory.stat', 'total_shmem')),
    'memory.kernel': memory(singleValue(files, 'memory.kmem.usage_in_bytes')),
    'memory.oom_kills': oomKills(files, context.below),
    'io.read_bytes': blkioSum(files, bytes, 'Read', context),
    'io.write_bytes': blkioSum(files, bytes, 'Write', context),
    'io.read_ops': blkioSum(files, operations, 'Read', context),
    'io.write_ops': blkioSum(files, operations, 'Write', context),
    'pids.peak': singleValue(files, 'pids.peak'),
    'pids.current': singleValue(files, 'pids.current'),
    'pressure.cpu.some': absent(noPressure),
    'pressure.cpu.full': absent(noPressure),
    'pressure.memory.some': absent(noPressure),
    'pressure.memory.full': absent(noPressure),
    'pressure.io.some': absent(noPressure),
    'pressure.io.full': absent(noPressure),
  };
}
