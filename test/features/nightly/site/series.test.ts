import { describe, expect, test } from 'vitest';
import type { HeadlineLine, HistoryLine } from '../../../../src/features/nightly/history/record.ts';
import { countedLines } from '../../../../src/features/nightly/history/recorded-series.ts';
import { calendarDays } from '../../../../src/features/nightly/site/calendar.ts';
import { levelParts, marksOf } from '../../../../src/features/nightly/site/heads.ts';
import { hostViews } from '../../../../src/features/nightly/site/series-view.ts';
import { alarmLine, headlineLine, nightLine } from '../../../support/history-lines.ts';

const day = (i: number) => new Date(Date.UTC(2026, 8, 1 + i)).toISOString().slice(0, 10);
const night = (i: number, changes: Partial<HeadlineLine> = {}): readonly HistoryLine[] => [
  headlineLine(day(i), { logError: 0.01, ...changes }),
  nightLine(day(i)),
];
const nights = (count: number, changes: (i: number) => Partial<HeadlineLine> = () => ({})) =>
  Array.from({ length: count }, (_, i) => night(i, changes(i))).flat();
const only = (lines: readonly HistoryLine[]) => {
  const [view] = hostViews(countedLines(lines));
  const [series] = view?.series ?? [];
  if (view === undefined || series === undefined) throw new Error('no series');
  return { view, series };
};

describe('the state of a series', () => {
  test('is being learnt, then steady', () => {
    expect(only(nights(5)).series.state.kind).toBe('learning');
    expect(only(nights(40)).series.state).toMatchObject({ kind: 'steady', direction: null });
  });

  test('has moved after an alarm, and returns', () => {
    const moved = (until: number) => (i: number) => (i >= 40 && i < until ? { estimate: 1.2 } : {});
    const alarm = alarmLine(day(41), {
      since: day(40),
      series: [
        { series: headlineLine(day(0)).series, change: 1.2, low: 1.15, high: 1.25, p: 1e-6, nights: 41 },
      ],
    });
    expect(only([...nights(46, moved(99)), alarm]).series.state).toMatchObject({
      kind: 'moved',
      direction: 'worse',
    });
    expect(only([...nights(56, moved(46)), alarm]).series.state.kind).toBe('returned');
    const higher = (i: number) => ({ ...moved(99)(i), better: 'higher' as const });
    expect(only([...nights(46, higher), alarm]).series.state.direction).toBe('better');
  });

  test('is gone when the last nights have not measured it', () => {
    const other = (i: number) => [headlineLine(day(i), { series: 'other' }), nightLine(day(i))];
    const later = Array.from({ length: 8 }, (_, i) => other(20 + i)).flat();
    const { view } = only([...nights(20), ...later]);
    expect(view.series.find(({ recorded }) => recorded.id !== 'other')?.state.kind).toBe('gone');
  });
});

test('a level ends where a segment or an accepted change begins', () => {
  const { provenance } = headlineLine(day(0));
  const lines = nights(30, (i) => ({
    provenance: { ...provenance, workload: i < 10 ? 'a' : 'b' },
    estimate: i < 10 ? 1 : i < 20 ? 1.5 : 2,
  }));
  const alarm = alarmLine(day(21), { since: day(20) });
  const accept: HistoryLine = {
    kind: 'accept',
    schema: 1,
    night: day(22),
    at: `${day(22)}T09:00:00.000Z`,
    host: 'h1',
    alarm: alarm.id,
    why: 'wanted',
  };
  const { series } = only([...lines, alarm, accept]);
  const parts = levelParts(series.recorded);
  expect(parts.map(({ from, nights: n }) => [from.slice(0, 10), n])).toEqual([
    [day(0), 10],
    [day(10), 10],
    [day(20), 10],
  ]);
  expect(parts.map(({ value }) => value)).toEqual([1, 1.5, 2].map((value) => expect.closeTo(value, 5)));
});

test('another version is marked, and another key as well, with what changed', () => {
  const { provenance } = headlineLine(day(0));
  const lines = nights(3, (i) => ({
    provenance: {
      ...provenance,
      image: i === 2 ? 'other' : provenance.image,
      runtime: i === 0 ? provenance.runtime : { version: 'runc 1.3.6', sha256: 'bb' },
    },
  }));
  expect(marksOf(only(lines).series.recorded.lines)).toEqual([
    {
      at: expect.any(String),
      night: day(1),
      kind: 'version',
      changes: [{ what: 'runc', was: 'runc 1.1.15', is: 'runc 1.3.6' }],
    },
    {
      at: expect.any(String),
      night: day(2),
      kind: 'segment',
      changes: [{ what: 'image', was: 'i', is: 'other' }],
    },
  ]);
});

test('a calendar has the days from the first night on, and each what its nights were', () => {
  const lines = [
    nightLine('2026-11-24'),
    nightLine('2026-11-25', { status: 'skipped', run: null }),
    nightLine('2026-11-25', { at: '2026-11-25T05:00:00.000Z', disturbed: 0.5 }),
    nightLine('2026-11-27', { status: 'failed', run: null }),
    alarmLine('2026-11-27'),
  ];
  const [view] = hostViews(countedLines(lines));
  expect(calendarDays(view ?? { nights: [], alarms: [] })).toEqual([
    { day: '2026-11-24', week: 0, weekday: 1, look: 'measured', alarms: 0 },
    { day: '2026-11-25', week: 0, weekday: 2, look: 'disturbed', alarms: 0 },
    { day: '2026-11-26', week: 0, weekday: 3, look: 'missing', alarms: 0 },
    { day: '2026-11-27', week: 0, weekday: 4, look: 'failed', alarms: 1 },
  ]);
});
