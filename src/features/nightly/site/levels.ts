import { level } from '../history/level.ts';
import type { RecordedSeries } from '../history/recorded-series.ts';
import { rules } from '../history/rules.ts';
import { segmentsOf } from '../history/segments.ts';
import type { LevelPart } from './data.ts';

/** The levels of a series one after the other: each segment has its own, and so has what follows an alarm. */
export function levelParts({ nights, lines, against, accepted, open }: RecordedSeries): readonly LevelPart[] {
  const changes = [...(accepted ?? []), ...(open === undefined ? [] : [open.since])];
  const parts: LevelPart[] = [];
  let place = 0;
  for (const segment of segmentsOf(nights)) {
    const starts = segment.nights.flatMap(({ night }, i) => {
      const before = segment.nights[i - 1]?.night;
      const begins = changes.some((since) => since <= night && (before === undefined || since > before));
      return i === 0 || begins ? [i] : [];
    });
    starts.forEach((start, i) => {
      const own = segment.nights.slice(start, starts[i + 1]);
      const [first, last] = [lines[place + start], lines[place + start + own.length - 1]];
      if (first === undefined || last === undefined) return;
      const value = Math.exp(level(own, rules[against]).log);
      parts.push({ from: first.at, to: last.at, nights: own.length, value });
    });
    place += segment.nights.length;
  }
  return parts;
}
