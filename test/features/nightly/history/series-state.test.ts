import { describe, expect, test } from 'vitest';
import type { HeadlineLine, HistoryLine } from '../../../../src/features/nightly/history/record.ts';
import { countedLines } from '../../../../src/features/nightly/history/recorded-series.ts';
import { evaluateSeries, judgeSeries } from '../../../../src/features/nightly/history/series-state.ts';
import { alarmLine, headlineLine, nightLine } from '../../../support/history-lines.ts';

const day = (i: number) => new Date(Date.UTC(2026, 8, 1 + i)).toISOString().slice(0, 10);
const nights = (count: number, changes: (i: number) => Partial<HeadlineLine> = () => ({})) =>
  Array.from({ length: count }, (_, i) => [
    headlineLine(day(i), { logError: 0.01, ...changes(i) }),
    nightLine(day(i)),
  ]).flat();
const verdictOf = (lines: readonly HistoryLine[]) => {
  const [state] = evaluateSeries(countedLines(lines), 'h1');
  return state === undefined ? null : judgeSeries(state);
};

describe('the verdict on a series', () => {
  test('is that it learns, then that it is steady', () => {
    expect(verdictOf(nights(5))).toEqual({ kind: 'learning', nights: 5, least: 14 });
    expect(verdictOf(nights(40))).toMatchObject({ kind: 'steady', change: { ratio: 1 } });
  });

  test('is open where a figure is too uncertain to tell', () => {
    expect(verdictOf(nights(40, () => ({ logError: 0.2 })))).toMatchObject({ kind: 'wide' });
  });

  test('is that it moved after an alarm, and that it returned', () => {
    const moved = (until: number) => (i: number) => (i >= 40 && i < until ? { estimate: 1.2 } : {});
    const change = { change: 1.2, low: 1.15, high: 1.25, p: 1e-6, nights: 41 };
    const alarm = alarmLine(day(41), {
      since: day(40),
      series: [{ series: headlineLine(day(0)).series, ...change }],
    });
    const standing = [...nights(46, moved(99)), alarm];
    expect(verdictOf(standing)).toMatchObject({ kind: 'moved', direction: 'worse' });
    expect(evaluateSeries(countedLines(standing), 'h1')[0]?.alarm).toEqual(alarm);
    expect(verdictOf([...nights(56, moved(46)), alarm])).toMatchObject({ kind: 'returned' });
    const higher = (i: number) => ({ ...moved(99)(i), better: 'higher' as const });
    expect(verdictOf([...nights(46, higher), alarm])).toMatchObject({ direction: 'better' });
  });

  test('is of no recent night when the last nights have not measured it', () => {
    const other = (i: number) => [headlineLine(day(i), { series: 'other' }), nightLine(day(i))];
    const later = Array.from({ length: 8 }, (_, i) => other(20 + i)).flat();
    const states = evaluateSeries(countedLines([...nights(20), ...later]), 'h1');
    expect(states.map(({ series, isRecent }) => [series.id === 'other', isRecent])).toEqual([
      [false, false],
      [true, true],
    ]);
  });
});
