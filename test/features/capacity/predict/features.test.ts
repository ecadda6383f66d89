import { expect, test } from 'vitest';
import { callsOf, crowding, demandOf } from '../../../../src/features/capacity/predict/features.ts';
import type { Recording } from '../../../../src/features/capacity/recording/recording.ts';
import { madeRecording } from '../recording/made-recording.ts';

const present = (value: number) => ({ value, source: 'made' });

const recording: Recording = {
  ...madeRecording(),
  windowNs: 4e9,
  classes: [
    { class: 'read', count: 4000, timeNs: 1e6, bytes: 8_000_000 },
    { class: 'open', count: 400, timeNs: null, bytes: null },
  ],
  figures: {
    'cpu.usage': present(2.1e9),
    'cpu.user': present(1.5e9),
    'cpu.system': present(0.6e9),
    'faults.all': present(800),
    'switches.voluntary': present(1200),
    'tasks.threads': present(8),
    'tasks.execs': { absent: 'not counted' },
    'pids.current': present(12),
  },
  disturbance: null,
};

test('counts for each second of a service', () => {
  const demand = demandOf(recording, null);
  expect(demand).toMatchObject({ per: 'second', cpuNs: 2.1e9 / 4, tasks: 12, bytesOfCall: 2000 });
  expect(demand?.concurrency).toBeCloseTo(0.525);
  expect(demand?.features).toMatchObject({
    'call.read': 1000,
    'call.open': 100,
    'call.futex': 0,
    bytes: 2_000_000,
    faults: 200,
    switches: 300,
    threads: 2,
    user: 1.5e9 / 4,
    kernel: 0.6e9 / 4,
  });
  expect(callsOf(demand?.features ?? {})).toBe(1100);
});

test('counts for each unit of counted work', () => {
  const demand = demandOf(recording, 100);
  expect(demand).toMatchObject({ per: 'unit', cpuNs: 2.1e7 });
  expect(demand?.features).toMatchObject({ 'call.read': 40, faults: 8 });
  // CPUs used at once and bytes of a call have no unit of work.
  expect(demand?.concurrency).toBeCloseTo(0.525);
  expect(demand?.bytesOfCall).toBe(2000);
});

test('what was not counted is not zero', () => {
  const { features } = demandOf(recording, null) ?? { features: {} };
  expect(features).not.toHaveProperty('execs');
  expect(features).not.toHaveProperty('processes');
});

test('a new process that borrows its parent’s memory is none that copies it', () => {
  const forked = (figures: Recording['figures']) =>
    demandOf({ ...recording, figures: { ...recording.figures, ...figures } }, 100)?.features.processes;
  expect(forked({ 'tasks.processes': present(400) })).toBe(4);
  expect(forked({ 'tasks.processes': present(400), 'tasks.vforks': present(300) })).toBe(1);
  expect(forked({ 'tasks.processes': present(400), 'tasks.vforks': present(401) })).toBe(0);
});

test('leaves out the CPU time that tracing added, but never all of it', () => {
  const disturbance = { ...madeRecording().disturbance, cpuNs: 1e8 } as Recording['disturbance'];
  expect(demandOf({ ...recording, disturbance }, 100)?.cpuNs).toBe(2e7);
  const negative = { ...madeRecording().disturbance, cpuNs: -1e8 } as Recording['disturbance'];
  expect(demandOf({ ...recording, disturbance: negative }, 100)?.cpuNs).toBe(2.1e7);
  const all = { ...madeRecording().disturbance, cpuNs: 3e9 } as Recording['disturbance'];
  expect(demandOf({ ...recording, disturbance: all }, 100)).toBeNull();
});

test.each([
  ['no CPU time', { 'cpu.usage': { absent: 'no controller' } }],
  ['a CPU time of nothing', { 'cpu.usage': present(0) }],
  ['a negative one', { 'cpu.usage': present(-5) }],
  ['no time in the kernel', { 'cpu.system': { absent: 'too short' } }],
])('a recording with %s says nothing', (_, figures) => {
  expect(demandOf({ ...recording, figures: { ...recording.figures, ...figures } }, null)).toBeNull();
});

test.each([
  ['one CPU of two at a time', 1, 2, 0],
  ['one and a half of two', 1.5, 2, 0.5],
  ['both of two', 2, 2, 1],
  ['one and a half of four', 1.5, 4, 0],
  ['more than there are, by a clock that drifts', 2.1, 2, 1],
])('calls while no CPU is free, of a program that uses %s', (_, concurrency, cpus, share) => {
  const demand = demandOf(recording, 100);
  if (demand === null) throw new Error('no demand');
  const found = crowding(demand, concurrency, cpus);
  expect(found.features.crowded).toBeCloseTo(share * callsOf(demand.features));
  expect(found.concurrency).toBe(concurrency);
  // They are calls that are counted already.
  expect(callsOf(found.features)).toBe(callsOf(demand.features));
});
