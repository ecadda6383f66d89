import { describe, expect, test } from 'vitest';
import {
  countedByPerf,
  perfCounts,
  scopeOf,
} from '../../../../../src/features/capacity/recording/perf/tracer.ts';
import { countedByStrace, straceRows } from '../../../../../src/features/capacity/recording/strace/tracer.ts';

const window = { beginNs: 10, endNs: 20 };

describe('perf stat', () => {
  const text = `17,,context-switches,1000,100.00,,
3,,sched:sched_process_fork,1000,100.00,,
2,,sched:sched_process_exec,1000,100.00,,
100000,,syscalls:sys_enter_getppid,1000,100.00,,
5,,syscalls:sys_enter_newfstat,1000,100.00,,
<not counted>,,syscalls:sys_enter_read,0,100.00,,
<not supported>,,syscalls:sys_enter_write,0,100.00,,

`;

  test('its events are calls, by the names that programs know', () => {
    const counted = countedByPerf(perfCounts(text), { calls: new Map([['getppid', 7]]) }, window, true);
    expect(counted.calls.map(({ name, count, timeNs }) => [name, count, timeNs])).toEqual([
      ['getppid', 100_000, null],
      ['fstat', 5, null],
    ]);
    expect(counted.switches).toEqual({ total: 17 });
    // The first is that of the command itself.
    expect(counted.tasks).toEqual({ forks: { total: 3 }, execs: 1 });
    expect(counted.loopCalls.get('getppid')).toBe(7);
  });

  test('its cgroup is one name, of which perf would make no list and no pattern', () => {
    const scope = (path: string) => scopeOf({ controller: null, watched: { path, pids: () => [] } });
    for (const path of ['system.slice/nginx.service', 'user.slice/user@1.service', 'a/b\\x2dc.scope'])
      expect(scope(path)).toEqual({ words: ['-a', '--for-each-cgroup', path] });
    for (const path of ['mine,system.slice', 'a.*', 'a(b)', 'a|b', 'a[b]', 'a{1}', 'a+', 'a?', '^a', 'a$'])
      expect(scope(path), path).toMatchObject({ code: 'recording.tracer.manyCgroups' });
    // On v1 it is told processes.
    const pids = { path: 'a,b', pids: () => [7, 8] };
    expect(scopeOf({ controller: 1, watched: pids })).toEqual({ words: ['-p', '7,8'] });
  });

  test.each(['a lot,,context-switches,1,1,,', '1,,rm -rf /,1,1,,', '1', '-1,,context-switches,1,1,,'])(
    'another line is refused: %s',
    (line) => {
      expect(() => perfCounts(line)).toThrow(RangeError);
    },
  );
});

describe('strace -c', () => {
  const text = `% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
 90.00    0.900000           9    100000           getppid
 10.00    0.100000          10        12         3 openat
  0.00    0.000000           0         1           execve
------ ----------- ----------- --------- --------- ----------------
100.00    1.000000          10    100013         3 total
24116 [ Process PID=24116 runs in 32 bit mode. ]
System call usage summary for 32 bit mode:
% time     seconds  usecs/call     calls    errors syscall
------ ----------- ----------- --------- --------- ----------------
100.00    0.900000           9        50           getppid
`;

  test('its rows are calls, without strace’s own time', () => {
    const { calls, tasks } = countedByStrace(straceRows(text), [], window, true);
    expect(calls.map(({ name, count, timed, timeNs }) => [name, count, timed, timeNs])).toEqual([
      ['getppid', 100_050, 0, null],
      ['openat', 12, 0, null],
      ['execve', 1, 0, null],
    ]);
    expect(tasks.execs).toBe(0);
  });

  test('another line is refused', () => {
    expect(() => straceRows('strace: Process 1 attached')).toThrow(RangeError);
  });
});
