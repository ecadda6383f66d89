import { listed } from '../../../../core/messages/compose.ts';
import { plainDecimal } from '../../../../core/messages/number.ts';
import type { HeadlineLine } from '../record.ts';
import { type HistoryExporter, leftOut } from './exporter.ts';
import { measuredTonight } from './newest-night.ts';

/** `BenchmarkResult` of benchmark-action/github-action-benchmark. */
interface Entry {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly range: string;
  readonly extra: string;
}

/** One file per direction: the action supports one direction per file. It fails on a file without entries. */
const files = {
  lower: 'benchmark-smaller-is-better.json',
  higher: 'benchmark-bigger-is-better.json',
} as const;

/** The figures of the newest night for github-action-benchmark: `customSmallerIsBetter` and `customBiggerIsBetter`. */
export const githubBenchmark: HistoryExporter = (source) => {
  const lines = measuredTonight(source);
  const without = lines.filter(({ better }) => better === 'neither');
  return {
    files: (['lower', 'higher'] as const).map((better) => {
      const entries = lines.filter((line) => line.better === better).map(entryOf);
      return {
        name: files[better],
        content: entries.length === 0 ? null : `${JSON.stringify(entries, null, 1)}\n`,
      };
    }),
    leftOut: [
      ...(lines.length === 0 ? [leftOut.nothing] : []),
      ...(without.length === 0
        ? []
        : [leftOut.noDirection({ series: listed(without.map(({ series }) => series)) })]),
    ],
  };
};

function entryOf(line: HeadlineLine): Entry {
  const { series, estimate, low, high, unit, against, pairs, night, provenance } = line;
  const { runtime, engine, engineVersion, kernel } = provenance;
  return {
    name: series,
    value: estimate,
    unit: against === 'none' ? unit : 'ratio',
    range: low === null || high === null ? '' : `${plainDecimal(low)} to ${plainDecimal(high)}`,
    extra: [
      `night ${night}, blocks ${pairs}`,
      `version ${runtime.version ?? '?'}`,
      `engine ${engine} ${engineVersion}, kernel ${kernel}`,
    ].join('\n'),
  };
}
