import { messages } from '../../src/core/messages/define.ts';
import type { Message, Value } from '../../src/core/messages/message.ts';

/** The name of a metric, or of a member of a family (an id that ends in `.*`). */
export type MetricName = Message | ((values: { readonly member: Value }) => Message);

/** Metric id → its name in tables and charts (message `metric.<id>`), for all metrics that workloads measure. */
export const workloadMetricNames: Readonly<Record<string, MetricName>> = messages('metric', {
  // Containers at rest.
  'at_rest.cpu': 'CPU of an idle sandbox',
  // Several containers that start at once.
  'burst.latency': 'time to first output in a burst',
  'burst.latency_max': 'time to first output, slowest of a burst',
  'burst.rate': 'starts per second',
  // Many idle containers side by side.
  'density.available': 'memory per sandbox (MemAvailable)',
  'density.charged': 'memory per sandbox (charged)',
  'density.resident': 'memory per sandbox (resident)',
  'density.footprint': 'memory per sandbox (footprint)',
  'density.idle_cpu': 'CPU of an idle sandbox',
  // Sandboxes added up to the knee.
  'density.next_memory': 'memory of one more sandbox (resident)',
  'density.next_memory_low': 'memory of one more, lower end',
  'density.next_memory_high': 'memory of one more, upper end',
  'density.next_available': 'memory of one more (MemAvailable)',
  'density.next_charged': 'memory of one more (charged)',
  'density.next_cpu': 'CPU of one more at rest',
  'density.fit': 'sandboxes that fit',
  'density.missed': 'sandboxes at which an objective was missed',
  'density.fit_estimate': 'sandboxes that the host would hold (estimate)',
  'density.start_first': 'start, first step',
  'density.start_last': 'start, last step',
  'density.answer_first': '95th percentile of an answer, first step',
  'density.answer_last': '95th percentile of an answer, last step',
  // A program started in a running container.
  'exec.to_output': 'exec to first output of the program',
  'exec.total': 'exec to exit code',
  // Page faults.
  'fault.first_touch': 'first touch of a page',
  'fault.again': 'touching a page again',
  'fault.unmap': 'giving a page back',
  // Small files.
  'files.create': 'creating a file',
  'files.read': 'reading a file',
  'files.stat': 'stat of a file',
  'files.delete': 'removing a file',
  'files.cycle': 'all four together',
  // Reads and writes by fio.
  'fio.bandwidth': 'bandwidth',
  'fio.iops': 'operations per second',
  'fio.latency_p50': 'median latency',
  'fio.latency_mean': 'mean latency',
  'fio.latency_p99': '99th percentile of latency',
  // Writes that are synced one by one.
  'fsync.p50': 'median time of an fsync',
  'fsync.p95': '95th percentile of an fsync',
  'fsync.p99': '99th percentile of an fsync',
  'fsync.mean': 'mean time of an fsync',
  'fsync.rate': 'synced writes per second',
  // A loop in C, native or as a WebAssembly module.
  'wasm.step': 'a step of the loop',
  // Compiling C.
  'gcc.file': 'time to compile a file',
  // Responses of a server on the network, by wrk.
  'http.requests_rate': 'requests per second',
  'http.latency_p50': 'median latency',
  'http.latency_p99': '99th percentile of latency',
  // A TCP stream, by iperf3.
  'iperf3.bandwidth': 'bandwidth',
  'iperf3.peer_cpu': 'CPU of the client',
  // Isolation of a container from the host.
  'isolation.syscalls_answered': 'system calls available',
  'isolation.syscalls_refused': 'system calls that are refused',
  'isolation.syscalls_absent': 'system calls that are absent',
  'isolation.syscalls_ended': 'system calls that end the process',
  'isolation.capabilities': 'capabilities',
  'isolation.devices': 'entries of /dev',
  'isolation.mounts': 'mounts',
  'isolation.mounts_writable': 'writable mounts',
  'isolation.cpus': 'CPUs inside',
  'isolation.memory': 'memory inside (MemTotal)',
  // A memory limit.
  'limit.usable': 'memory that is usable below the limit',
  'limit.unusable': 'part of the limit that is not usable',
  // A load on the user's own service, and the user's own job.
  'load.rate': 'requests per second',
  'load.latency_mean': 'mean latency',
  'load.latency_p50': 'median latency',
  'load.latency_p99': '99th percentile of latency',
  'load.time': 'time of the load',
  'job.time': 'time from start to end',
  // Memory traffic.
  'memory.throughput': 'memory throughput',
  // One operation that a workload repeats.
  'op.time': 'time of one operation',
  'op.rate': 'operations per second',
  // openssl speed.
  'openssl.throughput': 'throughput',
  // Lines that a container prints.
  'output.line': 'time per line of output',
  // Freezing and thawing a container.
  'pause.round': 'freeze and thaw',
  'pause.freeze': 'freeze',
  'pause.thaw': 'thaw',
  // PostgreSQL, by pgbench.
  'pgbench.transactions_rate': 'transactions per second',
  'pgbench.latency_mean': 'mean latency of a transaction',
  'pgbench.connect': 'time to connect',
  // Python.
  'python.round': 'time of one round',
  'python.start': 'time of one start of Python',
  // A CPU quota.
  'quota.used': 'share of the quota that was used',
  'quota.cpus': 'quota, CPUs',
  'quota.throttled': 'share of periods held back',
  'quota.visible_cpus': 'CPUs that are visible inside',
  // Redis, by redis-benchmark.
  'redis.requests_rate': 'requests per second',
  'redis.latency_p50': 'median latency',
  'redis.latency_p99': '99th percentile of latency',
  // A service that is stored and restored.
  'restore.to_answer': 'restore to first answer',
  'restore.call': 'restore call',
  'restore.tail': 'slower answers after a restore',
  'restore.saving': 'saved by a restore',
  'restore.saving_read': 'saved by a restore, all read',
  'restore.break_even': 'start-up time above which a restore pays',
  'restore.failed_tries': 'failed restores',
  'fresh.to_answer': 'fresh start to first answer',
  'fresh.call': 'fresh start call',
  'fresh.tail': 'slower answers after a fresh start',
  'checkpoint.time': 'time of a checkpoint',
  'checkpoint.image': 'size of a checkpoint',
  // SQLite.
  'sqlite.rows_rate': 'rows per second',
  // Files that are copied into or out of a sandbox.
  // Commands in a row in a warm sandbox.
  'session.round_trip': 'round trip of a command',
  'session.round_trip_p95': '95th percentile of a round trip',
  'session.to_output': 'command to first output',
  'session.cpu': 'CPU per command',
  // A service from its start to its stop.
  'startup.to_serving': 'create to serving',
  'startup.start_to_serving': 'start to serving',
  'startup.stop': 'time to stop',
  'stop.time': 'time to stop',
  // sysbench cpu.
  'sysbench.events_rate': 'events per second',
  'sysbench.threads': 'threads',
  // System calls; `{member}` is one of them.
  'syscall.trivial': 'cost of trivial system calls',
  'syscall.throughput': 'system calls per second',
  'syscall.*': 'cost of {member}()',
  // Archives.
  'tar.files_rate': 'files per second',
  'tar.throughput': 'throughput of the archive',
  // Work of a known size, by any program.
  'task.time': 'time of one unit of work',
  // The first command in a sandbox.
  'tti.p50': 'time to the first command',
  'tti.p95': '95th percentile of the time to the first command',
  'tti.p99': '99th percentile of the time to the first command',
  'tti.max': 'time to the first command, slowest sandbox',
  'tti.success': 'share of sandboxes that answered',
  'tti.rate': 'sandboxes per second',
  'tti.core_time': 'time of a start on one CPU',
  'tti.memory': 'memory of all sandboxes',
  // Responses of a server in the container, by wrk.
  'wrk.requests_rate': 'requests per second',
  'wrk.latency_p50': 'median latency',
  'wrk.latency_p99': '99th percentile of latency',
  // Pages that were never written.
  'zero_page.read': 'first read of an untouched page',
});
