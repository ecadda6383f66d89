import { describe, expect, test } from 'vitest';
import { changesBetween } from '../../../../src/features/nightly/history/changes.ts';
import {
  alarmsOf,
  changesTonight,
  newSegments,
  suspectsOf,
} from '../../../../src/features/nightly/history/raise-alarms.ts';
import type { HeadlineLine, HistoryLine } from '../../../../src/features/nightly/history/record.ts';
import { countedLines } from '../../../../src/features/nightly/history/recorded-series.ts';
import { alarmLine, headlineLine, nightLine } from '../../../support/history-lines.ts';

const nights = Array.from({ length: 20 }, (_, i) => `2026-01-${String(i + 1).padStart(2, '0')}`);
const tonight = nights.at(-1) ?? '';
const here = { host: 'h1', run: headlineLine(tonight).run };

const pin = (night: string, changes: Partial<HeadlineLine> = {}) => headlineLine(night, changes);
const frozen = (night: string, changes: Partial<HeadlineLine> = {}) =>
  headlineLine(night, {
    runtime: 'crun-pin',
    reference: 'runc-pin',
    against: 'baseline',
    series: 'crun-pin ÷ runc-pin startup/echo startup.total',
    ...changes,
  });

/**
 * Quiet nights; the last ones are what `last` makes of them, each with a rerun that shows the same. A frozen runtime needs some: what
 * disturbs a night disturbs its rerun as well.
 */
function historyOf(
  make: typeof pin,
  last: (night: string) => Partial<HeadlineLine>,
  more: readonly HistoryLine[] = [],
) {
  const noise = (i: number) => Math.exp(0.01 * Math.sin(3 * i));
  const lines = nights.flatMap((night, i): HistoryLine[] => {
    const estimate = noise(i);
    if (i < nights.length - (make === frozen ? 3 : 1))
      return [make(night, { estimate, logError: 0.01 }), nightLine(night)];
    const moved = { estimate: 1.3 * estimate, logError: 0.01, df: 20, ...last(night) };
    const rerun = make(night, { ...moved, stage: 'confirmation' });
    return [make(night, moved), nightLine(night), rerun, nightLine(night, { stage: 'confirmation' })];
  });
  return countedLines([...lines, ...more]);
}

const program = (version: string, sha256: string) => ({ version, sha256 });
const having = (changes: Partial<HeadlineLine['provenance']>) => ({
  provenance: { ...headlineLine(tonight).provenance, ...changes },
});

describe('a history of two profiles', () => {
  const strict = (night: string, changes: Partial<HeadlineLine> = {}) =>
    headlineLine(night, {
      profile: 'strict',
      series: 'runc ÷ runc-pin startup/echo under strict startup.total',
      ...changes,
    });
  /** Nights of which the last one, and its rerun, are slower where `moves` is asked for. */
  const both = (moves: { readonly plain: number; readonly strict: number }) => {
    const of = (make: typeof pin, night: string, i: number, factor: number): HistoryLine[] => {
      const estimate = Math.exp(0.01 * Math.sin(3 * i));
      if (night !== tonight) return [make(night, { estimate, logError: 0.01 })];
      const last = { estimate: factor * estimate, logError: 0.01, df: 20 };
      return [make(night, last), make(night, { ...last, stage: 'confirmation' })];
    };
    return countedLines(
      nights.flatMap((night, i) => [
        ...of(pin, night, i, moves.plain),
        ...of(strict, night, i + 1, moves.strict),
        nightLine(night, { headlines: 2 }),
        ...(night === tonight ? [nightLine(night, { stage: 'confirmation', headlines: 2 })] : []),
      ]),
    );
  };
  const moved = (history: ReturnType<typeof both>) =>
    alarmsOf(history, here).map(({ series }) => series.map((one) => one.series));

  test('finds what became slower under one of them, names it, and says nothing of the other', () => {
    const slower = both({ plain: 1, strict: 1.3 });
    expect(suspectsOf(slower, here).again.map(({ id }) => id)).toEqual([strict(tonight).series]);
    expect(moved(slower)).toEqual([[strict(tonight).series]]);
  });

  test('has one alarm for a runtime that became slower under both, and none where nothing moved', () => {
    expect(moved(both({ plain: 1.3, strict: 1.3 }))).toEqual([[pin(tonight).series, strict(tonight).series]]);
    expect(moved(both({ plain: 1, strict: 1 }))).toEqual([]);
  });

  test('of which the second began tonight learns it, and goes on with the first as it was', () => {
    const old = historyOf(pin, () => ({}));
    const begun = { ...old, headlines: [...old.headlines, strict(tonight, { estimate: 3 })] };
    expect(alarmsOf(begun, here)).toEqual(alarmsOf(old, here));
    expect(newSegments(begun, here)).toEqual([]);
  });

  test('says that the options changed where nights can no longer be compared', () => {
    const holding = (profile: string) => having({ ...strict(tonight).provenance, profile });
    const before = strict(tonight, holding('aa'));
    expect(changesBetween(before, strict(tonight, holding('bb')))).toEqual([
      { part: 'workload', name: 'profile', before: 'aa', after: 'bb' },
    ]);
  });
});

