import type { MetricDefinition } from '../../model/metric.ts';
import { define } from './define.ts';

/** What every description of a hierarchical figure adds: whose cost it is. */
const cgroupScope =
  'Read from the trial’s parent cgroup after the container was gone, so it holds everything charged to the container: program, runtime init and, under gVisor, sentry and gofer; not shim, dockerd or containerd. Under Kata the VMM is in it only with sandbox_cgroup_only.';

const cpu = [
  define('cpu.usage', 'ns', 'lower', `CPU time, usage_usec of cpu.stat (v1: cpuacct.usage). ${cgroupScope}`),
  define(
    'cpu.user',
    'ns',
    'lower',
    'The part of cpu.usage in user mode, user_usec of cpu.stat (v1: cpuacct.usage_user, scaled so that user and system add up to cpu.usage). Split by timer ticks, so coarse for short trials. Under gVisor the sentry’s kernel work counts as user time.',
  ),
  define(
    'cpu.system',
    'ns',
    'lower',
    'The part of cpu.usage in kernel mode, system_usec of cpu.stat (v1: cpuacct.usage_sys, scaled likewise). Split by timer ticks. Does not contain time inside a guest kernel (Kata).',
  ),
  define('cpu.throttled', 'ns', 'lower', 'Time held back by the CPU limit, throttled_usec of cpu.stat.'),
  define(
    'cpu.throttled_periods',
    'count',
    'lower',
    'Periods in which the CPU limit was reached, nr_throttled of cpu.stat.',
  ),
];

const memory = [
  define(
    'memory.peak',
    'bytes',
    'lower',
    `Highest memory charge, memory.peak (v1: memory.max_usage_in_bytes). Contains page cache, so a workload that reads files is charged for them. ${cgroupScope}`,
  ),
  define(
    'memory.current',
    'bytes',
    'lower',
    'Memory charged at the last reading, memory.current (v1: memory.usage_in_bytes). Contains page cache.',
  ),
  define(
    'memory.anon',
    'bytes',
    'lower',
    'Anonymous memory at the last reading, anon of memory.stat (v1: total_rss). Under gVisor the program’s memory is in memory.shmem instead.',
  ),
  define(
    'memory.file',
    'bytes',
    'lower',
    'Page cache at the last reading, file of memory.stat (v1: total_cache); contains memory.shmem.',
  ),
  define(
    'memory.shmem',
    'bytes',
    'lower',
    'Shared memory and tmpfs at the last reading, shmem of memory.stat (v1: total_shmem): the memory of programs under gVisor (a memfd) and of guests under Kata.',
  ),
  define(
    'memory.kernel',
    'bytes',
    'lower',
    'Kernel memory at the last reading, kernel of memory.stat, Linux ≥ 5.18 (v1: memory.kmem.usage_in_bytes). Does not contain the memory of a guest kernel or of the gVisor sentry.',
  ),
  define(
    'memory.oom_kills',
    'count',
    'lower',
    'Processes killed for want of memory, oom_kill of memory.events (v1: memory.oom_control).',
  ),
];

const io = [
  define(
    'io.read_bytes',
    'bytes',
    'lower',
    'Bytes read from block devices, rbytes of io.stat (v1: blkio.throttle.io_service_bytes_recursive). Reads from the page cache are not in it.',
  ),
  define(
    'io.write_bytes',
    'bytes',
    'lower',
    'Bytes written to block devices, wbytes of io.stat (v1: blkio.throttle.io_service_bytes_recursive, direct and synchronous writes only). What still waits in the page cache is not in it.',
  ),
  define(
    'io.read_ops',
    'count',
    'lower',
    'Read requests to block devices, rios of io.stat (v1: blkio.throttle.io_serviced_recursive).',
  ),
  define(
    'io.write_ops',
    'count',
    'lower',
    'Write requests to block devices, wios of io.stat (v1: blkio.throttle.io_serviced_recursive, direct and synchronous writes only).',
  ),
];

const pids = [
  define(
    'pids.peak',
    'count',
    'lower',
    `Most tasks (processes and threads) at once, pids.peak (Linux ≥ 6.1). Contains the runtime’s own init and helper threads. ${cgroupScope}`,
  ),
  define(
    'pids.current',
    'count',
    'lower',
    'Tasks (processes and threads) at the last reading, pids.current.',
  ),
];

const pressure = ['cpu', 'io', 'memory'].flatMap((resource) => [
  define(
    `pressure.${resource}.some`,
    'ns',
    'lower',
    `Time in which at least one task waited for ${resource}, some total of ${resource}.pressure. Other work on the host adds to it.`,
  ),
  define(
    `pressure.${resource}.full`,
    'ns',
    'lower',
    `Time in which every task that was not idle waited for ${resource}, full total of ${resource}.pressure.`,
  ),
]);

/** Figures of the trial’s parent cgroup; the collectors use the same ids. */
export const cgroupMetrics: readonly MetricDefinition[] = [...cpu, ...memory, ...io, ...pids, ...pressure];
