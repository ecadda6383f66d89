import { describe, expect, it } from 'vitest';
import type { RunFlags } from '../../../src/core/config/command-line.ts';
import type { BenchConfig } from '../../../src/core/config/define-config.ts';
import { mergeArgs, variantEntries } from '../../../src/core/config/matrix.ts';
import { canonicalJson, configHash } from '../../../src/core/config/resolve.ts';
import { measuredLayers } from '../../../src/core/model/run/extent.ts';
import { resolvedConfigSchema } from '../../../src/core/model/run/run.ts';
import type { RuntimeEntry } from '../../../src/core/model/runtime/runtime.ts';
import { resolveFlags } from '../../support/resolve-flags.ts';

const here = { seed: 11, lang: 'en' } as const;
const resolved = (flags: RunFlags, file: BenchConfig | null = null) => {
  const result = resolveFlags(flags, file, here);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.resolution;
};

describe('resolveConfig', () => {
  it('gives the quick preset where nothing is said', () => {
    const { config, variants, daemonJson } = resolved({});
    expect(resolvedConfigSchema.parse(config)).toEqual({
      preset: 'quick',
      runtimes: null,
      workloads: null,
      baseline: 'runc',
      minBlocks: 6,
      maxBlocks: 200,
      precision: null,
      maxTimeMs: 130_000,
      samplePeriodMs: 100,
      seed: 11,
      engine: 'auto',
      lang: 'en',
      labels: {},
      thresholds: { practical: 0.05, alpha: 0.05 },
    });
    expect(variants).toEqual([]);
    expect(daemonJson).toBeNull();
  });

  it.each([
    ['standard', 6, 200, 1_500_000],
    ['full', 20, 200, 7_200_000],
  ])('knows the %s preset', (preset, minBlocks, maxBlocks, maxTimeMs) => {
    expect(resolved({ preset }).config).toMatchObject({ preset, minBlocks, maxBlocks, maxTimeMs });
  });

  it('takes flags before the file and the file before defaults', () => {
    const file: BenchConfig = {
      preset: 'standard',
      baseline: 'crun',
      maxTime: '5m',
      samplePeriod: '1s',
      seed: 3,
      labels: { a: '1', b: '2' },
      lang: 'fr',
    };
    const { config } = resolved(
      { maxTime: '90s', samplePeriod: '7.5ms', set: ['labels.b=3', 'labels.c=x=y'], precision: '2%' },
      file,
    );
    expect(config).toMatchObject({
      preset: 'standard',
      baseline: 'crun',
      maxTimeMs: 90_000,
      samplePeriodMs: 7.5,
      seed: 3,
      lang: 'fr',
      precision: 0.02,
    });
    expect(config.labels).toEqual({ a: '1', b: '3', c: 'x=y' });
    expect(resolved({}, file).config.samplePeriodMs).toBe(1000);
  });

  const many = (count: number, of = 'l') => Array.from({ length: count }, (_, at) => `${of}${at}`);
  const labelled = (...names: string[]) => ({ labels: Object.fromEntries(names.map((key) => [key, 'x'])) });

  it.each<[what: string, key: string, most: number, file: BenchConfig, flags?: RunFlags]>([
    ['65 labels', 'labels', 64, labelled(...many(65))],
    [
      '33 labels, and 32 of --set',
      'labels',
      64,
      labelled(...many(33)),
      { set: many(32, 'm').map((key) => `labels.${key}=x`) },
    ],
    ['a label with a long text', 'labels.l', 2_000, { labels: { l: 'x'.repeat(2_001) } }],
    ['many runtimes', 'runtimes', 256, { runtimes: many(257) }],
    ['many variants', 'runtimes', 256, { runtimes: many(257).map((name) => ({ name, extends: 'runc' })) }],
    ['many workloads', 'workloads', 4_096, { workloads: many(4_097) }],
    ['many profiles', 'profiles', 64, { profiles: many(65).map((name) => ({ name })) }],
    ['a baseline with a long name', 'baseline', 200, { baseline: 'b'.repeat(201) }],
    ['many blocks', 'blocks', 10_000, { blocks: { max: 10_001 } }],
    ['many blocks of the command line', 'blocks', 10_000, {}, { blocks: '6..10001' }],
  ])('refuses what run.json cannot hold: %s', (_, key, most, file, flags = {}) => {
    const result = resolveFlags(flags, file, here);
    const message = expect.stringMatching(new RegExp(`at most ${most}\\b`));
    expect(result).toMatchObject({
      ok: false,
      problems: [{ key, message, file: flags.blocks === undefined ? 'bench.config.ts' : '--blocks' }],
    });
  });

  it('takes as much as run.json holds', () => {
    const { config } = resolved({ blocks: '6..10000' }, { ...labelled(...many(64)), runtimes: many(255) });
    expect(resolvedConfigSchema.parse(config)).toMatchObject(labelled(...many(64)));
  });

  it('lets the other end of the preset give way to the end that is given', () => {
    expect(resolved({}, { blocks: { max: 3 } }).config).toMatchObject({ minBlocks: 3, maxBlocks: 3 });
    expect(resolved({}, { blocks: { min: 300 } }).config).toMatchObject({ minBlocks: 300, maxBlocks: 300 });
    expect(resolved({ blocks: '2..4' }, { blocks: { min: 30 } }).config).toMatchObject({
      minBlocks: 2,
      maxBlocks: 4,
    });
  });

  it('keeps the baseline among the runtimes', () => {
    expect(resolved({ runtimes: 'crun,runsc,crun' }).config.runtimes).toEqual(['runc', 'crun', 'runsc']);
    expect(resolved({ runtimes: 'crun,runsc', baseline: 'runsc' }).config.runtimes).toEqual([
      'crun',
      'runsc',
    ]);
  });

  it('keeps the variants of the file where a flag chooses among the names', () => {
    const file: BenchConfig = { runtimes: ['runc', { name: 'v', extends: 'runsc' }, 'crun'] };
    expect(resolved({}, file).config.runtimes).toEqual(['runc', 'v', 'crun']);
    const chosen = resolved({ runtimes: 'v' }, file);
    expect(chosen.config.runtimes).toEqual(['runc', 'v']);
    expect(chosen.variants).toEqual([{ name: 'v', extends: 'runsc' }]);
  });

  it('complains about every flag at once, by the name of the flag', () => {
    const result = resolveFlags(
      {
        preset: 'fast',
        runtimes: ' , ',
        blocks: '5..2',
        precision: '300%',
        maxTime: 'soon',
        samplePeriod: '4ms',
        seed: '-1',
        engine: 'lxc',
        lang: 'de',
        set: ['novalue'],
        daemonJson: '',
      },
      null,
      here,
    );
    expect(result.ok ? [] : result.problems.map(({ key }) => key).sort()).toEqual(
      [
        '--preset',
        '--runtimes',
        '--blocks',
        '--precision',
        '--max-time',
        '--sample-period',
        '--seed',
        '--engine',
        '--lang',
        '',
        '--daemon-json',
      ].sort(),
    );
    expect(result.ok ? [] : result.problems.map(({ file }) => file).slice(0, 2)).toEqual([
      '--set novalue',
      'command line',
    ]);
  });

  it('refuses variants with the reserved name or the same name twice', () => {
    const result = resolveFlags(
      {},
      {
        runtimes: [
          { name: 'runc', extends: 'crun' },
          { name: 'v', extends: 'crun' },
          { name: 'v', extends: 'runsc' },
        ],
      },
      here,
    );
    expect(result.ok ? 0 : result.problems.length).toBe(2);
  });
});

