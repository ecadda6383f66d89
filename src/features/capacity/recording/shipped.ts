import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shippedDirectory } from '../../../core/config/workload-ids.ts';
import { csvOf, type Field } from '../../../report/csv.ts';
import { parse } from '../../../report/csv-library.ts';
import { type CallClass, callClasses, type WorkRecording } from './recording.ts';

/** Recordings of shipped workloads that come with ocibench, a row each: what the model of `predict` reads of one. */
export const recordingsFile = join(shippedDirectory, 'recordings.csv');

type Recorded = WorkRecording['recording'];

/** Figures of a recording that the model reads, in base units. */
const figures = [
  ...['cpu.usage', 'cpu.user', 'cpu.system', 'faults.all', 'switches.voluntary', 'tasks.threads'],
  ...['tasks.execs', 'tasks.processes', 'tasks.vforks', 'pids.current'],
] as const;

/** Classes whose bytes are counted. */
const moving: readonly CallClass[] = ['read', 'write', 'socket'];

const figureOf = ({ figures: all }: Recorded, id: string) => {
  const found = all[id];
  return found !== undefined && 'value' in found ? found.value : null;
};
const totalOf = ({ classes }: Recorded, of: CallClass) => classes.find((total) => total.class === of);

/** Column names are stable: {@link recordingsIn} reads them. */
const fields: readonly Field<Recorded>[] = [
  ['workload', ({ work }) => work.workload],
  ['params', ({ work }) => work.params],
  ['runtime', ({ work }) => work.runtime],
  ['units', ({ work }) => work.units],
  ['definition', ({ work }) => work.definition],
  ['recipe', ({ work }) => work.recipe],
  ['arch', ({ host }) => host.arch],
  ['window_ns', ({ windowNs }) => windowNs],
  ['tracing_cpu_ns', ({ disturbance }) => disturbance?.cpuNs ?? null],
  ...figures.map((id): Field<Recorded> => [id, (recorded) => figureOf(recorded, id)]),
  ...callClasses.map(
    (of): Field<Recorded> => [`calls.${of}`, (recorded) => totalOf(recorded, of)?.count ?? null],
  ),
  ...moving.map((of): Field<Recorded> => [`bytes.${of}`, (recorded) => totalOf(recorded, of)?.bytes ?? null]),
];

/** The text of {@link recordingsFile}. */
export function recordingsCsv(recorded: readonly Recorded[]): string {
  return csvOf(recorded, fields);
}

/** The recordings that come with ocibench. */
export async function shippedRecordings(): Promise<readonly Recorded[]> {
  return recordingsIn(await readFile(recordingsFile, 'utf8'));
}

/** Reads the text that {@link recordingsCsv} makes. */
export function recordingsIn(text: string): readonly Recorded[] {
  const rows: readonly Readonly<Record<string, string>>[] = parse(text, { columns: true });
  return rows.map((row): Recorded => {
    const cell = (column: string) => row[column] ?? '';
    const number = (column: string) => (cell(column) === '' ? null : Number(cell(column)));
    const cpuNs = number('tracing_cpu_ns');
    return {
      host: { arch: cell('arch') },
      work: {
        ...{ workload: cell('workload'), params: cell('params'), runtime: cell('runtime') },
        ...{ units: number('units'), definition: cell('definition'), recipe: cell('recipe') },
      },
      windowNs: Number(cell('window_ns')),
      disturbance: cpuNs === null ? null : { cpuNs },
      classes: callClasses.flatMap((of) => {
        const count = number(`calls.${of}`);
        return count === null ? [] : [{ class: of, count, bytes: number(`bytes.${of}`) }];
      }),
      figures: Object.fromEntries(
        figures.flatMap((id) => {
          const value = number(id);
          return value === null ? [] : [[id, { value, source: 'recordings.csv' }] as const];
        }),
      ),
    };
  });
}
