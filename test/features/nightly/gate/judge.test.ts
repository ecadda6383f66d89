import { describe, expect, test } from 'vitest';
import type { GateSettings, Operator } from '../../../../src/core/gate/limit.ts';
import { gateReportSchema, gateVerdict } from '../../../../src/core/model/analysis/gate.ts';
import { verdictOf } from '../../../../src/features/nightly/gate/judge.ts';
import type { HistoryLine } from '../../../../src/features/nightly/history/record.ts';
import { disturbed, judged, linesOf, type Run, runOf, type Shape } from '../../../core/gate/gated-run.ts';
import { alarmLine } from '../../../support/history-lines.ts';

const short = (settings: GateSettings, run: Run, history?: readonly HistoryLine[], before?: Run) =>
  judged(settings, run, history, before).map(({ expression, verdict }) => `${expression}: ${verdict}`);
const why = (settings: GateSettings, run: Run, history?: readonly HistoryLine[]) =>
  judged(settings, run, history).map(({ message }) => message)[0];

describe('a limit', () => {
  test.each<[Operator, number, number, string]>([
    ['<', 1, 1.9, 'holds'],
    ['<', 1, 2, 'cannot-tell'],
    ['<=', 1, 2, 'holds'],
    ['<', 2, 3, 'broken'],
    ['<=', 2, 3, 'cannot-tell'],
    ['>', 2.1, 3, 'holds'],
    ['>', 1, 3, 'cannot-tell'],
    ['>', 1, 2, 'broken'],
    ['>=', 1, 2, 'cannot-tell'],
    ['>=', 2, 3, 'holds'],
  ])('%s 2 of [%s, %s] %s', (operator, low, high, verdict) => {
    const figure = { estimate: (low + high) / 2, interval: { low, high }, unit: null, reference: null };
    expect(verdictOf({ operator, value: 2 }, figure)).toBe(verdict);
    expect(verdictOf({ operator, value: 2 }, { ...figure, interval: null })).toBe('cannot-tell');
  });

  test('together with others is broken if one is, and holds only if all do', () => {
    const of = (...verdicts: readonly ('holds' | 'broken' | 'cannot-tell')[]) =>
      gateVerdict(verdicts.map((verdict) => ({ verdict })));
    expect(of('holds', 'cannot-tell', 'broken')).toBe('broken');
    expect(of('holds', 'cannot-tell')).toBe('cannot-tell');
    expect(of('holds', 'holds')).toBe('holds');
  });
});