describe('configHash', () => {
  it('depends on the values and not on the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: 'x', c: null }], a: undefined })).toBe('{"b":[1,{"c":null,"d":"x"}]}');
    const { config } = resolved({});
    const turned = Object.fromEntries(Object.entries(config).reverse()) as typeof config;
    expect(configHash(turned)).toBe(configHash(config));
    expect(configHash(config)).toMatch(/^[0-9a-f]{64}$/);
    expect(configHash(resolved({ seed: '12' }).config)).not.toBe(configHash(config));
  });
});

describe('variantEntries', () => {
  const registered: readonly RuntimeEntry[] = [
    { name: 'runc', path: 'runc', origin: 'built-in' },
    {
      name: 'runsc',
      path: '/usr/bin/runsc',
      runtimeArgs: ['--platform=systrap', '--network=none'],
      origin: 'daemon.json',
    },
    { name: 'kata', runtimeType: 'io.containerd.kata.v2', origin: 'daemon.json' },
  ];

  it('starts from the base and lets the variant win flag by flag', () => {
    const { entries, problems } = variantEntries(
      [
        { name: 'runsc-ptrace', extends: 'runsc', runtimeArgs: ['-platform=ptrace'] },
        { name: 'runsc-debug', extends: 'runsc-ptrace', runtimeArgs: ['--debug'] },
        { name: 'kata-fc', extends: 'kata', options: { ConfigPath: '/fc.toml' } },
        { name: 'runc2', extends: 'runc' },
        { name: 'mine', path: '/opt/mine', runtimeArgs: ['--x'] },
      ],
      registered,
      'bench.config.ts',
    );
    expect(problems).toEqual([]);
    const origin = 'bench.config.ts';
    expect(entries).toEqual([
      {
        name: 'runsc-ptrace',
        path: '/usr/bin/runsc',
        runtimeArgs: ['--network=none', '-platform=ptrace'],
        origin,
      },
      {
        name: 'runsc-debug',
        path: '/usr/bin/runsc',
        runtimeArgs: ['--network=none', '-platform=ptrace', '--debug'],
        origin,
      },
      { name: 'kata-fc', runtimeType: 'io.containerd.kata.v2', options: { ConfigPath: '/fc.toml' }, origin },
      { name: 'runc2', path: 'runc', origin },
      { name: 'mine', path: '/opt/mine', runtimeArgs: ['--x'], origin },
    ]);
  });

  it('names every variant that cannot be made', () => {
    const { entries, problems } = variantEntries(
      [
        { name: 'runsc', extends: 'runsc' },
        { name: 'a', extends: 'nothing' },
        { name: 'b', extends: 'kata', runtimeArgs: ['--x'] },
        { name: 'c', extends: 'runsc', options: { ConfigPath: '/x' } },
      ],
      registered,
      'bench.config.ts',
    );
    expect(entries).toEqual([]);
    expect(problems.map(({ key }) => key)).toEqual([
      'runtimes.runsc',
      'runtimes.a',
      'runtimes.b',
      'runtimes.c',
    ]);
    expect(problems[1]?.fix).toContain('runc, runsc, kata');
  });

  it('merges arguments by flag name', () => {
    expect(mergeArgs(['--a=1', '--b', 'x'], ['--a=2'])).toEqual(['--b', 'x', '--a=2']);
    expect(mergeArgs([], [])).toEqual([]);
  });
});

describe('layers', () => {
  it('are those of the flag, else of the file; where nothing is said none is recorded', () => {
    expect(resolved({}).config).not.toHaveProperty('layers');
    expect(resolved({}, { layers: ['oci'] }).config.layers).toEqual(['oci']);
    expect(resolved({ layers: 'docker, oci,docker' }, { layers: ['oci'] }).config.layers).toEqual([
      'docker',
      'oci',
    ]);
  });

  it.each(['oci,nonsense', 'vm', ','])('refuses %j', (layers) => {
    const result = resolveFlags({ layers }, null, here);
    expect(result.ok ? [] : result.problems.map(({ key, fix }) => [key, fix])).toEqual([
      ['--layers', `for example --layers ${measuredLayers.join(',')}`],
    ]);
  });
});