describe('what moved is told apart', () => {
  test('this runtime, with what changed', () => {
    const found = alarmsOf(
      historyOf(pin, () => having({ runtime: program('runc 1.3.6', 'bb') })),
      here,
    );
    expect(found).toMatchObject([
      {
        id: `${tonight}/1`,
        direction: 'worse',
        since: tonight,
        cause: { kind: 'runtime', changed: [{ what: 'runc', was: 'runc 1.1.15', is: 'runc 1.3.6' }] },
        series: [{ series: 'runc ÷ runc-pin startup/echo startup.total' }],
      },
    ]);
    const [moved] = found[0]?.series ?? [];
    expect(moved?.change).toBeCloseTo(1.3, 1);
    expect(moved?.low).toBeLessThan(moved?.change ?? 0);
    expect(moved?.p).toBeLessThan(1e-6);
  });

  test('this runtime, though nothing that is recorded changed', () => {
    const found = alarmsOf(
      historyOf(pin, () => ({})),
      here,
    );
    expect(found).toMatchObject([{ cause: { kind: 'runtime', changed: [] } }]);
  });

  test('the engine, by its version', () => {
    const found = alarmsOf(
      historyOf(frozen, () => having({ engineVersion: '27.0', containerd: '2.0' })),
      here,
    );
    expect(found).toMatchObject([
      {
        since: nights.at(-3),
        cause: {
          kind: 'engine',
          changed: [
            { what: 'Docker', was: '26.1', is: '27.0' },
            { what: 'containerd', was: '1.7', is: '2.0' },
          ],
        },
      },
    ]);
  });

  test('the host, where nothing changed', () => {
    expect(
      alarmsOf(
        historyOf(frozen, () => ({})),
        here,
      ),
    ).toMatchObject([{ cause: { kind: 'host', changed: [] } }]);
  });

  test('for the better', () => {
    expect(
      alarmsOf(
        historyOf(pin, () => ({ estimate: 0.7 })),
        here,
      ),
    ).toMatchObject([{ direction: 'better' }]);
    expect(
      alarmsOf(
        historyOf(pin, () => ({ better: 'higher' })),
        here,
      ),
    ).toMatchObject([{ direction: 'better' }]);
  });

  test('that is neither better nor worse', () => {
    expect(
      alarmsOf(
        historyOf(pin, () => ({ better: 'neither' })),
        here,
      ),
    ).toMatchObject([{ direction: 'other' }]);
  });
});

test('a category alarms in which no subject does, and is measured again with all of them', () => {
  const whole = {
    workload: 'startup',
    metric: 'cost',
    unit: 'ratio',
    series: 'runc ÷ runc-pin startup cost',
  } as const;
  const member = (night: string, workload: string, estimate: number) =>
    pin(night, { workload, series: `runc ÷ runc-pin ${workload} startup.total`, estimate, logError: 0.2 });
  const names = Array.from({ length: 9 }, (_, i) => `startup/${i}`);
  const lines = nights.flatMap((night, i): HistoryLine[] => {
    const moved = night === tonight ? 1.15 : 1;
    const own = { ...whole, estimate: moved * Math.exp(0.005 * Math.sin(3 * i)), logError: 0.01, df: 60 };
    const members = names.map((name, j) => member(night, name, moved * Math.exp(0.2 * Math.sin(3 * i + j))));
    return [...members, pin(night, own), nightLine(night)];
  });
  expect(suspectsOf(countedLines(lines), here).again.map(({ id }) => id)).toEqual([whole.series]);
  const rerun = pin(tonight, { ...whole, estimate: 1.15, logError: 0.005, df: 99, stage: 'confirmation' });
  const found = alarmsOf(
    countedLines([...lines, rerun, nightLine(tonight, { stage: 'confirmation' })]),
    here,
  );
  expect(found).toMatchObject([{ direction: 'worse', series: [{ series: whole.series }] }]);
});

