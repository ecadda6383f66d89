import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { layoutOf } from '../../../../../src/core/collect/cgroup/layout.ts';
import { absent, type Figures, present } from '../../../../../src/core/metrics/figure.ts';
import { runs32Bit } from '../../../../../src/features/capacity/recording/measure.ts';
import { cgroupOfContainer } from '../../../../../src/features/capacity/recording/watch/container.ts';
import {
  dividedWindow,
  higher,
  tracedFigures,
  windowFigures,
} from '../../../../../src/features/capacity/recording/watch/figures.ts';
import {
  parseConnections,
  parseDevices,
} from '../../../../../src/features/capacity/recording/watch/network.ts';
import {
  controllerPosition,
  hierarchyOf,
} from '../../../../../src/features/capacity/recording/watch/target.ts';

const table =
  '#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t7\t1\ncpu\t1\t8\t1\ncpuacct\t2\t8\t1\n';

describe('hierarchies', () => {
  test('a controller’s position is its row', () => {
    expect(controllerPosition(table, 'cpuacct')).toBe(2);
    expect(controllerPosition(table, 'memory')).toBeNull();
  });

  test('v1 tells processes apart by CPU accounting, v2 by its one tree', () => {
    const v1 = layoutOf('1 1 0:1 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n', '');
    expect(hierarchyOf(v1, table)).toEqual({
      mount: '/sys/fs/cgroup/cpu,cpuacct',
      controller: 'cpuacct',
      position: 2,
    });
    const v2 = layoutOf('1 1 0:1 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n', 'cpu memory\n');
    expect(hierarchyOf(v2, table)).toEqual({ mount: '/sys/fs/cgroup', controller: null, position: null });
    expect(hierarchyOf(layoutOf('', ''), table)).toBeNull();
  });
});

test('a container’s cgroup has its whole id in its name, wherever the engine puts it', async () => {
  const mount = await mkdtemp(join(tmpdir(), 'ocibench-cgroups-'));
  const id = 'ab'.repeat(32);
  for (const path of [`system.slice/docker-${id}.scope/init.scope`, `other/${'cd'.repeat(32)}`])
    await mkdir(join(mount, path), { recursive: true });
  expect(cgroupOfContainer(id, { mount })).toBe(`system.slice/docker-${id}.scope`);
  expect(cgroupOfContainer('ef'.repeat(32), { mount })).toBeNull();
  // Not a whole id: part of a name would do for many.
  expect(cgroupOfContainer('', { mount })).toBeNull();
  await rm(mount, { recursive: true });
});

test('programs of 32 bits are found by their headers', async () => {
  const root = await mkdtemp(join(tmpdir(), 'ocibench-proc-'));
  const programs: Readonly<Record<number, string>> = { 1: '\u007fELF\u0002', 2: '\u007fELF\u0001', 3: '#!' };
  for (const [pid, head] of Object.entries(programs)) {
    await mkdir(join(root, pid));
    await writeFile(join(root, pid, 'exe'), head, 'latin1');
  }
  expect([1, 2, 3, 4].map((pid) => runs32Bit([pid], root))).toEqual([false, true, false, false]);
  await rm(root, { recursive: true });
});

describe('the network', () => {
  const dev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       2    0    0    0     0          0         0      100       2    0    0    0     0       0          0
  eth0:    5000      20    0    0    0     0          0         0     7000      30    0    0    0     0       0          0
`;

  test('its packets and bytes are those of all interfaces', () => {
    expect(parseDevices(dev)).toEqual({
      'network.rx_packets': 22,
      'network.tx_packets': 32,
      'network.rx_bytes': 5100,
      'network.tx_bytes': 7100,
    });
    expect(parseDevices('nothing')).toBeNull();
  });

  test('its connections are found by their names', () => {
    const text = 'Ip: A B\nIp: 1 2\nTcp: RtoMin ActiveOpens PassiveOpens\nTcp: 200 5 7\n';
    expect(parseConnections(text)).toEqual({
      'network.connections_opened': 5,
      'network.connections_accepted': 7,
    });
    expect(parseConnections('Tcp: RtoMin\nTcp: 200\n')).toBeNull();
    expect(parseConnections('')).toBeNull();
  });
});

describe('figures of the window', () => {
  const at = (cpu: number, memory: number): Figures => ({
    'cpu.usage': present(cpu, 'f'),
    'memory.current': present(memory, 'f'),
    'memory.anon': present(memory / 2, 'f'),
    'memory.peak': present(9999, 'f'),
  });

  test('counters are differences, memory is of the reading with the most of it, life-long peaks are left out', () => {
    const [begin, middle, end] = [at(10, 100), at(15, 700), at(30, 300)];
    const found = windowFigures(begin, end, higher(higher(begin, middle), end));
    expect(found['cpu.usage']).toMatchObject({ value: 20 });
    expect(found['memory.current']).toMatchObject({ value: 700 });
    expect(found['memory.anon']).toMatchObject({ value: 350 });
    expect(found).not.toHaveProperty('memory.peak');
  });

  test('a cgroup that is gone at the end has no figures, and says why', () => {
    const gone = absent({ id: 'x', text: 'it was removed' });
    const found = windowFigures(at(10, 1), { 'cpu.usage': gone }, at(10, 1));
    expect(found['cpu.usage']).toEqual(gone);
  });

  test('v1 divides the CPU time of the window by its own ticks', () => {
    const begin = { usage: 30e6, user: 4e6, system: 0 };
    const found = dividedWindow(begin, { usage: 430e6, user: 154e6, system: 50e6 });
    expect(found).toMatchObject({ 'cpu.user': { value: 300e6 }, 'cpu.system': { value: 100e6 } });
    const short = dividedWindow(begin, { usage: 60e6, user: 12e6, system: 0 });
    expect(short).toMatchObject({ 'cpu.user': { absent: expect.stringContaining('too short') } });
    expect(dividedWindow(null, begin)).toEqual({});
  });

  test('what the tracer cannot tell apart is not told apart', () => {
    expect(
      tracedFigures({ switches: { total: 5 }, faults: null, tasks: { forks: null, execs: null } }),
    ).toEqual({
      'switches.all': { value: 5, source: 'tracepoint' },
    });
    const all = tracedFigures({
      switches: { voluntary: 3, involuntary: 4 },
      faults: 8,
      tasks: { forks: { processes: 2, vforks: 1, threads: 2 }, execs: 0 },
    });
    expect(
      Object.fromEntries(Object.entries(all).map(([id, figure]) => [id, 'value' in figure && figure.value])),
    ).toEqual({
      'faults.all': 8,
      'tasks.execs': 0,
      'tasks.forks': 4,
      'tasks.processes': 2,
      'tasks.vforks': 1,
      'tasks.threads': 2,
      'switches.all': 7,
      'switches.voluntary': 3,
      'switches.involuntary': 4,
    });
  });
});
