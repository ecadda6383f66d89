import type { AcceptLine, AlarmLine, BegunLine, HeadlineLine, HistoryLine, NightLine } from './record.ts';
import { comparisonKey, type Measure, type Night, type NightSeries } from './series.ts';

/** The valid lines of a history without duplicates, oldest first. */
export interface History {
  readonly headlines: readonly HeadlineLine[];
  readonly nights: readonly NightLine[];
  /** Nights without an end: still running, or killed. */
  readonly unended: readonly BegunLine[];
  readonly alarms: readonly AlarmLine[];
  readonly accepted: readonly AcceptLine[];
}

/**
 * Selects the valid lines of a history. Headlines need their night line, which is written last: it is missing if the writer
 * died. A run, an alarm or an acceptance that was written twice counts once.
 */
export function countedLines(lines: readonly HistoryLine[]): History {
  const begun = new Map<string, BegunLine>();
  const nights = new Map<string, NightLine>();
  const headlines = new Map<string, HeadlineLine>();
  const alarms = new Map<string, AlarmLine>();
  const accepted = new Map<string, AcceptLine>();
  for (const line of lines)
    switch (line.kind) {
      case 'begun':
        begun.set(`${line.host} ${line.at}`, line);
        break;
      case 'night':
        nights.set(line.run === null ? `${line.host} ${line.at}` : runKey(line), line);
        break;
      case 'headline':
        headlines.set(`${runKey(line)} ${line.series}`, line);
        break;
      case 'alarm':
        alarms.set(`${line.host} ${line.id}`, line);
        break;
      case 'accept':
        accepted.set(`${line.host} ${line.alarm}`, line);
        break;
    }
  for (const { host, began } of nights.values()) begun.delete(`${host} ${began}`);
  return {
    headlines: inOrder([...headlines.values()].filter((line) => nights.has(runKey(line)))),
    nights: inOrder([...nights.values()]),
    unended: inOrder([...begun.values()]),
    alarms: inOrder([...alarms.values()]),
    accepted: inOrder([...accepted.values()]),
  };
}

function runKey({ run, stage, host }: Pick<HeadlineLine, 'run' | 'stage' | 'host'> | NightLine): string {
  return [host, run, stage].join(' ');
}

/** Stable sort by time. A clock that was set back can reorder nights, but never drops one. */
function inOrder<T extends { readonly at: string }>(lines: readonly T[]): readonly T[] {
  return lines.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** A series with its lines. */
export interface RecordedSeries extends NightSeries {
  /** Lines of stage `night`, oldest first: one per night. */
  readonly lines: readonly HeadlineLine[];
}

/**
 * Alarms of a host that somebody has accepted → why. Accepting a later alarm of the same series accepts those before it: what is
 * accepted is the level that the series have since.
 */
export function acceptedAlarms(
  { alarms, accepted }: Pick<History, 'alarms' | 'accepted'>,
  host: string,
): ReadonlyMap<string, string> {
  const reasons = new Map(
    accepted.filter((line) => line.host === host).map(({ alarm, why }) => [alarm, why] as const),
  );
  const own = alarms.filter((alarm) => alarm.host === host);
  /** Series → why the newest accepted alarm that moved it was accepted. */
  const later = new Map<string, string>();
  return new Map(
    own.toReversed().flatMap((alarm): readonly (readonly [string, string])[] => {
      const inherited = alarm.series.map(({ series }) => later.get(series));
      const why = reasons.get(alarm.id) ?? (inherited.includes(undefined) ? undefined : inherited[0]);
      if (why === undefined) return [];
      for (const { series } of alarm.series) if (!later.has(series)) later.set(series, why);
      return [[alarm.id, why]];
    }),
  );
}

/** Alarms that nobody has accepted, oldest first. */
export function openAlarms(history: Pick<History, 'alarms' | 'accepted'>): readonly AlarmLine[] {
  const hosts = new Set(history.alarms.map(({ host }) => host));
  const done = new Map([...hosts].map((host) => [host, acceptedAlarms(history, host)]));
  return history.alarms.filter(({ id, host }) => !done.get(host)?.has(id));
}

/** A series that none of this many last nights measured is gone. */
const recentNights = 7;

/** The runs of the last nights of a host that measured anything. */
export function recentRuns({ nights }: Pick<History, 'nights'>, host: string): ReadonlySet<string> {
  const runs = nights.flatMap(({ run, headlines, stage, host: own }) =>
    own === host && stage === 'night' && run !== null && headlines > 0 ? [run] : [],
  );
  return new Set(runs.slice(-recentNights));
}

/** The estimate of a line in the detector's form. */
function measureOf({ estimate, logError, df }: HeadlineLine): Measure {
  return { log: Math.log(estimate), se: logError, df };
}

/** Every series of this host. A night with two runs counts with both. */
export function recordedSeries(
  { headlines, alarms, accepted }: History,
  host: string,
): readonly RecordedSeries[] {
  const done = acceptedAlarms({ alarms, accepted }, host);
  // A line that another program wrote may lack a valid estimate.
  const own = headlines.filter((line) => line.host === host && line.df >= 1);
  return [...Map.groupBy(own, ({ series }) => series)].flatMap(([id, all]) => {
    const lines = all.filter(({ stage }) => stage === 'night');
    const [first] = lines;
    if (first === undefined) return [];
    const moves = alarms.flatMap((alarm) =>
      alarm.host !== host
        ? []
        : alarm.series.flatMap(({ series, change, since = alarm.since, sinceRun }) =>
            series === id ? [{ ...alarm, change, since, sinceRun }] : [],
          ),
    );
    return {
      id,
      against: first.against === 'none' ? 'null' : first.against,
      nights: lines.map((line) => nightOf(line, all)),
      lines,
      moves: moves.map(({ id: alarm, since, sinceRun, night, run, change }) => ({
        id: alarm,
        since,
        night,
        run,
        change: Math.log(change),
        accepted: done.has(alarm),
        ...(sinceRun === undefined ? {} : { sinceRun }),
      })),
    } satisfies RecordedSeries;
  });
}

function nightOf(line: HeadlineLine, all: readonly HeadlineLine[]): Night {
  const rerun = all.find(({ stage, run }) => stage === 'confirmation' && run === line.run);
  return {
    ...measureOf(line),
    ...(line.counts === undefined ? {} : { counts: line.counts }),
    night: line.night,
    run: line.run,
    key: comparisonKey(line),
    ...(rerun === undefined ? {} : { confirmation: measureOf(rerun) }),
  };
}
