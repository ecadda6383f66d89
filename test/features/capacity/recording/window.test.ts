import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CgroupLayout, layoutOf } from '../../../../src/core/collect/cgroup/layout.ts';
import { OcibenchError } from '../../../../src/core/model/failure/error.ts';
import { openNetwork, sumDevices } from '../../../../src/features/capacity/recording/network.ts';
import {
  containerPath,
  findCgroup,
  findCgroups,
} from '../../../../src/features/capacity/recording/target.ts';
import { recordWindow } from '../../../../src/features/capacity/recording/window.ts';

let mount = '';
beforeEach(async () => {
  mount = await mkdtemp(join(tmpdir(), 'ocibench-cgroups-'));
});
afterEach(() => rm(mount, { recursive: true, force: true }));

const v2 = (): CgroupLayout =>
  layoutOf(`1 1 0:1 / ${mount} rw - cgroup2 cgroup2 rw\n`, 'cpu memory io\n', mount);

describe('the cgroups of this host', () => {
  test('v2 has one tree; of v1, CPU accounting comes first', () => {
    expect(findCgroups(v2()).mount).toBe(mount);
    const v1 = layoutOf(
      '1 1 0:1 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n1 1 0:1 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n',
      '',
    );
    expect(findCgroups(v1).mount).toBe('/sys/fs/cgroup/cpu,cpuacct');
    expect(() => findCgroups(layoutOf('', ''))).toThrow('no cgroup hierarchy');
  });

  test('a container’s has its whole id in its name, wherever the engine puts it', async () => {
    const id = 'ab'.repeat(32);
    for (const path of [`system.slice/docker-${id}.scope/init.scope`, `other/${'cd'.repeat(32)}`])
      await mkdir(join(mount, path), { recursive: true });
    expect(containerPath(id, mount)).toBe(`system.slice/docker-${id}.scope`);
    expect(containerPath('ef'.repeat(32), mount)).toBeNull();
    // Not a whole id: part of a name would do for many.
    expect(containerPath('', mount)).toBeNull();
  });

  test('one is found by its path, or as a directory', async () => {
    await mkdir(join(mount, 'a/b'), { recursive: true });
    const found = { kind: 'cgroup', runtime: null, cgroup: '/a/b' };
    for (const name of ['/a/b', 'a/b/', join(mount, 'a/b')])
      expect(findCgroup(name, findCgroups(v2()))).toEqual({ ...found, name });
  });

  test.each([
    ['/', 'the root cgroup is the whole machine'],
    ['/a/../b', 'is not a cgroup path'],
    ['/a//b', 'is not a cgroup path'],
    ['/no/such', 'there is no cgroup /no/such'],
  ])('%s is refused', (name, said) => {
    try {
      findCgroup(name, findCgroups(v2()));
    } catch (error) {
      if (!(error instanceof OcibenchError)) throw error;
      expect(error.problems[0]?.message).toContain(said);
      return;
    }
    throw new Error('it was accepted');
  });
});

describe('the network', () => {
  const dev = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     100       2    0    0    0     0          0         0      100       2    0    0    0     0       0          0
  eth0:    5000      20    0    0    0     0          0         0     7000      30    0    0    0     0       0          0
  eth1:       1       1    0    0    0     0          0         0        2       2    0    0    0     0       0          0
`;

  test('its bytes and packets are those of all interfaces but the loopback', () => {
    expect(sumDevices(dev)).toEqual([5001, 7002, 21, 32]);
    expect(sumDevices('nothing')).toEqual([0, 0, 0, 0]);
  });

  test('that of the host, and of nobody, has no figures, and says why', () => {
    using shared = openNetwork(process.pid);
    expect(shared.read()['network.rx_bytes']).toMatchObject({ absent: expect.stringContaining('shares') });
    using nobody = openNetwork(undefined);
    expect(nobody.read()['network.tx_bytes']).toMatchObject({
      absent: expect.stringContaining('no process'),
    });
  });
});

describe('the window', () => {
  const cgroup = 'web';
  const put = async (cpuUs: number, memory: number) => {
    await mkdir(join(mount, cgroup), { recursive: true });
    const write = (name: string, text: string) => writeFile(join(mount, cgroup, name), text);
    await write('cpu.stat', `usage_usec ${cpuUs}\nuser_usec ${cpuUs}\nsystem_usec 0\n`);
    await write('memory.stat', `anon ${memory / 2}\nfile 0\nshmem 0\nkernel 0\n`);
    await write('memory.current', `${memory}\n`);
    await write('memory.peak', '9999999\n');
  };
  const record = (forMs: number, interrupt = new AbortController().signal) =>
    recordWindow(findCgroups(v2()), { cgroup, forMs, interrupt });

  test('has what was added, and the reading with the most memory; peaks of a whole life are left out', async () => {
    await put(1000, 100);
    const recorded = record(900);
    await sleep(100);
    await put(2000, 700);
    await sleep(400);
    await put(5000, 300);
    const { endedBy, windowNs, figures } = await recorded;
    expect(endedBy).toBe('time');
    expect(windowNs).toBeGreaterThanOrEqual(0.9e9);
    expect(figures['cpu.usage']).toMatchObject({ value: 4e6 });
    expect(figures['memory.current']).toMatchObject({ value: 700 });
    expect(figures['memory.anon']).toMatchObject({ value: 350 });
    expect(figures).not.toHaveProperty('memory.peak');
    expect(figures['network.rx_bytes']).toMatchObject({ absent: expect.any(String) });
  });

  test('ends with the cgroup, by the last reading that has it', async () => {
    await put(1000, 100);
    const recorded = record(60_000);
    await sleep(100);
    await put(3000, 100);
    await sleep(1_000);
    // At once, as a cgroup goes.
    await rename(join(mount, cgroup), join(mount, 'gone'));
    const { endedBy, windowNs, figures } = await recorded;
    expect(endedBy).toBe('exit');
    expect(windowNs).toBeGreaterThan(0);
    expect(windowNs).toBeLessThan(30e9);
    expect(figures['cpu.usage']).toMatchObject({ value: 2e6 });
  });

  test('of a cgroup that is gone at once is empty', async () => {
    await put(1000, 100);
    const recorded = record(60_000);
    await rm(join(mount, cgroup), { recursive: true });
    expect(await recorded).toMatchObject({ endedBy: 'exit', windowNs: 0 });
  });

  test('ends when the user interrupts', async () => {
    await put(1000, 100);
    const interrupt = new AbortController();
    const recorded = record(60_000, interrupt.signal);
    await sleep(300);
    interrupt.abort();
    const { endedBy, windowNs } = await recorded;
    expect(endedBy).toBe('interrupt');
    expect(windowNs).toBeLessThan(30e9);
  });
});
