import { describe, expect, test } from 'vitest';
import { parseFlags, type RunFlags } from '../../../src/core/config/command-line.ts';
import type { BenchConfig } from '../../../src/core/config/define-config.ts';
import { parseBenchConfig } from '../../../src/core/config/load-config.ts';
import { resolveConfig } from '../../../src/core/config/resolve.ts';
import { parseSet, withSet } from '../../../src/core/config/set.ts';
import { setPair } from '../../../src/core/config/set-pair.ts';
import { OcibenchError } from '../../../src/core/model/failure/error.ts';

const given = (...set: string[]) => parseSet(set);
const problems = (...set: string[]) =>
  given(...set).problems.map(({ file, key, message }) => [file, key, message]);
const surroundings = { seed: 1, lang: 'en' } as const;

/** The configuration of a run with these flags over this file. */
function resolved(flags: RunFlags, file: BenchConfig | null = null) {
  const { request, problems: wrong } = parseFlags(flags);
  expect(wrong).toEqual([]);
  const loaded = withSet(file === null ? null : { config: file, file: 'bench.config.ts' }, request.set);
  const result = resolveConfig(request, loaded?.config ?? null, surroundings);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.resolution;
}

test.each([
  ['nightly.keepRuns=3', { key: 'nightly.keepRuns', path: ['nightly', 'keepRuns'], value: '3' }],
  ['daemonJson=a=b.json', { key: 'daemonJson', path: ['daemonJson'], value: 'a=b.json' }],
  ['labels.note=', { key: 'labels.note', path: ['labels', 'note'], value: '' }],
  ['a..b= c ', { key: 'a..b', path: ['a', '', 'b'], value: ' c ' }],
  ['=1', null],
  ['seed', null],
  ['', null],
])('the pair %j', (pair, expected) => expect(setPair(pair)).toEqual(expected));

describe('a value is', () => {
  test.each<readonly [string, object]>([
    // JSON
    ['seed=7', { seed: 7 }],
    ['duet=true', { duet: true }],
    ['blocks={"min":6}', { blocks: { min: 6 } }],
    ['services=[{"image":"shop:1.2","ready":8080}]', { services: [{ image: 'shop:1.2', ready: 8080 }] }],
    ['profiles={"strict":{"capDrop":["ALL"]}}', { profiles: { strict: { capDrop: ['ALL'] } } }],
    ['precision=0.03', { precision: 0.03 }],
    ['lang="fr"', { lang: 'fr' }],
    // text
    ['stepLimit=90s', { stepLimit: '90s' }],
    ['precision=3%', { precision: '3%' }],
    ['blocks=6..8', { blocks: '6..8' }],
    ['gate.runsc startup/echo=< 2.1x', { gate: { 'runsc startup/echo': '< 2.1x' } }],
    ['nightly.notify=mail-alarm a,b', { nightly: { notify: 'mail-alarm a,b' } }],
    ['labels.note=', { labels: { note: '' } }],
    ['labels.equation=a=b', { labels: { equation: 'a=b' } }],
    // a text that JSON would take for another kind, where only a text fits
    ['labels.kernel=6.12', { labels: { kernel: '6.12' } }],
    ['labels.x=true', { labels: { x: 'true' } }],
    ['service.env.PORT=8080', { service: { env: { PORT: '8080' } } }],
    ['context=5', { context: '5' }],
    // a list with commas, where only a list fits
    ['workloads=startup', { workloads: ['startup'] }],
    ['runtimes=runc,crun', { runtimes: ['runc', 'crun'] }],
    ['nightly.exports=junit,ndjson', { nightly: { exports: ['junit', 'ndjson'] } }],
  ])('%s', (assignment, values) => {
    expect(given(assignment)).toEqual({ values, problems: [] });
  });

  test('one of several keys, put together', () => {
    expect(given('nightly.keepRuns=5', 'nightly.loadLimit=20%', 'labels.a=1', 'labels.b=2').values).toEqual({
      nightly: { keepRuns: 5, loadLimit: '20%' },
      labels: { a: '1', b: '2' },
    });
  });
});

