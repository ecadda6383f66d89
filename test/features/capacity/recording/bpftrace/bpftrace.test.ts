import { describe, expect, test } from 'vitest';
import { callNames } from '../../../../../src/core/syscalls/call-names.ts';
import { countedByBpf } from '../../../../../src/features/capacity/recording/bpftrace/counted.ts';
import { withoutRelro } from '../../../../../src/features/capacity/recording/bpftrace/installation.ts';
import {
  countsOf,
  lostBy,
  OutputError,
  parseLine,
  parseMark,
} from '../../../../../src/features/capacity/recording/bpftrace/output.ts';
import {
  bpftraceProgram,
  type ProgramInput,
} from '../../../../../src/features/capacity/recording/bpftrace/program.ts';

const names = callNames('x86_64');
if (names === null) throw new Error('x86_64 is known');

const input: ProgramInput = {
  shape: {
    controller: 3,
    ancestors: 'ancestors',
    numberField: 'orig_ax',
    stateField: '__state',
    faults: true,
  },
  target: { id: 4711n, level: 2 },
  begins: 'now',
  loopPid: 815,
  names,
  timedOneOf: 16,
};

/** What bpftrace prints at its end. */
const lines = [
  '{"type": "attached_probes", "data": {"probes": 6}}',
  '',
  '{"type": "map", "data": {"@calls": {"0": 100, "39": 3200, "231": 1, "1024": 5}}}',
  '{"type": "map", "data": {"@loop_calls": {"110": 120000}}}',
  '{"type": "map", "data": {"@bytes": {"0": 4096}}}',
  '{"type": "map", "data": {"@switches": {"0": 3, "1": 8}}}',
  '{"type": "map", "data": {"@tasks": {"0": 4, "1": 5, "2": 2, "3": 3}}}',
  '{"type": "map", "data": {"@faults": 9}}',
  '{"type": "map", "data": {"@gate": 0}}',
  '{"type": "stats", "data": {"@time": {"0": {"count": 10, "average": 5, "total": 50}, "39": {"count": 200, "average": 1, "total": 200}}}}',
  '{"type": "stats", "data": {"@place": {"0,perl": {"count": 10, "average": 5, "total": 50}, "39,a,1,0": {"count": 50, "average": 1, "total": 50}, "39,\\"}<b>\\n": {"count": 150, "average": 1, "total": 150}}}}',
];
const parsed = (texts: readonly string[]) => texts.map(parseLine).filter((line) => line !== null);
const counted = () => countsOf(parsed(lines), 0);

describe('the program', () => {
  test('tells the target and what is below it from all others, and the loop from the target', () => {
    const text = bpftraceProgram(input);
    expect(text).toContain('subsys[3]->cgroup');
    expect(text).toContain('$id == 4711 || ($cgroup->level > 2 && $cgroup->ancestors[2]->kn->id == 4711)');
    expect(text).toContain('pid == 815');
    expect(bpftraceProgram({ ...input, shape: { ...input.shape, controller: null } })).toContain('dfl_cgrp');
  });

  test('times one of so many calls, and none that does not return', () => {
    const text = bpftraceProgram(input);
    expect(text).toContain('(rand & 15) == 0');
    for (const endless of ['exit', 'exit_group', 'rt_sigreturn'])
      expect(text).toContain(`$n != ${names.numberOf(endless)}`);
    expect(() => bpftraceProgram({ ...input, timedOneOf: 10 })).toThrow(RangeError);
    expect(text).toContain('rawtracepoint:sys_exit');
    const counting = bpftraceProgram({ ...input, timedOneOf: 0 });
    expect(counting).toContain('rawtracepoint:sys_enter');
    expect(counting).not.toMatch(/sys_exit|rand|@start/);
  });

  test('begins with the first program of a container only where that is the container’s own', () => {
    const begins = (begin: ProgramInput['begins']) =>
      bpftraceProgram({ ...input, begins: begin }).includes('signal->flags & 64');
    expect([begins('now'), begins('program'), begins('init')]).toEqual([false, false, true]);
  });

  test('counts page faults where the kernel has tracepoints of them', () => {
    const without = bpftraceProgram({ ...input, shape: { ...input.shape, faults: false } });
    expect(bpftraceProgram(input)).toContain('page_fault_user');
    expect(without).not.toContain('page_fault');
  });

  test('counts numbers that no call has in one row, so that a program cannot fill the map', () => {
    expect(bpftraceProgram(input).match(/if \(\$n >= 1024\) \{ \$n = \(uint64\)1024; \}/g)).toHaveLength(3);
  });
});

