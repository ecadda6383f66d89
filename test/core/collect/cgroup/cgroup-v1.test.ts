import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { figuresFromV1, v1Files } from '../../../../src/core/collect/cgroup/make.ts';
import { external } from '../../../../src/core/messages/compose.ts';
import { cgroupMetrics } from '../../../../src/core/metrics/cgroup/index.ts';
import type { CgroupV1 } from '../../../../src/core/metrics/cgroup/source.ts';
import type { CgroupFiles } from '../../../../src/core/metrics/figure.ts';
import { figureSchema } from '../../../../src/core/model/trial/trial.ts';
import { capturedFiles, plain } from '../fixture-files.ts';

const ended = capturedFiles('v1/runc-ended');
const alone: Omit<CgroupV1, 'files'> = {
  stacked: new Set(),
  rootBlkio: 'Total 0\n',
  forgetsRemoved: false,
  below: [],
};
const withText = (name: string, text: string): CgroupFiles => ({ ...ended, [name]: { text } });

/** As kernels that count print it (Documentation/admin-guide/cgroup-v1/blkio-controller.rst). */
const blkio = (device: string, read: number, write: number) =>
  `${device} Read ${read}\n${device} Write ${write}\n${device} Sync ${read + write}\n${device} Async 0\n${device} Discard 0\n${device} Total ${read + write}\n`;
const bytesFile = 'blkio.throttle.io_service_bytes_recursive';

