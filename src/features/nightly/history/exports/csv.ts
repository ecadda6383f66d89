import { csvOf, type Field } from '../../../../report/tables/csv.ts';
import { type HeadlineLine, headlineLineSchema } from '../record.ts';
import { type HistoryExporter, nightsFrom } from './exporter.ts';

const { provenance, ...own } = headlineLineSchema.shape;
const { runtime, reference, daemon: _, ...recorded } = provenance.shape;

/** `runtime_version`, `reference_sha256` … */
const programFields = (['runtime', 'reference'] as const).flatMap((which) =>
  Object.keys(runtime.shape).map(
    (key): Field<HeadlineLine> => [
      `${which}_${key}`,
      (line) => line.provenance[which]?.[key as keyof typeof runtime.shape] ?? null,
    ],
  ),
);

/** One column per field of a line, in the order of the schema; provenance columns have a prefix. */
const fields: readonly Field<HeadlineLine>[] = [
  ...Object.keys(own).map(
    (key): Field<HeadlineLine> => [key, (line) => line[key as keyof typeof own] ?? null],
  ),
  ...Object.keys(recorded).map(
    (key): Field<HeadlineLine> => [
      `provenance_${key}`,
      (line) => line.provenance[key as keyof typeof recorded] ?? null,
    ],
  ),
  [
    'provenance_daemon',
    ({ provenance: { daemon } }) =>
      daemon === undefined
        ? null
        : Object.entries(daemon)
            .map(([name, value]) => `${name}=${value}`)
            .join(';'),
  ],
  ...programFields,
];

/** One row per valid figure. */
export const csv: HistoryExporter = ({ history, since }) => ({
  name: 'figures.csv',
  content: csvOf(nightsFrom(history, since).headlines, fields),
});
