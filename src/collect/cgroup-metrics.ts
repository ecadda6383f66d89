/**
 * Metric ids that a cgroup can answer, with their base units: times in ns, memory and I/O in bytes, the rest
 * counts. One id means one thing on cgroup v1 and v2; where v1 counts something else under a like name, the
 * id is absent there (see `cgroup-v1.ts`).
 */
export const cgroupMetricIds = [
  'cpu.usage',
  'cpu.user',
  'cpu.system',
  'cpu.throttled',
  'cpu.throttled_periods',
  'memory.peak',
  'memory.current',
  'memory.anon',
  'memory.file',
  'memory.shmem',
  'memory.kernel',
  'memory.oom_kills',
  'io.read_bytes',
  'io.write_bytes',
  'io.read_ops',
  'io.write_ops',
  'pids.peak',
  'pids.current',
  'pressure.cpu.some',
  'pressure.cpu.full',
  'pressure.memory.some',
  'pressure.memory.full',
  'pressure.io.some',
  'pressure.io.full',
] as const;
