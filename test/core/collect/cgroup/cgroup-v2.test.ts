import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { figuresFromV2, v2Files } from '../../../../src/core/collect/cgroup/layout.ts';
import { external } from '../../../../src/core/messages/compose.ts';
import { cgroupMetrics } from '../../../../src/core/metrics/cgroup/index.ts';
import { ioStatDevices } from '../../../../src/core/metrics/cgroup/io.ts';
import type { CgroupFiles } from '../../../../src/core/metrics/figure.ts';
import { figureSchema } from '../../../../src/core/model/trial/trial.ts';
import { capturedFiles, plain } from '../fixture-files.ts';

const files = capturedFiles('v2/runsc-ended');
const withText = (name: string, text: string): CgroupFiles => ({ ...files, [name]: { text } });

describe('figures from cgroup v2', () => {
  test('every metric in base units, with the file it comes from', () => {
    const figures = figuresFromV2(files, new Set(['253:0']));
    const values = Object.fromEntries(Object.entries(figures).map(([id, figure]) => [id, plain(figure)]));
    const noQuota = expect.stringContaining('no CPU quota') as unknown as string;
    expect(values).toEqual({
      'cpu.usage': 312_845_000,
      'cpu.user': 198_113_000,
      'cpu.system': 114_732_000,
      'cpu.throttled': noQuota,
      'cpu.throttled_periods': noQuota,
      'memory.peak': 49_283_072,
      'memory.current': 15_728_640,
      'memory.anon': 15_204_352,
      'memory.file': 31_981_568,
      'memory.shmem': 31_457_280,
      'memory.kernel': 1_884_160,
      'memory.oom_kills': 2,
      'io.read_bytes': 1_459_200,
      'io.write_bytes': 314_773_504,
      'io.read_ops': 192,
      'io.write_ops': 353,
      'pids.peak': 33,
      'pids.current': 0,
      'pressure.cpu.some': 4_182_000,
      'pressure.cpu.full': 1_003_000,
      'pressure.memory.some': 0,
      'pressure.memory.full': 0,
      'pressure.io.some': 871_000,
      'pressure.io.full': 640_000,
    });
    expect(figures['memory.anon']).toEqual({ value: 15_204_352, source: 'memory.stat anon' });
  });

  test('a key that is the end of another key is not taken for it', () => {
    const stat = 'zanon 1\nanon_thp 2\nanon 3\n';
    expect(plain(figuresFromV2(withText('memory.stat', stat))['memory.anon'])).toBe(3);
    expect(plain(figuresFromV2(withText('memory.stat', 'zanon 1\nanon_thp 2\n'))['memory.anon'])).toBe(
      'memory.stat has no anon',
    );
  });

  test('devices that do not lie on one another are added up', () => {
    const figures = figuresFromV2(files);
    expect(plain(figures['io.read_ops'])).toBe(192 + 190);
  });

  test('stacked devices count when nothing else is listed', () => {
    expect(plain(figuresFromV2(files, new Set(['8:0', '253:0']))['io.read_ops'])).toBe(192 + 190);
  });

  test('an empty io.stat says that no I/O was charged; a missing one says nothing', () => {
    expect(plain(figuresFromV2(withText('io.stat', ''))['io.read_bytes'])).toBe(0);
    const missing = figuresFromV2({ ...files, 'io.stat': { missing: external('no such file') } });
    expect(plain(missing['io.read_bytes'])).toBe('io.stat: no such file');
  });

  test('a device line without figures (older kernels print one) adds nothing', () => {
    const figures = figuresFromV2(
      withText('io.stat', '254:0\n8:0 rbytes=5 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n'),
    );
    expect(plain(figures['io.read_bytes'])).toBe(5);
    expect(ioStatDevices('254:0\n8:0 rbytes=5\n')).toEqual(['254:0', '8:0']);
  });

  test('throttling is known where a quota is: here, or in a cgroup below', () => {
    const quota = 'usage_usec 9\nnr_periods 10\nnr_throttled 4\nthrottled_usec 1500\n';
    const own = figuresFromV2(withText('cpu.stat', quota));
    expect([plain(own['cpu.throttled']), plain(own['cpu.throttled_periods'])]).toEqual([1_500_000, 4]);
    const below = figuresFromV2(files, new Set(), [quota, quota]);
    expect([plain(below['cpu.throttled']), plain(below['cpu.throttled_periods'])]).toEqual([3_000_000, 8]);
  });

  test('files that an older kernel lacks are absent, not zero', () => {
    const old: CgroupFiles = { 'cpu.stat': { text: 'usage_usec 5\n' }, 'memory.stat': { text: 'anon 1\n' } };
    const figures = figuresFromV2(old);
    expect(plain(figures['memory.peak'])).toBe('memory.peak was not read');
    expect(plain(figures['cpu.user'])).toBe('cpu.stat has no user_usec');
    expect(plain(figures['memory.kernel'])).toBe('memory.stat has no kernel (Linux ≥ 5.18 has it)');
    expect(plain(figures['cpu.usage'])).toBe(5000);
  });

  test('text that was cut short gives no figure: its last number may be only half of one', () => {
    expect(plain(figuresFromV2(withText('memory.peak', '4928'))['memory.peak'])).toBe(
      'memory.peak: cut short',
    );
    expect(plain(figuresFromV2(withText('io.stat', '8:0 rbytes=14'))['io.read_bytes'])).toBe(
      'io.stat: cut short',
    );
    expect(plain(figuresFromV2(withText('cpu.stat', 'usage_usec 31'))['cpu.usage'])).toBe(
      'cpu.stat: cut short',
    );
  });

  test.each(['max\n', '-1\n', '1e9\n', '0x10\n', '12 13\n', '\n', '\0\n'])(
    'memory.peak %j is not a number',
    (text) => {
      expect(plain(figuresFromV2(withText('memory.peak', text))['memory.peak'])).toMatch(
        /^memory.peak: not a number/,
      );
    },
  );

  test('garbage in io.stat is said to be garbage', () => {
    expect(plain(figuresFromV2(withText('io.stat', 'nonsense\n'))['io.read_bytes'])).toMatch(
      /without a device/,
    );
    expect(plain(figuresFromV2(withText('io.stat', '8:0 rbytes=x\n'))['io.read_bytes'])).toBe(
      'io.stat: no rbytes for 8:0',
    );
  });

  test('whatever the files hold, every metric is a figure and nothing is thrown', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom(...Object.values(files).map((file) => ('text' in file ? file.text : ''))),
    );
    const anyFiles = fc.dictionary(
      fc.constantFrom(...v2Files),
      fc.oneof(
        text.map((t) => ({ text: t })),
        fc.constant({ missing: external('x') }),
      ),
    );
    fc.assert(
      fc.property(anyFiles, fc.array(text), (any, peers) => {
        const figures = figuresFromV2(any, new Set(['8:0']), peers);
        expect(Object.keys(figures).toSorted()).toEqual([...cgroupMetrics.map(({ id }) => id)].toSorted());
        for (const figure of Object.values(figures))
          expect(figureSchema.safeParse(figure).success).toBe(true);
      }),
    );
  });
});
