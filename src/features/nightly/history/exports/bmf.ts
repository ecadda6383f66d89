import { plainText } from '../../../../report/sanitize.ts';
import type { HeadlineLine } from '../record.ts';
import { type HistoryExporter, leftOut, oneFile } from './exporter.ts';
import { measuredTonight } from './newest-night.ts';

/** A metric of Bencher. */
interface Metric {
  readonly value: number;
  readonly lower_value?: number;
  readonly upper_value?: number;
}

/** Maximum lengths of names in Bencher, characters. */
const longest = { benchmark: 1024, measure: 64 } as const;

/**
 * The figures of the newest night in Bencher's metric format (https://bencher.dev/bmf.json). A measure is a metric, or the
 * ratio of a metric: thresholds of Bencher need one direction per measure.
 */
export const bmf: HistoryExporter = (source) => {
  const lines = measuredTonight(source);
  if (lines.length === 0) return oneFile('bmf.json', null, leftOut.nothing);
  const benchmarks = Object.fromEntries(
    lines.map((line): readonly [string, Readonly<Record<string, Metric>>] => [
      plainText(line.series).slice(0, longest.benchmark).toWellFormed(),
      { [measureOf(line)]: metricOf(line) },
    ]),
  );
  return oneFile('bmf.json', `${JSON.stringify(benchmarks, null, 1)}\n`);
};

function measureOf({ metric, against, unit }: HeadlineLine): string {
  const kind = against === 'none' ? `(${unit})` : 'ratio';
  const room = longest.measure - kind.length - 1;
  return `${plainText(metric).slice(0, room).toWellFormed()} ${kind}`;
}

function metricOf({ estimate, low, high }: HeadlineLine): Metric {
  return {
    value: estimate,
    ...(low === null ? {} : { lower_value: low }),
    ...(high === null ? {} : { upper_value: high }),
  };
}
