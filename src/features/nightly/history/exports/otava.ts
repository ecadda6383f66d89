import { listed } from '../../../../core/messages/compose.ts';
import { csvOf, type Field } from '../../../../report/csv.ts';
import type { HeadlineLine } from '../record.ts';
import { comparisonKey } from '../series.ts';
import { type ExportedFile, type HistoryExporter, leftOut, nightsFrom } from './exporter.ts';

/** Columns of each series: Otava reads `value`, and shows the others beside a change that it finds. */
const fields: readonly Field<HeadlineLine>[] = [
  // Otava cannot parse the suffix `Z`.
  ['time', ({ at }) => at.replace(/(\.\d+)?Z$/, '+00:00')],
  ['run', ({ run }) => run],
  ['runtime_version', ({ provenance }) => provenance.runtime.version ?? 'unknown'],
  ['engine_version', ({ provenance }) => provenance.engineVersion],
  ['kernel', ({ provenance }) => provenance.kernel],
  ['value', ({ estimate }) => estimate],
];
const attributes = ['run', 'runtime_version', 'engine_version', 'kernel'];

/** A test of Otava: the nights of one series that can be compared. */
interface Test {
  readonly name: string;
  readonly lines: readonly HeadlineLine[];
}

/**
 * One CSV file per segment of a series for Apache Otava, and the configuration that names them. Each segment is a test: a jump
 * between segments is not a change of a runtime. Separate files, since Otava drops a test that has a gap.
 */
export const otava: HistoryExporter = ({ history, since }) => {
  const lines = nightsFrom(history, since).headlines.filter(({ stage }) => stage === 'night');
  const [without, directed] = [
    lines.filter(({ better }) => better === 'neither'),
    lines.filter(({ better }) => better !== 'neither'),
  ];
  const tests = testsOf(directed);
  const names = [...new Set(without.map(({ series }) => series))];
  return {
    files: [
      ...tests.map(
        ({ name, lines: own }): ExportedFile => ({
          name: `otava/${name}.csv`,
          content: csvOf(own, fields),
        }),
      ),
      { name: 'otava/otava.yaml', content: tests.length === 0 ? null : configOf(tests) },
    ],
    leftOut: names.length === 0 ? [] : [leftOut.noDirection({ series: listed(names) })],
  };
};

function testsOf(lines: readonly HeadlineLine[]): readonly Test[] {
  const hosts = new Set(lines.map(({ host }) => host)).size;
  const series = [...Map.groupBy(lines, ({ host, series: name }) => `${hosts > 1 ? `${host} ` : ''}${name}`)];
  const taken = new Set<string>();
  return series
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, all]) =>
      segmentsOf(all).map((own, index): Test => {
        const wanted = `${slugOf(name)}${index === 0 ? '' : `.segment-${index + 1}`}`;
        return { name: free(wanted, taken), lines: own };
      }),
    );
}

/** Runs of consecutive nights with one key, oldest first: Otava does not sort. */
function segmentsOf(lines: readonly HeadlineLine[]): readonly (readonly HeadlineLine[])[] {
  const segments: { key: string; lines: HeadlineLine[] }[] = [];
  for (const line of lines) {
    const key = comparisonKey(line);
    const last = segments.at(-1);
    if (last?.key === key) last.lines.push(line);
    else segments.push({ key, lines: [line] });
  }
  return segments.map((segment) => segment.lines);
}

/** The name, reduced to characters that are safe in file names and on Otava's command line. */
function slugOf(name: string): string {
  const plain = name.replaceAll('÷', 'vs').replaceAll(/[^A-Za-z0-9._+=]+/g, '-');
  return plain.replace(/^[.-]+/, '').slice(0, 150) || 'series';
}

/** The name, or the first numbered variant that is not taken, ignoring case. */
function free(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted}.${n}`;
  taken.add(name.toLowerCase());
  return name;
}

/** Values are JSON, which YAML 1.2 can read. Without a direction, Otava assumes that more is better. */
function configOf(tests: readonly Test[]): string {
  return [
    'tests:',
    ...tests.flatMap(({ name, lines: [first] }) => [
      `  ${JSON.stringify(name)}:`,
      '    type: csv',
      `    file: ${JSON.stringify(`${name}.csv`)}`,
      '    time_column: time',
      `    attributes: ${JSON.stringify(attributes)}`,
      '    metrics:',
      `      ${JSON.stringify(first?.metric ?? 'value')}:`,
      '        column: value',
      `        direction: ${first?.better === 'higher' ? 1 : -1}`,
      '        scale: 1',
      '',
    ]),
  ].join('\n');
}