describe('what it prints', () => {
  test('is added up by name; the time of all is that of the timed ones', () => {
    const { calls, switches, faults, tasks, loopCalls } = countedByBpf(
      counted(),
      { names, isTiming: true, hasFaults: true },
      { beginNs: 0, endNs: 1 },
    );
    expect(calls).toEqual([
      { name: 'getpid', class: 'trap', count: 3200, timed: 200, timeNs: 3200, bytes: null },
      { name: 'read', class: 'read', count: 100, timed: 10, timeNs: 500, bytes: 4096 },
      { name: 'unknown', class: 'other', count: 5, timed: 0, timeNs: null, bytes: null },
      { name: 'exit_group', class: 'process', count: 1, timed: 0, timeNs: null, bytes: null },
    ]);
    expect(switches).toEqual({ voluntary: 7, involuntary: 2 });
    expect(faults).toBe(9);
    expect(tasks).toEqual({ forks: { processes: 3, vforks: 2, threads: 4 }, execs: 1 });
    expect(loopCalls.get('getppid')).toBe(120_000);
  });

  test('a process may have any name: it is no more than a name', () => {
    const { places, faults } = countedByBpf(
      counted(),
      { names, isTiming: true, hasFaults: false },
      { beginNs: 0, endNs: 1 },
    );
    expect(faults).toBeNull();
    expect(places).toEqual([
      { process: '"}<b>\n', call: 'getpid', calls: 2400, timeNs: 2400 },
      { process: 'a,1,0', call: 'getpid', calls: 800, timeNs: 800 },
      { process: 'perl', call: 'read', calls: 100, timeNs: 500 },
    ]);
  });

  test.each([
    'Attaching 6 probes...',
    '{"type": "map", "data": {"@calls": {"39": -1}}}',
    '{"type": "map", "data": {"@calls": {"39": "many"}}}',
    '{"type": "map", "data": {"@calls": {"rm -rf": 1}}}',
    '{"type": "map", "data": {"@other": {"39": 1}}}',
    '{"type": "time", "data": "12:00"}',
    '{"type": "map", "data": {"@calls": {"39": 1}}',
  ])('another line is refused: %s', (line) => {
    expect(() => parseLine(line)).toThrow(OutputError);
  });

  test('a count is lost where a map is full, not where two CPUs make the same key at once', () => {
    const error = (retcode: number) =>
      `{"type": "helper_error", "msg": "x", "helper": "map_update_elem", "retcode": ${retcode}, "line": 1, "col": 1}`;
    const texts = [error(-17), error(-2), error(-7), '{"type": "lost_events", "data": {"events": 5}}'];
    expect(parsed(texts).map(lostBy)).toEqual([0, 0, 1, 5]);
  });

  test('marks are ping, armed, and open and close with their time', () => {
    expect(parseMark('ping\n')).toEqual({ kind: 'ping' });
    expect(parseMark('open 123456789\n')).toEqual({ kind: 'open', atNs: 123_456_789 });
    for (const text of ['open', 'open -1\n', 'ping 1\n', 'close 1\nopen 2\n'])
      expect(() => parseMark(text), text).toThrow(OutputError);
  });
});

describe('a program whose RELRO header is taken out', () => {
  /** A 64-bit ELF of headers alone: of these types. */
  const elf = (types: readonly number[]) => {
    const text = Buffer.alloc(64 + types.length * 56);
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]).copy(text);
    text.writeBigUInt64LE(64n, 32);
    text.writeUInt16LE(56, 54);
    text.writeUInt16LE(types.length, 56);
    for (const [at, type] of types.entries()) text.writeUInt32LE(type, 64 + at * 56);
    return text;
  };

  test('differs in that header alone', () => {
    const mended = withoutRelro(elf([1, 0x6474e552, 2]));
    expect(mended).toEqual(elf([1, 0, 2]));
  });

  test('there is none where there is nothing to mend, or it is no such program', () => {
    expect(withoutRelro(elf([1, 2]))).toBeNull();
    expect(withoutRelro(Buffer.from('#!/bin/sh\n'))).toBeNull();
    expect(withoutRelro(elf([0x6474e552]).subarray(0, 100))).toBeNull();
  });
});
