import type { Recording } from '../../../../src/features/capacity/recording/recording.ts';

/** A recording of a made-up container. */
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
    target: { kind: 'container', name: 'web', runtime: 'runc', cgroup: '/docker/abc' },
    windowNs: 2e9,
    endedBy: 'time',
    figures: {
      'cpu.usage': { value: 1e9, source: 'cpu.stat' },
      'io.read_bytes': { value: 2 ** 21, source: 'io.stat' },
      'io.read_ops': { value: 9, source: 'io.stat' },
      'network.rx_bytes': { absent: 'it shares the network of the host' },
      'network.tx_bytes': { absent: 'it shares the network of the host' },
      'memory.current': { value: 3 * 2 ** 20, source: 'memory.current' },
      'memory.anon': { value: 2 ** 20, source: 'memory.stat' },
    },
    ...parts,
  };
}