describe('a problem', () => {
  test.each<readonly [string, string, string]>([
    ['seed=soon', '', 'must be a number, but is the string "soon"'],
    ['lang=de', '', 'must be one of "en", "fr", but is the string "de"'],
    ['duet=1', '', 'must be true or false, but is number 1'],
    ['nightly.exports=junit,pfd', 'nightly.exports.1', 'must be one of'],
    ['services=[{"image":"x","raedy":1}]', 'services.0.raedy', 'must be absent: unknown key'],
    ['blocks={"min":1,"min":2}', 'min', 'appears twice'],
    ['services.0.image=x', 'services', 'must be a list'],
    ['ownWorkloads=[]', '', 'holds code'],
    ['seed', '', 'must be a key of bench.config.ts and its value'],
    ['=7', '', 'must be a key'],
    ['labels..x=1', '', 'must be a key'],
    [`labels.${'a.'.repeat(40)}x=1`, '', 'must be a key'],
  ])('of %s', (assignment, key, message) => {
    const [found, ...more] = problems(assignment);
    expect(more).toEqual([]);
    expect(found?.[0]).toBe(`--set ${assignment.length > 80 ? `${assignment.slice(0, 80)}…` : assignment}`);
    expect(found?.[1]).toBe(key);
    expect(found?.[2]).toContain(message);
  });

  test('of a key that does not exist says which one is meant', () => {
    expect(given('maxTimee=1m').problems).toMatchObject([
      { file: '--set maxTimee=1m', message: 'must be absent: unknown key', fix: "did you mean 'maxTime'?" },
    ]);
    expect(given('nightly.keepRun=3').problems).toMatchObject([{ fix: "did you mean 'keepRuns'?" }]);
    expect(given('service.tiemout=3s').problems).toMatchObject([{ fix: "did you mean 'timeout'?" }]);
    expect(given('insecuretcp=true').problems).toMatchObject([{ fix: "did you mean 'insecureTcp'?" }]);
  });

  test('of every one at once, with those of flags', () => {
    const found = parseFlags({ blocks: 'x', set: ['seed=x', 'quux=1', 'lang=de'] }).problems;
    expect(found.map(({ file, key }) => [file, key])).toEqual([
      ['--set seed=x', ''],
      ['--set quux=1', ''],
      ['--set lang=de', ''],
      ['command line', '--blocks'],
    ]);
  });

  test.each([
    ['__proto__.seed=1'],
    ['labels.__proto__=x'],
    ['labels.__proto__.x=1'],
    ['labels={"__proto__":{"polluted":"yes"}}'],
    ['constructor.prototype.polluted=1'],
    ['prototype=1'],
    ['toString=1'],
    ['nightly.constructor=1'],
  ])('of a key that every object inherits: %s', (assignment) => {
    expect(given(assignment).problems).toHaveLength(1);
    expect(given(assignment).values).toEqual({});
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('not of such a key where any name is allowed', () => {
    expect(given('labels.constructor=x', 'labels.toString=y').values).toEqual({
      labels: Object.fromEntries([
        ['constructor', 'x'],
        ['toString', 'y'],
      ]),
    });
  });

  test('of a value that nests without end, and no crash', () => {
    expect(given(`labels=${'['.repeat(50_000)}`).problems).toHaveLength(1);
    expect(given(`runtimes=[${'{"options":'.repeat(300)}1${'}'.repeat(300)}]`).problems).toHaveLength(1);
  });
});

describe('one key has one origin', () => {
  test.each<readonly [RunFlags, string]>([
    [{ preset: 'quick', set: ['preset=full'] }, '--preset'],
    [{ maxTime: '5m', set: ['maxTime=5m'] }, '--max-time'],
    [{ blocks: '6..8', set: ['blocks.max=9'] }, '--blocks'],
    [{ image: 'x', set: ['service.image=y'] }, '--image'],
    [{ image: 'x', ready: '80', set: ['service={"ready":"81"}'] }, '--ready'],
  ])('%j is refused', (flags, flag) => {
    expect(parseFlags(flags).problems).toMatchObject([{ message: `is given by ${flag}, too` }]);
  });

  test('a flag of one command stands for its key', () => {
    const flags = { set: ['nightly.notify=x'], notify: 'y' } as RunFlags;
    expect(parseFlags(flags).problems).toEqual([]);
    expect(parseFlags(flags, { notify: 'nightly.notify' }).problems).toMatchObject([
      { message: 'is given by --notify, too' },
    ]);
  });

  test.each([
    ['seed=1', 'seed=2'],
    ['blocks=6..8', 'blocks.min=7'],
    ['nightly.keepRuns=1', 'nightly={"keepRuns":2}'],
  ])('%s and %s differ', (one, other) => {
    expect(problems(one, other)).toEqual([[`--set ${other}`, '', expect.stringContaining('is set twice')]]);
  });

  test('the same said twice is said once', () => {
    expect(given('wait=true', 'wait=true')).toEqual({ values: { wait: true }, problems: [] });
  });

  test('keys that begin alike are two keys', () => {
    expect(given('engine=docker', 'engines=[{"name":"a"}]').problems).toEqual([]);
  });
});

describe('precedence', () => {
  const file: BenchConfig = {
    seed: 3,
    precision: '5%',
    stepLimit: '20s',
    labels: { a: 'file', b: 'file' },
    nightly: { keepRuns: 9, loadLimit: '5%' },
    thresholds: { alpha: '1%' },
    blocks: { min: 6, max: 20 },
    workloads: ['startup'],
  };

  test('--set over the file over the default', () => {
    const { config } = resolved(
      { set: ['seed=7', 'precision=3%', 'labels.b=set', 'thresholds.practical=10%', 'blocks.max=30'] },
      file,
    );
    expect(config).toMatchObject({
      seed: 7,
      precision: 0.03,
      stepLimitMs: 20_000,
      preset: 'quick',
      workloads: ['startup'],
      labels: { a: 'file', b: 'set' },
      minBlocks: 6,
      maxBlocks: 30,
      thresholds: { practical: 0.1, alpha: 0.01 },
    });
  });

  test('a flag over the file; --set beside it', () => {
    const { config } = resolved({ blocks: '7..8', set: ['stepLimit=5s'] }, file);
    expect(config).toMatchObject({ minBlocks: 7, maxBlocks: 8, stepLimitMs: 5_000, seed: 3 });
  });

  test('an object is merged, a list is replaced', () => {
    const loaded = withSet(
      { config: file, file: 'f' },
      given('nightly.keepRuns=2', 'workloads=io').values as BenchConfig,
    );
    expect(loaded).toMatchObject({
      file: 'f',
      config: { nightly: { keepRuns: 2, loadLimit: '5%' }, workloads: ['io'], seed: 3 },
    });
    expect(file.nightly).toEqual({ keepRuns: 9, loadLimit: '5%' });
  });

  test('without a file it stands for one', () => {
    expect(resolved({ set: ['thresholds.alpha=2%'] }).config.thresholds).toEqual({
      practical: 0.05,
      alpha: 0.02,
    });
    expect(withSet(null, undefined)).toBeNull();
  });

  test('what does not fit the file is refused', () => {
    const { set } = parseFlags({ set: ['blocks.min=50'] }).request;
    expect(() => withSet({ config: file, file: 'f' }, set)).toThrow(OcibenchError);
  });

  test('the service of --image has more by --set', () => {
    const set = ['service.memory=1G', 'service.env.TZ=UTC', 'service.cmd=serve --fast'];
    expect(parseFlags({ image: 'shop:1', ready: '80', set })).toMatchObject({
      request: {
        service: { image: 'shop:1', ready: '80', memory: '1G', env: { TZ: 'UTC' }, cmd: 'serve --fast' },
      },
      problems: [],
    });
    expect(parseFlags({ set: ['service.memory=1G'] }).problems).toMatchObject([
      { key: '--set service.memory', fix: 'add --image IMAGE' },
    ]);
    expect(parseFlags({ image: 'x', set: ['service.loadImage=y'] }).problems).toMatchObject([
      { key: '--set service.loadImage', message: expect.stringContaining('must be used together with load') },
    ]);
  });
});

test('what only the command line says reaches the request, and no configuration', () => {
  const set = ['context=web', 'insecureTcp=true', 'wait=true', 'report=false', 'judge=true'];
  expect(parseFlags({ set: [...set, 'progress=false'] })).toEqual({
    request: { context: 'web', insecureTcp: true, wait: true, report: false, judge: true },
    problems: [],
  });
});

test.each(['context', 'insecureTcp', 'wait', 'report', 'judge', 'progress', 'service'])(
  'a configuration file cannot say %s',
  (key) => {
    const parsed = parseBenchConfig({ [key]: key === 'context' ? 'web' : true }, 'bench.config.ts');
    expect(parsed).toMatchObject({ ok: false, problems: [{ key, message: 'must be absent: unknown key' }] });
  },
);
