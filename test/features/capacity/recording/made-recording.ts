import {
  classTotals,
  type RecordedCall,
  type Recording,
} from '../../../../src/features/capacity/recording/recording.ts';

const calls: readonly RecordedCall[] = [
  { name: 'getppid', class: 'trap', count: 90_000, timed: 5000, timeNs: 9e6, bytes: null },
  { name: 'read', class: 'read', count: 9000, timed: 500, timeNs: 9e6, bytes: 4096 },
  { name: 'openat', class: 'open', count: 1000, timed: 60, timeNs: 2e6, bytes: null },
];
const cost = { ns: 120, low: 110, high: 130, withTracer: 30, without: 30 };

/** A recording of a made-up program. */
export function madeRecording(parts: Partial<Recording> = {}): Recording {
  return {
    recordingVersion: 1,
    recordingId: 'recording-20260101-000000-0000',
    startedAt: '2026-01-01T00:00:00.000Z',
    harnessVersion: '0.0.0',
    host: {
      hostname: 'host',
      os: 'Debian 13',
      kernel: '6.12.0',
      arch: 'x86_64',
      cpuModel: 'CPU',
      cpus: 2,
      microcode: null,
      memoryBytes: 2 ** 33,
      cgroup: 'v2',
      controllers: ['cpu'],
      hypervisor: null,
      emulation: null,
      clocksource: 'tsc',
      governor: null,
      turbo: null,
      smt: null,
      thpShmem: null,
      ksm: null,
      swapUsedBytes: 0,
      loadAverage1: 0,
      mitigations: {},
    },
    target: {
      kind: 'container',
      name: 'web',
      command: [],
      runtime: 'runc',
      cgroup: '/docker/abc',
      exitCode: null,
    },
    tracer: { kind: 'bpftrace', version: '0.23.2', timedOneOf: 16, repaired: false, passedOver: [] },
    windowNs: 2e9,
    endedBy: 'time',
    calls: [...calls],
    classes: [...classTotals(calls)],
    places: [
      { process: 'nginx', call: 'getppid', calls: 90_000, timeNs: 9e6 },
      { process: '</text><script>alert(1)</script>', call: 'read', calls: 9000, timeNs: 9e6 },
      { process: 'nginx', call: 'openat', calls: 1000, timeNs: 2e6 },
    ],
    figures: {
      'cpu.usage': { value: 1e9, source: 'cpu.stat' },
      'cpu.user': { value: 6e8, source: 'cpu.stat' },
      'cpu.system': { value: 4e8, source: 'cpu.stat' },
      'memory.current': { value: 2 ** 20, source: 'memory.current' },
      'network.rx_packets': { absent: 'it shares the network of the host' },
    },
    disturbance: {
      plain: cost,
      read: { ...cost, ns: 200, low: 190, high: 210 },
      shareAt50k: 0.008,
      cpuNs: 12_000_000,
      shareOfCpu: 0.012,
      madeCalls: 120_000,
      countedCalls: 120_000,
    },
    notes: [],
    ...parts,
  };
}
