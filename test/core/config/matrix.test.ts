import { describe, expect, it } from 'vitest';
import type { BenchConfig, Variant } from '../../../src/core/config/define-config.ts';
import { parseBenchConfig } from '../../../src/core/config/load-config.ts';
import { expandMatrices, variantEntries } from '../../../src/core/config/matrix.ts';
import type { RuntimeEntry } from '../../../src/core/model/runtime/runtime.ts';
import { resolveFlags } from '../../support/resolve-flags.ts';

const matrix = { platform: ['systrap', 'ptrace'], overlay2: ['root:self', 'none'], directfs: [true, false] };
const file = { file: 'bench.config.ts', duet: false };
const variant: Variant = { name: 'gv', extends: 'runsc', matrix };
const registered: readonly RuntimeEntry[] = [
  { name: 'runc', path: 'runc', origin: 'built-in' },
  {
    name: 'runsc',
    path: '/usr/bin/runsc',
    runtimeArgs: ['--platform=kvm', '--network=none'],
    origin: 'daemon.json',
  },
  { name: 'kata', runtimeType: 'io.containerd.kata.v2', options: { A: 1 }, origin: 'daemon.json' },
];
const resolved = (flags: Parameters<typeof resolveFlags>[0], config: BenchConfig) => {
  const result = resolveFlags(flags, config, { seed: 1, lang: 'en' });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.resolution;
};

describe('expandMatrices', () => {
  it('makes a runtime of every combination, named by what differs from the references', () => {
    const { variants, designs, problems } = expandMatrices([variant], file);
    expect(problems).toEqual([]);
    expect(variants.map(({ name }) => name)).toEqual([
      'gv',
      'gv+platform-ptrace',
      'gv+overlay2-none',
      'gv+platform-ptrace+overlay2-none',
      'gv+directfs-false',
      'gv+platform-ptrace+directfs-false',
      'gv+overlay2-none+directfs-false',
      'gv+platform-ptrace+overlay2-none+directfs-false',
    ]);
    expect(designs).toMatchObject([
      {
        name: 'gv',
        base: 'runsc',
        factors: [
          { name: 'platform' },
          { name: 'overlay2' },
          { name: 'directfs', levels: ['true', 'false'] },
        ],
      },
    ]);
    expect(designs[0]?.arms[4]).toEqual({
      runtime: 'gv+directfs-false',
      levels: ['systrap', 'root:self', 'false'],
    });
  });

  it('measures all combinations up to sixteen, the first factor changing fastest', () => {
    const expanded = (levels: Record<string, number[]>) =>
      expandMatrices([{ name: 'x', extends: 'runsc', matrix: levels }], file);
    const four = Object.fromEntries([...'abcd'].map((name) => [name, [0, 1]]));
    expect(expanded(four).designs[0]?.arms).toHaveLength(16);
    expect(
      expanded({ a: [0, 1], b: [0, 1, 2] }).designs[0]?.arms.map(({ levels }) => levels.join('')),
    ).toEqual(['00', '10', '01', '11', '02', '12']);
    const { designs, problems } = expanded({ ...four, e: [0, 1] });
    expect(designs).toEqual([]);
    expect(problems).toMatchObject([
      {
        key: 'runtimes.x.matrix',
        message: 'asks for 32 combinations, more than 16',
        fix: 'use fewer factors or levels: four factors with two levels each are 16 combinations',
      },
    ]);
  });

  it('says everything that is wrong with a matrix at once', () => {
    const { problems } = expandMatrices(
      [
        { name: 'a', extends: 'runsc', runtimeArgs: ['--platform=kvm'], matrix },
        { name: 'b', extends: 'runsc', matrix: { x: [1, 2, 3, 4, 5, 6, 7], y: [1, 2, 3, 4, 5] } },
        { name: 'c', extends: 'runsc', matrix: { overlay2: ['root:self', 'root/self'] } },
        { name: 'd', extends: 'kata', options: { debug: true }, matrix: { debug: [true, false] } },
      ],
      { ...file, duet: true },
    );
    expect(problems.map(({ key }) => key)).toEqual([
      'runtimes.a.matrix',
      'runtimes.a.runtimeArgs',
      'runtimes.b.matrix',
      'runtimes.b.matrix',
      'runtimes.c.matrix',
      'runtimes.c.matrix.overlay2',
      'runtimes.d.matrix',
      'runtimes.d.options',
    ]);
    expect(problems.map(({ message }) => message).join()).toContain('asks for 35 combinations, more than 16');
  });
});

