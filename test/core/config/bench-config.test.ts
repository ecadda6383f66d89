import { describe, expect, it } from 'vitest';
import { parseBenchConfig } from '../../../src/core/config/load-config.ts';
import {
  parseDuration,
  parseFraction,
  parseList,
  parseRange,
  parseSamplePeriod,
} from '../../../src/core/config/quantities.ts';
import { formatProblem, type Problem } from '../../../src/core/model/failure/error.ts';

const problemsOf = (value: unknown) => {
  const parsed = parseBenchConfig(value, 'bench.config.ts');
  return parsed.ok ? [] : parsed.problems;
};

describe('parseBenchConfig', () => {
  it('names every key of nightly that is wrong, and the one that was meant', () => {
    const wrong = { runtimes: [], confirmTime: 'soon', keepRuns: 0, loadLimit: '0%', loadlimit: '10%' };
    const said = problemsOf({ nightly: wrong }).map(({ key, message, fix }) => `${key}: ${message} ${fix}`);
    expect(said).toHaveLength(5);
    for (const key of Object.keys(wrong)) expect(said.join('\n')).toContain(key);
    expect(said.join('\n')).toContain('loadLimit');
  });

  it('names every limit of the gate that has another shape', () => {
    const gate = {
      'runsc startup': 2,
      'crun startup': [],
      'runc startup': ['< 1 s', 3],
      'runc app': { limit: '< 2x', vs: 'pined' },
      'runc cpu': { limit: '< 2x', vz: 'last' },
    };
    const said = problemsOf({ gate }).map(({ key, message, fix }) => `${key}: ${message} ${fix}`);
    expect(said).toHaveLength(5);
    for (const key of Object.keys(gate)) expect(said.join('\n')).toContain(`gate.${key}`);
    expect(said.join('\n')).toContain("must be a limit such as '< 2.1x', or {limit, vs}, or a list of these");
    expect(said.join('\n')).toContain('"pinned"');
    expect(said.join('\n')).toContain("did you mean 'vs'?");
  });

  it('takes an empty object and every kind of value', () => {
    expect(problemsOf({})).toEqual([]);
    expect(
      problemsOf({
        preset: 'full',
        runtimes: [
          'runc',
          { name: 'runsc-ptrace', extends: 'runsc', runtimeArgs: ['--platform=ptrace'] },
          { name: 'mine', path: '/opt/mine' },
          { name: 'kata-fc', runtimeType: 'io.containerd.kata-fc.v2', options: { ConfigPath: '/k' } },
        ],
        workloads: ['startup', 'io/fio'],
        baseline: 'crun',
        blocks: '7..12',
        precision: '3%',
        maxTime: '1h30m',
        samplePeriod: '5ms',
        seed: 0,
        engine: 'embedded',
        daemonJson: './daemon.json',
        lang: 'fr',
        labels: { kernel: '6.12' },
        nightly: {
          runtimes: ['runc'],
          workloads: ['startup'],
          preset: 'standard',
          maxTime: '40m',
          confirmTime: '15m',
          keepRuns: 30,
          loadLimit: '10%',
        },
        thresholds: { practical: 0.05 },
        gate: {
          'runsc startup/echo': '< 2.1x',
          'crun memory/idle': ['< 25 MiB', { limit: '< +10%', vs: 'last' }],
          'crun startup': { limit: '< 1.2x' },
        },
      }),
    ).toEqual([]);
    expect(problemsOf({ blocks: { min: 3 }, precision: 0.03 })).toEqual([]);
  });

  it.each(['0.0000005', '0.00000000000000001', '60%', 0.7])(
    'refuses %s as a significance level: no number of blocks is enough, or any is',
    (alpha) => {
      expect(problemsOf({ thresholds: { alpha } })).toMatchObject([
        { key: 'thresholds.alpha', message: expect.stringContaining('from 0.000001 to 0.5') },
      ]);
    },
  );

  it('names every problem at once as "bench.config.ts: key: must be …"', () => {
    const problems = problemsOf({
      presett: 'quick',
      preset: 'fast',
      runtimes: ['runc', { name: 'x', extends: 'runsc', runtimeArg: [] }, 'a b'],
      blocks: { min: 0, max: 5 },
      precision: 3,
      maxTime: '10 minutes',
      samplePeriod: '2ms',
      seed: -1,
      labels: { a: 1 },
      thresholds: { alpha: 2 },
      daemonJson: '',
    });
    const byKey = new Map(problems.map((problem) => [problem.key, problem]));
    expect([...byKey.keys()].sort()).toEqual(
      [
        'presett',
        'preset',
        'runtimes.1.runtimeArg',
        'runtimes.2',
        'blocks.min',
        'precision',
        'maxTime',
        'samplePeriod',
        'seed',
        'labels.a',
        'thresholds.alpha',
        'daemonJson',
      ].sort(),
    );
    for (const problem of problems) {
      expect(formatProblem(problem)).toMatch(/^bench\.config\.ts: \S+: must /);
      expect(problem.fix).not.toBe('');
    }
    expect(byKey.get('presett')?.fix).toContain("'preset'");
    expect(byKey.get('runtimes.1.runtimeArg')?.fix).toContain("'runtimeArgs'");
    expect(byKey.get('preset')?.message).toContain('"quick", "standard", "full"');
    const samplePeriod = byKey.get('samplePeriod');
    const { messages, ...texts } = samplePeriod as Problem;
    expect(messages?.message?.id).toBe('value.againstRule');
    expect(formatProblem(samplePeriod as Problem, 'fr')).toBe(
      'bench.config.ts: samplePeriod: doit être une durée de 5ms à 60s, par exemple «\u00a0100ms\u00a0», mais vaut le texte "2ms"\n' +
        '  remède\u00a0: corriger la valeur\u00a0: elle doit être une durée de 5ms à 60s, par exemple «\u00a0100ms\u00a0»',
    );
    expect(texts).toEqual({
      file: 'bench.config.ts',
      key: 'samplePeriod',
      message: `must be a duration from 5ms to 60s, such as '100ms', but is the string "2ms"`,
      fix: "correct the value: it must be a duration from 5ms to 60s, such as '100ms'",
    });
    expect(byKey.get('precision')?.message).toContain("'3%'");
  });

  it.each([[undefined], [null], [[]], ['quick'], [() => ({})]])(
    'wants an object as default export, not %j',
    (value) => {
      expect(problemsOf(value)).toHaveLength(1);
    },
  );

  it('refuses blocks whose min exceeds max, in both forms', () => {
    expect(problemsOf({ blocks: { min: 5, max: 3 } }).map(({ key }) => key)).toEqual(['blocks']);
    expect(problemsOf({ blocks: '5..3' }).map(({ key }) => key)).toEqual(['blocks']);
  });
});

