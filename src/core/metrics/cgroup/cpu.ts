import { notices } from '../../messages/define.ts';
import type { Figure } from '../../model/trial/trial.ts';
import { absent, type CgroupFiles, present } from '../figure.ts';
import { cgroupMetric } from '../metric.ts';
import {
  type CgroupV1,
  cgroupScope,
  flatKeyed,
  keyedValue,
  singleValue,
  textOf,
  type V1Source,
  type V2Source,
  v1Single,
  v2Keyed,
} from './source.ts';

const text = notices('absent', {
  noQuota: 'cpu.stat: no CPU quota on this cgroup, and the kernel counts throttling only where the quota is',
  tooShortToDivide: 'cpuacct: too short to split: the kernel samples user and system time at timer ticks',
});

/** Converts the kernel's µs to ns. */
const micro = { scale: 1000 };

/** `cpuacct.stat` counts in USER_HZ, which is 100 on every architecture that Docker runs on. */
const nsPerTick = 1e7;

/** Minimum sampled time, ns. Below it, the split rests on a few ticks of 1 to 10 ms and would look too exact. */
const minimumSampledNs = 1e8;

/** CPU time as v1 counts it, ns: the exact total, and the user and system time sampled at timer ticks. */
interface SampledCpu {
  readonly usage: number;
  readonly user: number;
  readonly system: number;
}

/** The files of {@link SampledCpu}. */
const sampledCpuFiles = {
  usage: 'cpuacct.usage',
  user: 'cpuacct.usage_user',
  system: 'cpuacct.usage_sys',
} as const satisfies Record<keyof SampledCpu, string>;

/** Divides the exact CPU time in proportion to the sampled times; absent where these are below {@link minimumSampledNs}. */
function dividedCpu({ usage, user, system }: SampledCpu): { user: Figure; system: Figure } {
  const ticks = user + system;
  if (usage > 0 && ticks < minimumSampledNs) {
    const tooShort = absent(text.tooShortToDivide);
    return { user: tooShort, system: tooShort };
  }
  const share = ticks === 0 ? 0 : usage / ticks;
  return {
    user: present(Math.round(user * share), sampledCpuFiles.user),
    system: present(Math.round(system * share), sampledCpuFiles.system),
  };
}

/**
 * User and system time. The kernel samples `cpuacct.usage_user` and `_sys` at timer ticks, so their sum need not equal
 * `cpuacct.usage`, which is exact. v2 scales the two to that sum (kernel/sched/cputime.c, cputime_adjust). This
 * function scales v1 alike, so that the figure means the same. Without the files (Linux < 4.7), it uses `cpuacct.stat`,
 * in steps of 10 ms.
 */
function userAndSystem(files: CgroupFiles): { user: Figure; system: Figure } {
  const usage = singleValue(files, sampledCpuFiles.usage);
  const both = (figure: Figure) => ({ user: figure, system: figure });
  if ('absent' in usage) return both(usage);
  const user = singleValue(files, sampledCpuFiles.user);
  const system = singleValue(files, sampledCpuFiles.system);
  if ('absent' in user || 'absent' in system)
    return {
      user: keyedValue(files, 'cpuacct.stat', 'user', { scale: nsPerTick }),
      system: keyedValue(files, 'cpuacct.stat', 'system', { scale: nsPerTick }),
    };
  return dividedCpu({ usage: usage.value, user: user.value, system: system.value });
}

function v1Split(part: 'user' | 'system'): V1Source {
  return {
    controller: 'cpuacct',
    files: [...Object.values(sampledCpuFiles), 'cpuacct.stat'],
    read: ({ files }) => userAndSystem(files)[part],
  };
}

/**
 * CPU bandwidth throttling out of one or more `cpu.stat` texts. The kernel counts it only in the cgroup that has the
 * quota, never in a parent (kernel/sched/core.c, cpu_cfs_stat_show). A cgroup without periods is therefore absent, not
 * zero.
 */