describe('the figure of a run', () => {
  const run = runOf({ factors: { runc: 1, runsc: 2 } });

  test('is judged by its interval', () => {
    expect(
      short(
        {
          'runsc syscall/calls': ['< 3x', '< 2x', '< 1.5x'],
          'runc syscall/calls': ['< 300 ns/op', '< 50 ns/op'],
        },
        run,
      ),
    ).toEqual([
      'runsc syscall/calls < 3x: holds',
      'runsc syscall/calls < 2x: cannot-tell',
      'runsc syscall/calls < 1.5x: broken',
      'runc syscall/calls < 300 ns/op: holds',
      'runc syscall/calls < 50 ns/op: broken',
    ]);
    const [first, second] = judged({ 'runsc syscall/calls': ['< +120%', '< 2x'] }, run);
    expect(first).toMatchObject({
      kind: 'gate',
      limit: 2.2,
      unit: null,
      message: 'the whole interval is below +120%',
    });
    expect(first?.estimate).toBeCloseTo(2, 1);
    expect(first?.interval?.low).toBeLessThan(first?.interval?.high ?? 0);
    expect(second?.message).toContain('more blocks of syscall/calls:runsc');
    const results = [...judged({ 'runc syscall/calls': '< 300 ns/op' }, run)];
    expect(results[0]?.unit).toBe('ns/op');
    expect(gateReportSchema.safeParse({ run: 'r', verdict: 'holds', results }).error).toBeUndefined();
  });

  test('of a category is its cost', () => {
    const all = ['syscall/calls', 'syscall/others', 'syscall/further'];
    const three = runOf({ factors: { runc: 1, runsc: 2 }, subjects: all });
    expect(short({ 'runsc syscall': ['< 3x', '< 1.5x'] }, three)).toEqual([
      'runsc syscall < 3x: holds',
      'runsc syscall < 1.5x: broken',
    ]);
  });

  test('of a category of two tests there is none', () => {
    const both = runOf({ factors: { runc: 1, runsc: 2 }, subjects: ['syscall/calls', 'syscall/others'] });
    expect(short({ 'runsc syscall': '< 3x' }, both)).toEqual(['runsc syscall < 3x: cannot-tell']);
    expect(why({ 'runsc syscall': '< 3x' }, both)).toMatch(/^only two tests of this category were compared/);
  });

  test('of a category is not that of a part of it', () => {
    const run = runOf({ factors: { runc: 1, runsc: 2 }, subjects: ['syscall/calls', 'syscall/others'] });
    const trials = run.trials.map((trial) =>
      trial.cell.runtime === 'runsc' && trial.cell.workload === 'syscall/others'
        ? ({ ...trial, outcome: { status: 'timed-out', step: 'run', limitMs: 1 } } as const)
        : trial,
    );
    expect(why({ 'runsc syscall': '< 3x' }, { ...run, trials })).toBe(
      'part of this category was not measured: syscall/others',
    );
  });

  test.each<[string, Shape, string, RegExp]>([
    [
      'that was not measured',
      { factors: { runc: 1 } },
      'runsc syscall/calls',
      /was not measured in this run/,
    ],
    ['of which every trial failed', { factors: { runc: 1, runsc: null } }, 'runsc syscall/calls', /no value/],
    ['of few blocks', { factors: { runc: 1, runsc: 1 }, blocks: 4 }, 'runsc syscall/calls', /too few blocks/],
    [
      'of survivors',
      {
        factors: { runc: 1, runsc: 1 },
        particular: (runtime, block) =>
          runtime === 'runsc' && block % 4 === 0
            ? { outcome: { status: 'timed-out', step: 'run', limitMs: 1 } }
            : {},
      },
      'runsc syscall/calls',
      /3 of 12 trials failed/,
    ],
    [
      'to another baseline',
      { factors: { crun: 1, runsc: 1 }, baseline: 'crun' },
      'runsc syscall/calls',
      /compares with crun, but the limit is for runc/,
    ],
    ['of another workload', { factors: { runc: 1, runsc: 1 } }, 'runsc syscall/others', /was not measured/],
    ['of a category without subjects', { factors: { runc: 1 } }, 'runsc startup', /was not measured/],
    [
      'without a pinned copy',
      { factors: { runc: 1, runsc: 1 } },
      'runsc syscall/calls pinned',
      /pinned copy/,
    ],
  ])('%s is none', (_, shape, key, said) => {
    const [runtime, subject, vs] = key.split(' ');
    const setting = vs === 'pinned' ? ({ limit: '< 9x', vs } as const) : '< 9x';
    const results = judged({ [`${runtime} ${subject}`]: setting }, runOf(shape));
    expect(results).toMatchObject([{ verdict: 'cannot-tell' }]);
    expect(results[0]?.message).toMatch(said);
  });
});