describe('figures from cgroup v1', () => {
  test('totals of a runc container that burned CPU, read after it was gone', () => {
    const figures = figuresFromV1(ended, alone);
    expect(plain(figures['cpu.usage'])).toBe(400_648_854);
    expect(plain(figures['pids.peak'])).toBe(6);
    expect(plain(figures['pids.current'])).toBe(0);
    expect(figures['memory.peak']).toMatchObject({ source: 'memory.max_usage_in_bytes' });
    expect(plain(figures['memory.peak'])).toBeGreaterThan(1e6);
    expect(plain(figures['pressure.cpu.some'])).toBe('cgroup v1 has no pressure files');
  });

  test('user and system time add up to the exact usage, in the proportion of the ticks', () => {
    const figures = figuresFromV1(
      {
        ...ended,
        'cpuacct.usage': { text: '400648854\n' },
        'cpuacct.usage_user': { text: '300000000\n' },
        'cpuacct.usage_sys': { text: '100000000\n' },
      },
      alone,
    );
    expect(plain(figures['cpu.user'])).toBe(Math.round(400_648_854 * 0.75));
    expect(plain(figures['cpu.system'])).toBe(Math.round(400_648_854 * 0.25));
    const captured = figuresFromV1(ended, alone);
    expect(Number(plain(captured['cpu.user'])) + Number(plain(captured['cpu.system']))).toBeCloseTo(
      400_648_854,
      -1,
    );
  });

  test('a container shorter than a tick has a usage but no split', () => {
    const figures = figuresFromV1(
      { ...ended, 'cpuacct.usage_user': { text: '0\n' }, 'cpuacct.usage_sys': { text: '0\n' } },
      alone,
    );
    expect(plain(figures['cpu.usage'])).toBe(400_648_854);
    expect(plain(figures['cpu.user'])).toMatch(/too short/);
  });

  test('kernels without cpuacct.usage_user have cpuacct.stat, in ticks of 10 ms', () => {
    const missing = { missing: external('no such file') };
    const figures = figuresFromV1(
      { ...ended, 'cpuacct.usage_user': missing, 'cpuacct.usage_sys': missing },
      alone,
    );
    expect(figures['cpu.user']).toEqual({ value: 380_000_000, source: 'cpuacct.stat user' });
    expect(figures['cpu.system']).toEqual({ value: 10_000_000, source: 'cpuacct.stat system' });
  });

  test('throttling is not known from the parent, but from the container that has the quota', () => {
    const parent = capturedFiles('v1/runsc-quota');
    const child = capturedFiles('v1/runsc-quota-child');
    expect(plain(figuresFromV1(parent, alone)['cpu.throttled'])).toMatch(/no CPU quota/);
    const live = figuresFromV1(parent, { ...alone, below: [child] });
    expect(live['cpu.throttled']).toEqual({ value: 815_914_463, source: 'cpu.stat throttled_time' });
    expect(plain(live['cpu.throttled_periods'])).toBe(9);
  });

  test('OOM kills are the sum over living cgroups; of one that is gone v1 knows nothing', () => {
    expect(plain(figuresFromV1(ended, alone)['memory.oom_kills'])).toMatch(/which is gone/);
    const killed = { 'memory.oom_control': { text: 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n' } };
    expect(plain(figuresFromV1(ended, { ...alone, below: [killed, killed] })['memory.oom_kills'])).toBe(4);
    const old = { 'memory.oom_control': { text: 'oom_kill_disable 0\nunder_oom 0\n' } };
    expect(plain(figuresFromV1(ended, { ...alone, below: [old] })['memory.oom_kills'])).toMatch(
      /no oom_kill/,
    );
  });

  test('memory of the cgroups below is read from the total_ keys', () => {
    const stat = 'cache 1\nrss 2\nshmem 3\ntotal_cache 10\ntotal_rss 20\ntotal_rss_huge 5\ntotal_shmem 30\n';
    const figures = figuresFromV1(withText('memory.stat', stat), alone);
    expect(['memory.file', 'memory.anon', 'memory.shmem'].map((id) => plain(figures[id]))).toEqual([
      10, 20, 30,
    ]);
  });

  test('a hierarchy that does not count children gives no memory figure', () => {
    const figures = figuresFromV1(withText('memory.use_hierarchy', '0\n'), alone);
    for (const id of ['memory.peak', 'memory.current', 'memory.anon', 'memory.kernel'])
      expect(plain(figures[id])).toMatch(/use_hierarchy is 0/);
  });

  test('block I/O is summed over devices, without those that lie on others', () => {
    const files = withText(
      bytesFile,
      `${blkio('8:0', 4096, 8192)}${blkio('253:0', 4096, 8192)}Total 24576\n`,
    );
    const sum = (stacked: string[]) => {
      const figures = figuresFromV1(files, {
        ...alone,
        stacked: new Set(stacked),
        rootBlkio: blkio('8:0', 1, 1),
      });
      return [plain(figures['io.read_bytes']), plain(figures['io.write_bytes'])];
    };
    expect(sum([])).toEqual([8192, 16_384]);
    expect(sum(['253:0'])).toEqual([4096, 8192]);
  });

  test('no device listed is zero where the kernel counts, and absent where it does not', () => {
    const counting = figuresFromV1(ended, { ...alone, rootBlkio: blkio('8:0', 1, 1) });
    expect(plain(counting['io.read_bytes'])).toBe(0);
    expect(plain(figuresFromV1(ended, alone)['io.read_bytes'])).toMatch(/this kernel does not count here/);
  });

  test('I/O of a cgroup whose processes are gone is absent where the kernel forgets what was removed', () => {
    const rootBlkio = blkio('8:0', 1, 1);
    const written = (tasks: string) => {
      const files = { ...withText(bytesFile, blkio('8:0', 4096, 8192)), 'pids.current': { text: tasks } };
      return plain(figuresFromV1(files, { ...alone, rootBlkio, forgetsRemoved: true })['io.write_bytes']);
    };
    expect(written('1\n')).toBe(8192);
    expect(written('0\n')).toMatch(/cgroups that were removed/);
  });

  test('whatever the files hold, every metric is a figure and nothing is thrown', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom(...Object.values(ended).map((file) => ('text' in file ? file.text : ''))),
    );
    const read = fc.oneof(
      text.map((each) => ({ text: each })),
      fc.constant({ missing: external('x') }),
    );
    const anyFiles = fc.dictionary(fc.constantFrom(...Object.values(v1Files).flat()), read);
    fc.assert(
      fc.property(anyFiles, text, fc.array(anyFiles), (files, rootBlkio, below) => {
        const figures = figuresFromV1(files, { stacked: new Set(), rootBlkio, forgetsRemoved: true, below });
        expect(Object.keys(figures).toSorted()).toEqual([...cgroupMetrics.map(({ id }) => id)].toSorted());
        for (const figure of Object.values(figures))
          expect(figureSchema.safeParse(figure).success).toBe(true);
      }),
    );
  });
});
