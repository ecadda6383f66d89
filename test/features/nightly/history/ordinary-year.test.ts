import { expect, test } from 'vitest';
import { seededRandom } from '../../../../src/core/model/prng.ts';
import { levelNights } from '../../../../src/features/nightly/history/detector.ts';
import { alarmsOf, suspectsOf } from '../../../../src/features/nightly/history/raise-alarms.ts';
import type {
  AlarmLine,
  HeadlineLine,
  HistoryLine,
} from '../../../../src/features/nightly/history/record.ts';
import {
  acceptedAlarms,
  countedLines,
  recordedSeries,
} from '../../../../src/features/nightly/history/recorded-series.ts';
import { detect } from '../../../../src/features/nightly/history/suspicion.ts';
import { gaussian } from '../../../core/analyze/simulated-run.ts';
import { alarmLine, headlineLine, nightLine } from '../../../support/history-lines.ts';
import { nightName, nightsAround } from './nights.ts';

/** What a host is in a night, and by how much that moves things. */
interface HostNight {
  /** Log by which runc is slower than its copy. */
  readonly runc?: number;
  /** Log by which everything is slower, the copies too. */
  readonly ground?: number;
  readonly provenance?: Partial<HeadlineLine['provenance']>;
}

const day = (i: number) => new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10);
const version = (name: string) => ({ version: `runc ${name}`, sha256: name });

/** A year's nights with a standard error of 1 %, under the guard: suspects are measured again, and nothing is accepted. */
function alarmsIn(nights: number, hostOf: (night: number) => HostNight): readonly AlarmLine[] {
  const random = seededRandom('an ordinary year');
  const lines: HistoryLine[] = [];
  const alarms: AlarmLine[] = [];
  for (let i = 0; i < nights; i++) {
    const { runc = 0, ground = 0, provenance = {} } = hostOf(i);
    const night = day(i);
    const measured = (name: 'pin' | 'none', stage: HeadlineLine['stage']) => {
      const se = stage === 'night' ? 0.01 : 0.0045;
      const base = headlineLine(night);
      const own: Partial<HeadlineLine> =
        name === 'pin'
          ? {}
          : {
              runtime: 'runc-pin',
              against: 'none',
              reference: null,
              series: 'runc-pin startup/echo startup.total',
            };
      const ofCopy = name === 'pin' ? {} : { runtime: version('pin'), reference: null };
      return {
        ...base,
        ...own,
        stage,
        df: stage === 'night' ? 11 : 59,
        logError: se,
        low: null,
        high: null,
        estimate: Math.exp((name === 'pin' ? runc : ground) + se * gaussian(random)),
        provenance: {
          ...base.provenance,
          reference: version('pin'),
          runtime: version('1.1.15'),
          ...provenance,
          ...ofCopy,
        },
      };
    };
    lines.push(measured('pin', 'night'), measured('none', 'night'), nightLine(night, { headlines: 2 }));
    const here = { host: 'h1', run: headlineLine(night).run };
    const suspects = suspectsOf(countedLines(lines), here).again;
    for (const { against } of suspects)
      lines.push(measured(against === 'pin' ? 'pin' : 'none', 'confirmation'));
    if (suspects.length > 0)
      lines.push(nightLine(night, { stage: 'confirmation', headlines: suspects.length }));
    const tonight = alarmsOf(countedLines(lines), here);
    alarms.push(...tonight);
    lines.push(...tonight);
  }
  return alarms;
}

const told = (alarms: readonly AlarmLine[]) =>
  alarms.map(({ night, direction, cause, series }) => [
    night,
    direction,
    cause.kind,
    ...series.map(({ series: name, change }) => `${name.split(' startup')[0]} ${change.toFixed(1)}`),
  ]);

const slower = Math.log(1.2);
const kernel = { kernel: '6.12.9' };

test('a kernel and a slower runtime in the same night: the runtime alarms, and its program is named', () => {
  const upgrade = { ...kernel, runtime: version('1.3.6') };
  const found = alarmsIn(60, (i) => (i < 30 ? {} : { runc: slower, provenance: upgrade }));
  expect(told(found)).toEqual([[day(30), 'worse', 'runtime', 'runc ÷ runc-pin 1.2']]);
  expect(found[0]?.cause.changed).toEqual([{ what: 'runc', was: 'runc 1.1.15', is: 'runc 1.3.6' }]);
});

test('a kernel, and ten nights later a slower runtime', () => {
  const found = alarmsIn(80, (i) => ({ runc: i < 40 ? 0 : slower, provenance: i < 30 ? {} : kernel }));
  expect(told(found)).toEqual([[day(40), 'worse', 'runtime', 'runc ÷ runc-pin 1.2']]);
});

test('a kernel every 13 nights, and a slower runtime in one of them', () => {
  const found = alarmsIn(100, (i) => ({
    runc: i < 39 ? 0 : slower,
    provenance: { kernel: `6.12.${Math.floor(i / 13)}` },
  }));
  expect(told(found)).toEqual([[day(39), 'worse', 'runtime', 'runc ÷ runc-pin 1.2']]);
});

test('a slower kernel alarms as the kernel, and a slower runtime of that night as the runtime', () => {
  const both = { ...kernel, runtime: version('1.3.6') };
  const found = alarmsIn(70, (i) =>
    i < 30 ? {} : { runc: slower, ground: Math.log(1.3), provenance: both },
  );
  const [first, ...others] = told(found);
  expect(first).toEqual([day(30), 'worse', 'runtime', 'runc ÷ runc-pin 1.2']);
  expect(others.map(([, ...what]) => what)).toEqual([['worse', 'kernel', 'runc-pin 1.3']]);
});