describe('a host that was disturbed', () => {
  const gate = { 'runsc syscall/calls': '< 3x' };
  const of = (particular: NonNullable<Shape['particular']>) =>
    judged(gate, runOf({ factors: { runc: 1, runsc: 2 }, particular }))[0];

  test('in most trials of the runtime or of the baseline leaves nothing to judge', () => {
    const most = of((runtime, block) => (block > 3 && runtime === 'runsc' ? disturbed : {}));
    expect(most).toMatchObject({ verdict: 'cannot-tell' });
    const both = of((_, block) => (block > 4 ? disturbed : {}));
    expect(both).toMatchObject({
      verdict: 'cannot-tell',
      message: '67 % of its trials were disturbed',
    });
  });

  test('in a few changes nothing where the others say the same', () => {
    expect(of((_, block) => (block > 10 ? disturbed : {}))).toMatchObject({ verdict: 'holds' });
  });

  test('in a few leaves nothing to judge where the others say something else', () => {
    const run = runOf({
      factors: { runc: 1, runsc: 2 },
      noise: 0.001,
      particular: (runtime, block) => (runtime === 'runsc' && block > 9 ? disturbed : {}),
    });
    const trials = run.trials.map((trial) =>
      trial.noise === null ? trial : { ...trial, output: { ...trial.output, stdout: 'call.cost 900\n' } },
    );
    expect(judged({ 'runsc syscall/calls': '< 2.2x' }, { ...run, trials })[0]).toMatchObject({
      verdict: 'cannot-tell',
    });
  });

  test('during other trials is no matter', () => {
    const run = runOf({
      factors: { runc: 1, runsc: 2, crun: 1 },
      particular: (runtime) => (runtime === 'crun' ? disturbed : {}),
    });
    expect(short(gate, run)).toEqual(['runsc syscall/calls < 3x: holds']);
  });
});

