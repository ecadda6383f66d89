import { describe, expect, test } from 'vitest';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import clock from '../../workloads/syscall/clock.ts';
import file from '../../workloads/syscall/file.ts';
import ioUring from '../../workloads/syscall/io-uring.ts';
import ipc from '../../workloads/syscall/ipc.ts';
import memory from '../../workloads/syscall/memory.ts';
import process from '../../workloads/syscall/process.ts';
import signal from '../../workloads/syscall/signal.ts';
import thread from '../../workloads/syscall/thread.ts';
import trivial from '../../workloads/syscall/trivial.ts';
import { captured, output, reasonText, runtimes, survivesHostileOutput, valuesOf } from './support.ts';

/** The number that the first group of a pattern finds in what a tool printed. */
const printed = (text: string, pattern: RegExp) => Number(pattern.exec(text)?.[1] ?? Number.NaN);
const perfTime = (text: string) => printed(text, /([\d.]+) usecs\/op/) * 1000;
const bogoTime = (stressor: string) => (text: string) =>
  1e9 / printed(text, new RegExp(`\\] ${stressor} +\\d+ +[\\d.]+ +[\\d.]+ +[\\d.]+ +([\\d.]+)`));
const ownTime = (measure: string) => (text: string) => printed(text, new RegExp(`([\\d.]+) ${measure}`));
const messageTime = (text: string) => (printed(text, /Total time: ([\d.]+)/) * 1e9) / 4000;
const eventTime = (text: string) => 1e9 / printed(text, /events per second: +([\d.]+)/);

/** Every operation, where what it printed was captured, and how a reader finds the time in that. */
const operations: readonly (readonly [Workload, Params, string, (text: string) => number])[] = [
  [trivial, { op: 'getppid' }, 'syscall-trivial-getppid', perfTime],
  [trivial, { op: 'getpgid' }, 'syscall-trivial-getpgid', perfTime],
  [ipc, { op: 'pipe' }, 'syscall-ipc-pipe', perfTime],
  [ipc, { op: 'pipe-threads' }, 'syscall-ipc-pipe-threads', perfTime],
  [ipc, { op: 'socket-messages' }, 'syscall-ipc-socket-messages', messageTime],
  [ipc, { op: 'pipe-messages' }, 'syscall-ipc-pipe-messages', messageTime],
  [ipc, { op: 'epoll-wait' }, 'syscall-ipc-epoll-wait', (text) => 1e9 / printed(text, /Averaged (\d+) /)],
  [process, { op: 'fork' }, 'syscall-process-fork', bogoTime('fork')],
  [process, { op: 'vfork' }, 'syscall-process-vfork', bogoTime('vfork')],
  [process, { op: 'exec' }, 'syscall-process-exec', perfTime],
  [thread, { op: 'start' }, 'syscall-thread-start', ownTime('nanosecs to start a pthread')],
  [thread, { op: 'switch' }, 'syscall-thread-switch', ownTime('nanosecs per context switch')],
  [thread, { op: 'futex' }, 'syscall-thread-futex', bogoTime('futex')],
  [signal, { op: 'kill' }, 'syscall-signal-kill', bogoTime('signal')],
  [signal, { op: 'trap' }, 'syscall-signal-trap', ownTime('nanosecs to handle SIGTRAP')],
  [memory, { op: 'fault' }, 'syscall-memory-fault', ownTime('nanosecs per page fault')],
  [memory, { op: 'brk' }, 'syscall-memory-brk', ownTime('nanosecs per sbrk page expand')],
  [memory, { op: 'mmap' }, 'syscall-memory-mmap', bogoTime('mmapmany')],
  [clock, { age: 'young' }, 'syscall-clock-young', eventTime],
  [clock, { age: 'settled' }, 'syscall-clock-settled', eventTime],
];

const timeOf = (workload: Workload, text: string, params: Params): number =>
  valuesOf(workload.parse(output(text), params))['op.time'] ?? Number.NaN;

describe.each(operations)('$0.id $1', (workload, params, tool, expected) => {
  test.each(runtimes)('the time of an operation under %s is what the tool printed', (runtime) => {
    const text = captured(tool, `${runtime}.txt`);
    expect(expected(text)).toBeGreaterThan(0);
    expect(timeOf(workload, text, params)).toBeCloseTo(expected(text), 3);
  });

  test('it is one of those that the workload offers', () => {
    expect(workload.presets.full).toContainEqual(params);
  });

  test.each([
    ['zero', '0.00'],
    ['absurd', '99999999999999.00'],
  ])('a report of which every figure is %s is no data point', (_, number) => {
    const text = captured(tool, 'runc.txt')
      .replace(/\b\d+\.\d+\b/g, number)
      .replace(/Averaged \d+/, `Averaged ${Math.trunc(Number(number))}`);
    expect(() => workload.parse(output(text), params)).toThrow(ParseError);
  });

  test('hostile output is refused', () =>
    survivesHostileOutput(workload, captured(tool, 'runc.txt'), params));
});