describe('there is no alarm', () => {
  test('of a quiet night', () => {
    const quiet = historyOf(pin, () => ({ estimate: 1.001 }));
    expect(suspectsOf(quiet, here).again).toEqual([]);
    expect(alarmsOf(quiet, here)).toEqual([]);
  });

  test('of what is open already', () => {
    const night = nights.at(-2) ?? '';
    const known = historyOf(pin, () => ({}), [
      pin(night, { estimate: 1.3, logError: 0.01 }),
      alarmLine(night, {
        series: [
          {
            series: 'runc ÷ runc-pin startup/echo startup.total',
            change: 1.3,
            low: 1.2,
            high: 1.4,
            p: 0,
            nights: 1,
          },
        ],
      }),
    ]);
    expect(suspectsOf(known, here).again).toEqual([]);
    expect(alarmsOf(known, here)).toEqual([]);
  });

  test('of another host, or another run', () => {
    const history = historyOf(pin, () => ({}));
    expect(alarmsOf(history, { ...here, host: 'h2' })).toEqual([]);
    expect(alarmsOf(history, { ...here, run: 'other' })).toEqual([]);
    expect(suspectsOf(history, { ...here, host: 'h2' }).again).toEqual([]);
  });

  test('of a night with another kernel, which is named and ends no comparison', () => {
    const history = historyOf(pin, () => ({ estimate: 1, ...having({ kernel: '6.13' }) }));
    expect(alarmsOf(history, here)).toEqual([]);
    expect(newSegments(history, here)).toEqual([]);
    expect(changesTonight(history, here)).toEqual([
      { part: 'kernel', name: 'kernel', before: '6.12.1', after: '6.13' },
    ]);
  });

  test('of a night with another key, which begins a segment and says why', () => {
    const image = having({ image: '0123456789abcdef', kernel: '6.13' });
    const history = historyOf(pin, () => image);
    expect(alarmsOf(history, here)).toEqual([]);
    expect(newSegments(history, here)).toEqual([
      {
        changes: [
          { part: 'kernel', name: 'kernel', before: '6.12.1', after: '6.13' },
          { part: 'workload', name: 'image', before: 'i', after: '0123456789ab' },
        ],
        series: ['runc ÷ runc-pin startup/echo startup.total'],
      },
    ]);
    expect(
      newSegments(
        historyOf(pin, () => ({})),
        here,
      ),
    ).toEqual([]);
  });
});

test('of a daemon that somebody has edited, each setting is told; of a line of before, none', () => {
  const daemon = { storageDriver: 'overlay2', seccomp: 'builtin', userns: 'none', icc: 'true' };
  const line = (settings?: Readonly<Record<string, string>>) =>
    headlineLine(tonight, settings === undefined ? {} : having({ daemon: settings }));
  const edited = { ...daemon, storageDriver: 'vfs', seccomp: '/etc/s.json (sha256 aa)', userns: '1000:1000' };
  expect(changesBetween(line(daemon), line(edited))).toEqual([
    { part: 'engine', name: 'storageDriver', before: 'overlay2', after: 'vfs' },
    { part: 'engine', name: 'seccomp', before: 'builtin', after: '/etc/s.json (sha256 aa)' },
    { part: 'engine', name: 'userns', before: 'none', after: '1000:1000' },
  ]);
  // A daemon.json that could not be read that night is no edit.
  const { icc: _, ...unread } = daemon;
  expect(changesBetween(line(daemon), line(unread))).toEqual([]);
  expect(changesBetween(line(unread), line(daemon))).toEqual([]);
  expect(changesBetween(line(), line(edited))).toEqual([]);
});

test('of one version, the checksums of program and sidecars are told', () => {
  const change = (was: object, is: object) =>
    changesBetween(
      headlineLine('2026-01-01', having({ runtime: { ...program('runc 1', 'aaaa'), ...was } })),
      headlineLine('2026-01-02', having({ runtime: { ...program('runc 1', 'aaaa'), ...is } })),
    ).map(({ before, after }) => `${before} → ${after}`);
  expect(change({}, {})).toEqual([]);
  expect(change({}, { sha256: 'bbbb' })).toEqual(['runc 1 sha256 aaaa → runc 1 sha256 bbbb']);
  expect(change({ sidecars: 'cc' }, { sidecars: 'dd' })).toEqual([
    'runc 1 sha256 aaaa sha256 cc → runc 1 sha256 aaaa sha256 dd',
  ]);
  expect(change({}, { version: 'runc 2', sha256: 'bbbb' })).toEqual(['runc 1 → runc 2']);
});
