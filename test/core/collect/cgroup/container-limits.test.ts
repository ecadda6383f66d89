import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CgroupLayout } from '../../../../src/core/collect/cgroup/layout.ts';
import { readContainerLimits } from '../../../../src/core/collect/cgroup/limits.ts';
import { plain } from '../fixture-files.ts';
import { fakeV1, fakeV2, put } from './fake-hierarchy.ts';

const id = '4c01db0b339c'.repeat(5);
const ids = [
  'limits.cpus',
  'limits.memory',
  'limits.pids',
  'throttle.periods',
  'throttle.throttled_periods',
  'throttle.time',
];

let root: string;
let layout: CgroupLayout;
afterEach(() => rmSync(root, { recursive: true, force: true }));

function read(trialPath: string, containerId = id): Record<string, unknown> {
  const figures = readContainerLimits(layout, trialPath, containerId);
  return Object.fromEntries(Object.entries(figures).map(([key, figure]) => [key, plain(figure)]));
}

describe('cgroup v2', () => {
  const trial = '/ocibench/run/trial';
  const scope = `docker-${id}.scope`;
  beforeEach(() => {
    ({ root, layout } = fakeV2());
  });
  const write = (dir: string, files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) put(join(root, trial, dir, name), text);
  };
  const limited = {
    'cpu.max': '50000 100000\n',
    'memory.max': '536870912\n',
    'pids.max': '1000\n',
    'cpu.stat':
      'usage_usec 512345\nuser_usec 500000\nsystem_usec 12345\nnr_periods 12\nnr_throttled 9\nthrottled_usec 431007\nnr_bursts 0\nburst_usec 0\n',
  };

  test('limits and throttling in base units, with the file each was read from', () => {
    write(scope, limited);
    expect(read(trial)).toEqual({
      'limits.cpus': 0.5,
      'limits.memory': 536_870_912,
      'limits.pids': 1000,
      'throttle.periods': 12,
      'throttle.throttled_periods': 9,
      'throttle.time': 431_007_000,
    });
    expect(readContainerLimits(layout, trial, id)['limits.cpus']).toEqual({ value: 0.5, source: 'cpu.max' });
  });

  test('under the cgroupfs driver the directory is the id alone', () => {
    write(id, limited);
    expect(read(trial)['limits.cpus']).toBe(0.5);
  });

  test("the container's own limits are read, not those of the trial or of another container", () => {
    write('.', { ...limited, 'cpu.max': '200000 100000\n' });
    write('docker-0000.scope', { ...limited, 'cpu.max': '300000 100000\n' });
    write(scope, limited);
    expect(read(trial)['limits.cpus']).toBe(0.5);
  });

  test('a limit that is not set is absent and says so', () => {
    write(scope, { ...limited, 'cpu.max': 'max 100000\n', 'memory.max': 'max\n', 'pids.max': 'max\n' });
    const found = read(trial);
    for (const limit of ids.slice(0, 3)) expect(found[limit]).toMatch(/has no such limit/);
    expect(found['throttle.periods']).toBe(12);
  });

  test.each([
    ['empty', ''],
    ['without a period', '50000\n'],
    ['with a period of zero', '50000 0\n'],
    ['with a quota of zero', '0 100000\n'],
    ['that holds words', 'fifty hundred\n'],
  ])('a cpu.max %s is no limit', (_, text) => {
    write(scope, { ...limited, 'cpu.max': text });
    expect(read(trial)['limits.cpus']).toMatch(/unknown format/);
  });

  test('an empty file is not a limit of zero', () => {
    write(scope, { ...limited, 'memory.max': '\n', 'pids.max': '' });
    expect(read(trial)).toMatchObject({
      'limits.memory': expect.stringContaining('unknown format'),
      'limits.pids': expect.stringContaining('unknown format'),
    });
  });

  test('a file that is not there is named', () => {
    write(scope, { 'cpu.max': '50000 100000\n' });
    expect(read(trial)).toMatchObject({
      'limits.cpus': 0.5,
      'limits.memory': expect.stringContaining('memory.max: no such file'),
      'throttle.periods': expect.stringContaining('cpu.stat: no such file'),
    });
  });

  test.each([
    ['that is gone', id],
    ['of which no id is known', ''],
  ])('of a container %s every figure is absent', (_, containerId) => {
    write('docker-0000.scope', limited);
    const found = read(trial, containerId);
    expect(Object.keys(found)).toEqual(ids);
    for (const each of Object.values(found)) expect(each).toMatch(/no cgroup of its own/);
  });
});

describe('cgroup v1', () => {
  const trial = '/ocibench/run/trial';
  beforeEach(() => {
    ({ root, layout } = fakeV1());
  });
  const write = (files: Record<string, string>) => {
    for (const [name, text] of Object.entries(files)) {
      const [controller = '', file = ''] = name.split('/');
      put(join(layout.v1[controller] ?? '', trial, id, file), text);
    }
  };
  const limited = {
    'cpu/cpu.cfs_quota_us': '50000\n',
    'cpu/cpu.cfs_period_us': '100000\n',
    'memory/memory.limit_in_bytes': '536870912\n',
    'pids/pids.max': '1000\n',
    'cpu/cpu.stat': 'nr_periods 12\nnr_throttled 9\nthrottled_time 431007123\n',
  };

  test('the same figures in the same units', () => {
    write(limited);
    expect(read(trial)).toEqual({
      'limits.cpus': 0.5,
      'limits.memory': 536_870_912,
      'limits.pids': 1000,
      'throttle.periods': 12,
      'throttle.throttled_periods': 9,
      'throttle.time': 431_007_123,
    });
  });

  test('the same on a hybrid host, whose cgroup2 mount counts nothing', () => {
    write(limited);
    layout = { ...layout, kind: 'hybrid', unified: join(root, 'unified') };
    expect(read(trial)['limits.cpus']).toBe(0.5);
  });

  test.each(['9223372036854771712', '9223372036854710272'])(
    'the kernel’s largest number of bytes, %s, is no limit',
    (bytes) => {
      write({ ...limited, 'cpu/cpu.cfs_quota_us': '-1\n', 'memory/memory.limit_in_bytes': `${bytes}\n` });
      expect(read(trial)).toMatchObject({
        'limits.cpus': expect.stringContaining('has no such limit'),
        'limits.memory': expect.stringContaining('has no such limit'),
      });
    },
  );

  test('a quota without its period is no limit', () => {
    const { 'cpu/cpu.cfs_period_us': _, ...rest } = limited;
    write(rest);
    expect(read(trial)['limits.cpus']).toMatch(/cpu\.cfs_period_us: no such file/);
  });

  test('a controller that is not mounted is named', () => {
    write(limited);
    const { pids: _, ...others } = layout.v1;
    layout = { ...layout, v1: others };
    expect(read(trial)['limits.pids']).toBe('the controller pids is not mounted');
  });
});