test('what was captured covers every operation that the workloads offer', () => {
  const offered = [trivial, ipc, process, thread, signal, memory, clock].flatMap((workload) =>
    workload.presets.full.map((params) => [workload.id, params]),
  );
  expect(operations.map(([workload, params]) => [workload.id, params])).toEqual(
    expect.arrayContaining(offered),
  );
});

describe('what was captured shows what every run shows of gVisor', () => {
  test.each([
    [trivial, { op: 'getppid' }, 'syscall-trivial-getppid', 3],
    [ipc, { op: 'pipe' }, 'syscall-ipc-pipe', 3],
    [process, { op: 'exec' }, 'syscall-process-exec', 3],
    [memory, { op: 'fault' }, 'syscall-memory-fault', 3],
    [clock, { age: 'young' }, 'syscall-clock-young', 3],
  ] as const)('$0.id $1 costs more', (workload, params, tool, factor) => {
    const [runc, runsc] = ['runc.txt', 'runsc.txt'].map((name) =>
      timeOf(workload, captured(tool, name), params),
    );
    expect(runsc).toBeGreaterThan(factor * (runc ?? Number.NaN));
  });

  test('its clock is read by system calls while it is young, and in the vDSO when it has settled', () => {
    const [young, settled] = (['young', 'settled'] as const).map((age) =>
      timeOf(clock, captured(`syscall-clock-${age}`, 'runsc.txt'), { age }),
    );
    expect(young).toBeGreaterThan(5 * (settled ?? Number.NaN));
  });
});

describe('files', () => {
  const params = { op: 'create', target: 'bind' };
  const good = captured('syscall-file-create', 'runc.json');

  test.each(runtimes)("the time of a call under %s is fio's median, the rate that of its mean", (runtime) => {
    const text = captured('syscall-file-create', `${runtime}.json`);
    const median = printed(text, /"clat_ns"[^}]*"percentile"[^}]*"50\.000000" : (\d+)/);
    const mean = printed(text, /"clat_ns"[^}]*"mean" : ([\d.]+)/);
    const values = valuesOf(file.parse(output(text), params));
    expect(values['op.time']).toBe(median);
    expect(values['op.rate']).toBeCloseTo(1e9 / mean, 6);
  });

  test.each([
    ['of fewer files', good.replace(/("total_ios" : )500/, '$1499')],
    ['of fewer calls timed', good.replace(/("N" : )500/, '$1499')],
    ['of a job that failed', good.replace(/("error" : )0/, '$15')],
    ['of another job', good.replace('"jobname" : "measure"', '"jobname" : "other"')],
    ['that is cut off', good.slice(0, good.length / 2)],
    ['that is no JSON', 'fio: nothing'],
  ])('a report %s is no data point', (_, text) => {
    expect(text).not.toBe(good);
    expect(() => file.parse(output(text), params)).toThrow(ParseError);
  });

  test('hostile output is refused', () => survivesHostileOutput(file, good, params));

  test('each target has its directory, and only that', () => {
    const mounts = (target: string) =>
      file.container({ op: 'stat', target }).mounts?.map(({ type, target: at }) => [type, at]);
    expect(mounts('bind')).toEqual([['bind', '/scratch']]);
    expect(mounts('tmpfs')).toEqual([['tmpfs', '/scratch']]);
    expect(mounts('rootfs')).toEqual([]);
    expect(() => mounts('nfs')).toThrow(RangeError);
  });
});

describe('io_uring', () => {
  const params = { op: 'mixed' };
  const refusal = (text: string) => reasonText(ioUring.refused?.(output(text), params));

  test.each([
    ['runc', /EPERM.*seccomp/],
    ['crun', /EPERM.*seccomp/],
    ['runsc', /ENOSYS/],
    ['runsc-ptrace', /ENOSYS/],
  ])('what %s refuses is told with its cause', (runtime, reason) => {
    const text = captured('syscall-io-uring-mixed', `${runtime}.txt`);
    expect(refusal(text)).toMatch(reason);
    expect(() => ioUring.parse(output(text), params)).toThrow(ParseError);
  });

  test('where it is allowed it is measured', () => {
    const text = captured('syscall-io-uring-mixed', 'runc-unconfined.txt');
    expect(refusal(text)).toBeNull();
    expect(timeOf(ioUring, text, params)).toBeCloseTo(bogoTime('io-uring')(text), 3);
    survivesHostileOutput(ioUring, text, params);
  });

  test('another stressor that is skipped is no refusal of io_uring', () => {
    expect(refusal('stress-ng: info:  [1] pipe: skipping the stressor\n')).toBeNull();
  });
});