test('a daemon.json that somebody edits: the alarm names the setting', () => {
  const before = { storageDriver: 'overlay2', seccomp: 'builtin' };
  const found = alarmsIn(70, (i) => ({
    ground: i < 30 ? 0 : Math.log(1.3),
    provenance: { daemon: i < 30 ? before : { ...before, storageDriver: 'vfs' } },
  }));
  expect(told(found).map(([, ...what]) => what)).toEqual([['worse', 'engine', 'runc-pin 1.3']]);
  expect(found[0]?.cause.changed).toEqual([{ what: 'storageDriver', was: 'overlay2', is: 'vfs' }]);
});

test('a second step alarms while the first is open, and so does its end', () => {
  const found = alarmsIn(80, (i) => ({
    runc: Math.log(i < 30 ? 1 : i < 40 ? 1.07 : i < 55 ? 1.5 : 1.07),
  }));
  expect(told(found)).toEqual([
    [day(30), 'worse', 'runtime', 'runc ÷ runc-pin 1.1'],
    [day(40), 'worse', 'runtime', 'runc ÷ runc-pin 1.4'],
    [day(55), 'better', 'runtime', 'runc ÷ runc-pin 0.7'],
  ]);
});

test('a history of before, whose lines hold the kernel in their key, goes on', () => {
  const lines = Array.from({ length: 40 }, (_, i): HistoryLine[] => {
    const line = headlineLine(day(i), { estimate: Math.exp(0.001 * Math.sin(i)), logError: 0.01 });
    const old = { ...line, key: i < 20 ? 'a' : 'b' };
    return [old, nightLine(day(i))];
  });
  const tonight = headlineLine(day(40), { estimate: 1.2, logError: 0.01, df: 11 });
  const history = countedLines([...lines.flat(), tonight, nightLine(day(40))]);
  expect(suspectsOf(history, { host: 'h1', run: tonight.run }).again.map(({ id }) => id)).toEqual([
    tonight.series,
  ]);
});

test('accepting the later of two alarms accepts the level, and with it the earlier one', () => {
  const night = day(40);
  const alarm = (id: string, of: readonly string[]): AlarmLine => ({
    ...alarmLine(night),
    id,
    series: of.map((series) => ({ series, change: 1.1, low: 1, high: 1.2, p: 0, nights: 1 })),
  });
  const alarms = [alarm('1', ['a', 'b']), alarm('2', ['a']), alarm('3', ['c']), alarm('4', ['a', 'b'])];
  const accept = { kind: 'accept', schema: 1, night, at: '2026-03-01T00:00:00Z', host: 'h1' } as const;
  const accepted = (id: string) =>
    [
      ...acceptedAlarms({ alarms, accepted: [{ ...accept, alarm: id, why: 'wanted' }] }, 'h1').keys(),
    ].toSorted();
  expect(accepted('4')).toEqual(['1', '2', '4']);
  expect(accepted('2')).toEqual(['2']);
  expect(accepted('3')).toEqual(['3']);
});

test('an alarm of before another copy was pinned says nothing of the new level', () => {
  const nights = nightsAround(60, (i) => (i < 20 ? 0 : 0.2)).map((one, i) => ({
    ...one,
    run: `r${i}`,
    key: i < 30 ? 'old' : 'new',
  }));
  const move = {
    id: '1',
    since: nightName(20),
    night: nightName(20),
    run: 'r20',
    change: 0.2,
    accepted: false,
  };
  const series = { id: 'a', against: 'pin', nights } as const;
  expect(detect({ ...series, moves: [move] })).toMatchObject({ kind: 'quiet' });
  const second = nights.map((one, i) => (i < 50 ? one : { ...one, log: one.log + 0.1 }));
  const later = { ...move, id: '2', since: nightName(50), night: nightName(50), run: 'r50', change: 0.1 };
  expect(detect({ ...series, nights: second, moves: [move, later] })).toMatchObject({
    kind: 'standing',
    alarm: '2',
  });
});

test('an upgrade between the evening of learning and a night of the same day (UTC) is named, and is the level from then on', () => {
  const of = (night: string, run: string, own: Partial<HeadlineLine>) => [
    { ...headlineLine(night), run, df: 71, logError: 0.005, low: null, high: null, ...own },
    nightLine(night, { run, ...(own.stage === undefined ? {} : { stage: own.stage }) }),
  ];
  const upgraded = (estimate: number) => ({
    estimate,
    provenance: { ...headlineLine(day(0)).provenance, runtime: version('1.3.6') },
  });
  const [evening, first] = ['20260101-010000-aaaa', '20260101-090000-bbbb'];
  const lines: HistoryLine[] = [
    ...of(day(0), evening, { estimate: 1, counts: 14 }),
    ...of(day(0), first, upgraded(1.2)),
    ...of(day(0), first, { ...upgraded(1.2), stage: 'confirmation' }),
  ];
  const [alarm] = alarmsOf(countedLines(lines), { host: 'h1', run: first });
  expect(alarm?.cause.changed.map(({ is }) => is)).toEqual(['runc 1.3.6']);
  expect(alarm?.series[0]).toMatchObject({ since: day(0), sinceRun: first });
  const after = [...lines, ...(alarm === undefined ? [] : [alarm]), ...of(day(1), 'r3', upgraded(1.2))];
  const [series] = recordedSeries(countedLines(after), 'h1');
  expect(series && levelNights(series)).toHaveLength(2);
  expect(series && detect(series)).toMatchObject({ kind: 'standing', nights: 2, again: null });
});