function throttling(
  stats: readonly string[],
  timeKey: 'throttled_usec' | 'throttled_time',
): { time: Figure; periods: Figure } {
  const scale = timeKey === 'throttled_usec' ? 1000 : 1;
  let limited = false;
  let time = 0;
  let periods = 0;
  for (const stat of stats) {
    const values = flatKeyed(stat);
    if ((values.get('nr_periods') ?? 0) === 0) continue;
    limited = true;
    time += (values.get(timeKey) ?? 0) * scale;
    periods += values.get('nr_throttled') ?? 0;
  }
  if (!limited) return { time: absent(text.noQuota), periods: absent(text.noQuota) };
  return { time: present(time, `cpu.stat ${timeKey}`), periods: present(periods, 'cpu.stat nr_throttled') };
}

function v2Throttling(part: 'time' | 'periods'): V2Source {
  return {
    file: 'cpu.stat',
    read({ files, throttlePeers }) {
      const cpu = textOf(files, 'cpu.stat');
      if ('absent' in cpu) return absent(cpu.absent);
      return throttling([cpu.text, ...throttlePeers], 'throttled_usec')[part];
    },
  };
}

/** v1 does not add throttling up in a parent: the figure is known only while the container's own cgroup exists. */
function v1Throttling(part: 'time' | 'periods'): V1Source {
  return {
    controller: 'cpu',
    files: ['cpu.stat'],
    read: (cgroup) => throttling(cpuStats(cgroup), 'throttled_time')[part],
  };
}

function cpuStats({ files, below }: CgroupV1): readonly string[] {
  return [files, ...below].flatMap((each) => {
    const file = textOf(each, 'cpu.stat');
    return 'absent' in file ? [] : [file.text];
  });
}

/** CPU time of a cgroup. */
export const cpuMetrics = [
  cgroupMetric({
    id: 'cpu.usage',
    unit: 'ns',
    better: 'lower',
    label: 'CPU in the container’s cgroup',
    description: `CPU time, usage_usec of cpu.stat (v1: cpuacct.usage). ${cgroupScope}`,
    v2: v2Keyed('cpu.stat', 'usage_usec', micro),
    v1: v1Single('cpuacct', 'cpuacct.usage'),
  }),
  cgroupMetric({
    id: 'cpu.user',
    unit: 'ns',
    better: 'lower',
    label: 'user CPU',
    description:
      'The part of cpu.usage in user mode, user_usec of cpu.stat (v1: cpuacct.usage_user, scaled so that user and system add up to cpu.usage). Split by timer ticks, so coarse for short trials. Under gVisor the sentry’s kernel work counts as user time.',
    v2: v2Keyed('cpu.stat', 'user_usec', micro),
    v1: v1Split('user'),
  }),
  cgroupMetric({
    id: 'cpu.system',
    unit: 'ns',
    better: 'lower',
    label: 'system CPU',
    description:
      'The part of cpu.usage in kernel mode, system_usec of cpu.stat (v1: cpuacct.usage_sys, scaled likewise). Split by timer ticks. Does not contain time inside a guest kernel (Kata).',
    v2: v2Keyed('cpu.stat', 'system_usec', micro),
    v1: v1Split('system'),
  }),
  cgroupMetric({
    id: 'cpu.throttled',
    unit: 'ns',
    better: 'lower',
    label: 'time held back by the CPU limit',
    description: 'Time held back by the CPU limit, throttled_usec of cpu.stat.',
    v2: v2Throttling('time'),
    v1: v1Throttling('time'),
  }),
  cgroupMetric({
    id: 'cpu.throttled_periods',
    unit: 'count',
    better: 'lower',
    label: 'periods held back by the CPU limit',
    description: 'Periods in which the CPU limit was reached, nr_throttled of cpu.stat.',
    v2: v2Throttling('periods'),
    v1: v1Throttling('periods'),
  }),
];
