import type { MetricDefinition } from '../../model/metric.ts';
import { define } from './define.ts';

/** What every description of a hierarchical figure adds: whose cost it is. */
const cgroupScope =
  'Read from the trial’s parent cgroup after the container was gone, so it holds everything charged to the container: program, runtime init and, under gVisor, sentry and gofer; not shim, dockerd or containerd.';

const cpu = [
  define('cpu.usage', 'ns', 'lower', `CPU time, usage_usec of cpu.stat (v1: cpuacct.usage). ${cgroupScope}`),
  define(
    'cpu.user',
    'ns',
    'lower',
    'The part of cpu.usage in user mode, user_usec of cpu.stat (v1: cpuacct.stat, in 10 ms ticks). Under gVisor the sentry’s kernel work counts as user time.',
  ),
  define(
    'cpu.system',
    'ns',
    'lower',
    'The part of cpu.usage in kernel mode, system_usec of cpu.stat (v1: cpuacct.stat, in 10 ms ticks). Does not contain time inside a guest kernel (Kata).',
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
    'Anonymous memory at the last reading, anon of memory.stat. Under gVisor the program’s memory is in memory.shmem instead.',
  ),
  define(
    'memory.file',
    'bytes',
    'lower',
    'Page cache at the last reading, file of memory.stat; contains memory.shmem.',
  ),
  define(
    'memory.shmem',
    'bytes',
    'lower',
    'Shared memory and tmpfs at the last reading, shmem of memory.stat: the memory of programs under gVisor (a memfd) and of guests under Kata.',
  ),
  define(
    'memory.kernel',
    'bytes',
    'lower',
    'Kernel memory at the last reading, kernel of memory.stat (Linux ≥ 5.18).',
  ),
  define(
    'memory.slab',
    'bytes',
    'lower',
    'Kernel objects at the last reading, slab of memory.stat; part of memory.kernel.',
  ),
  define(
    'memory.kernel_stack',
    'bytes',
    'lower',
    'Kernel stacks at the last reading, kernel_stack of memory.stat; part of memory.kernel.',
  ),
  define(
    'memory.pagetables',
    'bytes',
    'lower',
    'Page tables at the last reading, pagetables of memory.stat; part of memory.kernel.',
  ),
  define('memory.sock', 'bytes', 'lower', 'Socket buffers at the last reading, sock of memory.stat.'),
  define('memory.swap_peak', 'bytes', 'lower', 'Highest swap charge, memory.swap.peak (Linux ≥ 6.5).'),
  define(
    'memory.pgfault',
    'count',
    'lower',
    'Page faults, pgfault of memory.stat; faults inside a guest kernel are not in it.',
  ),
  define(
    'memory.pgmajfault',
    'count',
    'lower',
    'Page faults that waited for a disk, pgmajfault of memory.stat.',
  ),
  define('memory.oom', 'count', 'lower', 'Times that the limit could not be kept, oom of memory.events.'),
  define(
    'memory.oom_kill',
    'count',
    'lower',
    'Processes killed for want of memory, oom_kill of memory.events.',
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
    'Bytes written to block devices, wbytes of io.stat (v1: blkio, without buffered writes). What still waits in the page cache is not in it.',
  ),
  define('io.read_ops', 'count', 'lower', 'Read requests to block devices, rios of io.stat.'),
  define('io.write_ops', 'count', 'lower', 'Write requests to block devices, wios of io.stat.'),
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