describe('quantities', () => {
  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['1h30m', 5_400_000],
    ['1.5h', 5_400_000],
    ['250ms', 250],
    [' 2m ', 120_000],
    ['0s', null],
    ['10', null],
    ['m', null],
    ['', null],
    ['-5s', null],
    ['5 s', null],
    ['5s3', null],
  ])('duration %j → %j ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each([
    ['5ms', 5],
    ['1m', 60_000],
    ['4.9ms', null],
    ['61s', null],
    ['100', null],
  ])('sampling period %j → %j ms', (text, ms) => expect(parseSamplePeriod(text)).toBe(ms));

  it.each([
    ['3%', 0.03],
    ['0.5 %', 0.005],
    ['0.03', 0.03],
    [0.05, 0.05],
    [3, null],
    ['0%', null],
    ['100%', null],
    ['-1%', null],
    ['three', null],
    ['', null],
  ])('fraction %j → %j', (value, fraction) => expect(parseFraction(value)).toBe(fraction));

  it.each([
    ['7..12', { min: 7, max: 12 }],
    ['9', { min: 9, max: 9 }],
    ['0..3', null],
    ['5..3', null],
    ['1..', null],
    ['..3', null],
    ['1...3', null],
    ['a..b', null],
  ])('range %j → %j', (text, range) => expect(parseRange(text)).toEqual(range));

  it('list', () => expect(parseList(' a,b ,,a')).toEqual(['a', 'b']));
});