describe('against nights', () => {
  const dates = Array.from({ length: 20 }, (_, i) => `2026-01-${String(i + 1).padStart(2, '0')}`);
  const night = (date: string, crun = 1, more: Partial<Shape> = {}) =>
    runOf({
      factors: { 'runc-pin': 1, runc: 1, 'crun-pin': 0.8, crun: 0.8 * crun },
      baseline: 'runc-pin',
      name: `run-${date}`,
      startedAt: `${date}T02:00:00.000Z`,
      ...more,
    });
  const history = dates.flatMap((date) => linesOf(night(date)));
  const tonight = (crun: number) => night('2026-02-01', crun);
  const gate = (limit: string, vs: 'pinned' | 'last' | 'accepted'): GateSettings => ({
    'crun syscall/calls': { limit, vs },
  });

  test.each(['pinned', 'last', 'accepted'] as const)('%s tells what moved', (vs) => {
    const of = (crun: number, limit: string) => {
      const run = tonight(crun);
      return short(gate(limit, vs), run, [...history, ...linesOf(run)]);
    };
    expect(of(1, '< +10%')).toEqual([`crun syscall/calls < +10% vs ${vs}: holds`]);
    expect(of(1.3, '< +10%')).toEqual([`crun syscall/calls < +10% vs ${vs}: broken`]);
    expect(of(1.1, '< +10%')).toEqual([`crun syscall/calls < +10% vs ${vs}: cannot-tell`]);
  });

  test('last is the night before, and accepted the level that somebody accepted', () => {
    const moved = dates.flatMap((date, i) => linesOf(night(date, i < 19 ? 1 : 1.3)));
    const run = tonight(1.3);
    const all = [...moved, ...linesOf(run)];
    expect(short(gate('< +10%', 'last'), run, all)).toEqual(['crun syscall/calls < +10% vs last: holds']);
    expect(short(gate('< +10%', 'accepted'), run, all)).toEqual([
      'crun syscall/calls < +10% vs accepted: broken',
    ]);
  });

  test('of an alarm that nobody accepted are not part of the accepted level; of an accepted one, they are it', () => {
    const from = dates[3] ?? '';
    const moved = dates.flatMap((date, i) => linesOf(night(date, i < 3 ? 1 : 1.3)));
    const run = tonight(1.3);
    const [line] = linesOf(run);
    const { host } = line ?? { host: '' };
    const series = 'crun ÷ crun-pin syscall/calls call.cost';
    const alarm = alarmLine(from, {
      host,
      series: [{ series, change: 1.3, low: 1.2, high: 1.4, p: 0, nights: 1 }],
    });
    const open = [...moved, ...linesOf(run), alarm];
    expect(why(gate('< +10%', 'accepted'), run, open)).toBe(
      'its accepted level is not known yet: 3 of 14 nights',
    );
    const accept = {
      ...alarm,
      kind: 'accept',
      alarm: alarm.id,
      why: 'wanted',
      at: `${from}T09:00:00.000Z`,
    } as const;
    expect(short(gate('< +10%', 'accepted'), run, [...open, accept])).toEqual([
      'crun syscall/calls < +10% vs accepted: holds',
    ]);
  });

  test('that were disturbed, of another key, or later do not count', () => {
    const run = tonight(1);
    const own = linesOf(run);
    expect(why(gate('< +10%', 'last'), run, own)).toMatch(/no earlier night/);
    expect(why(gate('< +10%', 'last'), run, [...linesOf(night('2026-03-01')), ...own])).toMatch(
      /no earlier night/,
    );
    const noisy = linesOf(night('2026-01-20', 1, { particular: () => disturbed }));
    expect(why(gate('< +10%', 'last'), run, [...noisy, ...own])).toMatch(/no earlier night/);
    const other = linesOf(night('2026-01-20')).map((line) =>
      line.kind === 'headline' ? { ...line, provenance: { ...line.provenance, workload: 'other' } } : line,
    );
    expect(why(gate('< +10%', 'last'), run, [...other, ...own])).toMatch(/no earlier night/);
  });

  test('need a run that is one of them', () => {
    expect(why(gate('< +10%', 'last'), tonight(1), history)).toBe(
      'this run is not a night of the history in history',
    );
    expect(why({ 'crun syscall/others': { limit: '< +10%', vs: 'pinned' } }, tonight(1))).toBe(
      'crun syscall/others was not measured in this run',
    );
    const plain = runOf({ factors: { runc: 1, crun: 1 } });
    expect(why(gate('< +10%', 'pinned'), plain, history)).toMatch(/its pinned copy; ocibench nightly does/);
  });

  test('between which a series wanders are told apart by no less than that', () => {
    const wandering = dates.flatMap((date, i) => linesOf(night(date, Math.exp(0.1 * Math.sin(2 * i)))));
    const run = tonight(1.12);
    const [change] = judged(gate('< +3%', 'accepted'), run, [...wandering, ...linesOf(run)]);
    expect(change).toMatchObject({ verdict: 'cannot-tell' });
    expect((change?.interval?.high ?? 0) / (change?.interval?.low ?? 1)).toBeGreaterThan(1.25);
  });

  test('of categories are there, too', () => {
    const subjects = ['syscall/calls', 'syscall/others'];
    const run = night('2026-02-01', 1.3, { subjects });
    const lines = [...dates.flatMap((date) => linesOf(night(date, 1, { subjects }))), ...linesOf(run)];
    for (const vs of ['pinned', 'last', 'accepted'] as const)
      expect(short({ 'crun syscall': { limit: '< +10%', vs } }, run, lines)).toEqual([
        `crun syscall < +10% vs ${vs}: broken`,
      ]);
  });
});

test('in a comparison, last is the run before', () => {
  const gate = {
    'crun syscall/calls': { limit: '< +10%', vs: 'last' },
    'runc syscall/calls': { limit: '< +10%', vs: 'last' },
  } as const;
  const before = runOf({ factors: { runc: 1, crun: 1 }, name: 'before' });
  const after = runOf({ factors: { runc: 1, crun: 1.3 }, name: 'after' });
  expect(short(gate, after, [], before)).toEqual([
    'crun syscall/calls < +10% vs last: broken',
    // Two sessions of the same software usually differ by more than this limit.
    'runc syscall/calls < +10% vs last: cannot-tell',
  ]);
  expect(short({ 'runc syscall/calls': { limit: '< +30%', vs: 'last' } }, after, [], before)).toEqual([
    'runc syscall/calls < +30% vs last: holds',
  ]);
  expect(short({ 'crun syscall': { limit: '< +10%', vs: 'last' } }, after, [], before)).toEqual([
    'crun syscall < +10% vs last: cannot-tell',
  ]);
});
