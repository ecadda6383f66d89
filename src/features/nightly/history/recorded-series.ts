import type { History } from './nights.ts';
import type { HeadlineLine } from './record.ts';
import type { Measure, Night, OpenAlarm, Series } from './series.ts';

/** A series with the lines that it is made of. */
export interface RecordedSeries extends Series {
  /** Of the night's own run, oldest first: as many as nights. */
  readonly lines: readonly HeadlineLine[];
}

/** What a line measured, as the detector takes it. */
function measureOf({ estimate, logError, df }: HeadlineLine): Measure {
  return { log: Math.log(estimate), se: logError, df };
}

/** Every series of this host. A night whose run measured twice counts with both. */
export function recordedSeries(
  { headlines, alarms, accepted }: History,
  host: string,
): readonly RecordedSeries[] {
  const done = new Set(accepted.filter((line) => line.host === host).map(({ alarm }) => alarm));
  // A line that somebody else wrote may hold what is no estimate.
  const own = headlines.filter((line) => line.host === host && line.df >= 1);
  return [...Map.groupBy(own, ({ series }) => series)].flatMap(([id, all]) => {
    const lines = all.filter(({ stage }) => stage === 'night');
    const [first] = lines;
    if (first === undefined) return [];
    const moves = alarms.flatMap((alarm) =>
      alarm.host !== host
        ? []
        : alarm.series.flatMap(({ series, change }) => (series === id ? [{ ...alarm, change }] : [])),
    );
    const open = moves.findLast((move) => !done.has(move.id));
    return {
      id,
      against: first.against === 'none' ? 'null' : first.against,
      nights: lines.map((line) => nightOf(line, all)),
      lines,
      accepted: moves.filter((move) => done.has(move.id)).map(({ since }) => since),
      ...(open === undefined ? {} : { open: openOf(open) }),
    } satisfies RecordedSeries;
  });
}

function nightOf(line: HeadlineLine, all: readonly HeadlineLine[]): Night {
  const rerun = all.find(({ stage, run }) => stage === 'confirmation' && run === line.run);
  const { night, key } = line;
  return {
    ...measureOf(line),
    night,
    key,
    ...(rerun === undefined ? {} : { confirmation: measureOf(rerun) }),
  };
}

function openOf({ since, change }: { readonly since: string; readonly change: number }): OpenAlarm {
  return { since, change: Math.log(change) };
}