describe('a matrix in a configuration', () => {
  it('becomes flags of a program and options of a shim', () => {
    const two: readonly Variant[] = [
      {
        name: 'gv',
        extends: 'runsc',
        runtimeArgs: ['--debug=false'],
        matrix: { platform: ['systrap', 'kvm'] },
      },
      { name: 'k', extends: 'kata', matrix: { B: [true, false] } },
    ];
    const { variants } = expandMatrices(two, file);
    const { entries, problems } = variantEntries(variants, registered, 'bench.config.ts');
    expect(problems).toEqual([]);
    expect(entries.map(({ name, runtimeArgs, options }) => [name, runtimeArgs, options])).toEqual([
      ['gv', ['--network=none', '--debug=false', '--platform=systrap'], undefined],
      ['gv+platform-kvm', ['--network=none', '--debug=false', '--platform=kvm'], undefined],
      ['k', undefined, { A: 1, B: true }],
      ['k+B-false', undefined, { A: 1, B: false }],
    ]);
  });

  it('says once that its base is unknown', () => {
    const { variants } = expandMatrices([{ ...variant, extends: 'runsk' }], file);
    const { problems } = variantEntries(variants, registered, 'bench.config.ts');
    expect(problems.map(({ key }) => key)).toEqual(['runtimes.gv']);
  });

  it('is selected as a whole by its name, and recorded where all of its arms are measured', () => {
    const config: BenchConfig = { runtimes: { runc: {}, gv: { extends: 'runsc', matrix: { a: [1, 2] } } } };
    expect(resolved({}, config).config).toMatchObject({
      runtimes: ['runc', 'gv', 'gv+a-2'],
      designs: [{ name: 'gv' }],
    });
    expect(resolved({ runtimes: 'gv' }, config).config.runtimes).toEqual(['runc', 'gv', 'gv+a-2']);
    expect(resolved({ runtimes: 'gv' }, config).config.designs).toHaveLength(1);
    expect(resolved({ runtimes: 'runc,gv+a-2' }, config).config.designs).toBeUndefined();
  });

  it('complains of each wrong key', () => {
    const problemsOf = (wrong: unknown) => {
      const parsed = parseBenchConfig({ runtimes: { gv: { extends: 'runsc', matrix: wrong } } }, 'f');
      return parsed.ok ? [] : parsed.problems.map(({ key, message }) => `${key}: ${message}`);
    };
    expect(problemsOf({ directfs: [true, false] })).toEqual([]);
    for (const wrong of [{}, [], { a: 'x' }, { a: [1] }, { '--a': [1, 2] }, { a: [1, 1] }, { a: [1, {}] }])
      expect(problemsOf(wrong), JSON.stringify(wrong)).toHaveLength(1);
    expect(problemsOf({ a: ['x', 'x'] })).toEqual([
      'runtimes.gv.matrix.a.1: must not list the level \'x\' twice, but is the string "x"',
    ]);
    expect(problemsOf({ a: [1] })[0]).toContain('runtimes.gv.matrix.a: must be a list of two levels');
    expect(problemsOf({ '--a': [1, 2] })[0]).toContain('must be the name of a flag');
    expect(problemsOf({ '--a': [1, 2], b: [], c: 1 })).toHaveLength(3);
  });
});
