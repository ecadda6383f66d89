import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paramsOf } from '../../../core/analyze/effective-trial.ts';
import { workDefinition } from '../../../core/config/work-definition.ts';
import { shippedDirectory } from '../../../core/config/workload-ids.ts';
import type { RunRecord, RunSubject } from '../../../core/model/run.ts';
import type { Workload } from '../../../core/model/workload.ts';
import { csvOf, type Field } from '../../../report/csv.ts';
import { parse } from '../../../report/csv-library.ts';
import { type CallClass, callClasses, type WorkRecording } from './recording.ts';
import { readRecordings } from './recordings-on-disk.ts';

/** Recordings of workloads shipped with ocibench: one row each, with the part that the model of `predict` reads. */
export const recordingsFile = join(shippedDirectory, 'recordings.csv');

type ModelRecording = WorkRecording['recording'];

/** Figures of a recording that the model reads, in base units. */
const figures = [
  'cpu.usage',
  'cpu.user',
  'cpu.system',
  'faults.all',
  'switches.voluntary',
  'tasks.threads',
  'tasks.execs',
  'tasks.processes',
  'tasks.vforks',
  'pids.current',
] as const;

/** Classes of calls whose bytes are counted. */
const moving: readonly CallClass[] = ['read', 'write', 'socket'];

const figureOf = ({ figures: all }: ModelRecording, id: string) => {
  const found = all[id];
  return found !== undefined && 'value' in found ? found.value : null;
};
const totalOf = ({ classes }: ModelRecording, of: CallClass) => classes.find((total) => total.class === of);

/** Column names are stable: {@link recordingsIn} reads them. */
const fields: readonly Field<ModelRecording>[] = [
  ['workload', ({ work }) => work.workload],
  ['params', ({ work }) => work.params],
  ['runtime', ({ work }) => work.runtime],
  ['units', ({ work }) => work.units],
  ['definition', ({ work }) => work.definition],
  ['recipe', ({ work }) => work.recipe],
  ['arch', ({ host }) => host.arch],
  ['window_ns', ({ windowNs }) => windowNs],
  ['tracing_cpu_ns', ({ disturbance }) => disturbance?.cpuNs ?? null],
  ...figures.map((id): Field<ModelRecording> => [id, (recorded) => figureOf(recorded, id)]),
  ...callClasses.map(
    (of): Field<ModelRecording> => [`calls.${of}`, (recorded) => totalOf(recorded, of)?.count ?? null],
  ),
  ...moving.map(
    (of): Field<ModelRecording> => [`bytes.${of}`, (recorded) => totalOf(recorded, of)?.bytes ?? null],
  ),
];

/** The text of {@link recordingsFile}. */
export function recordingsCsv(recorded: readonly ModelRecording[]): string {
  return csvOf(recorded, fields);
}

/** The recordings that come with ocibench. */
export async function shippedRecordings(): Promise<readonly ModelRecording[]> {
  return recordingsIn(await readFile(recordingsFile, 'utf8'));
}

/** Parses the text that {@link recordingsCsv} makes. */
export function recordingsIn(text: string): readonly ModelRecording[] {
  const rows: readonly Readonly<Record<string, string>>[] = parse(text, { columns: true });
  return rows.map((row): ModelRecording => {
    const cell = (column: string) => row[column] ?? '';
    const number = (column: string) => (cell(column) === '' ? null : Number(cell(column)));
    const cpuNs = number('tracing_cpu_ns');
    return {
      host: { arch: cell('arch') },
      work: {
        workload: cell('workload'),
        params: cell('params'),
        runtime: cell('runtime'),
        units: number('units'),
        definition: cell('definition'),
        recipe: cell('recipe'),
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

/** The distinct workloads with parameters of a run, regardless of layers. */
export function worksOf({ subjects }: Pick<RunRecord, 'subjects'>): readonly RunSubject[] {
  const isSame = (a: RunSubject) => (b: RunSubject) => a.workload === b.workload && a.params === b.params;
  return subjects.filter((subject, at) => subjects.findIndex(isSame(subject)) === at);
}

/**
 * The recordings for the workloads of a stored run: its own, and for workloads without one a recording shipped with ocibench if
 * architecture, recipe and definition are the same. OcibenchError (exit 2) if a recording of the run is damaged.
 */
export async function recordingsOf(
  path: string,
  run: RunRecord,
  known: readonly WorkRecording['recording'][] | null = null,
): Promise<readonly WorkRecording[]> {
  const works = worksOf(run);
  const own = (await readRecordings(path, works)).flatMap((recording): WorkRecording[] =>
    recording.work === undefined
      ? []
      : [{ recording: { ...recording, work: recording.work }, source: 'run' }],
  );
  const has = new Set(own.map(({ recording: { work } }) => `${work.workload}|${work.params}`));
  const missing = works.filter(({ workload, params }) => !has.has(`${workload}|${params}`));
  if (missing.length === 0) return own;
  const shipped = known ?? (await shippedRecordings());
  const fitting = missing.flatMap((subject) => {
    const recording = shipped.find((each) => fits(each, subject, run));
    return recording === undefined ? [] : [{ recording, source: 'known' } as const];
  });
  return [...own, ...fitting];
}

/** Does this recording match the work that the run measured? */
function fits({ work, host }: WorkRecording['recording'], subject: RunSubject, run: RunRecord): boolean {
  if (work.workload !== subject.workload || work.params !== subject.params) return false;
  const recipe = run.images.find((image) => image.recipe === subject.image)?.recipeHash;
  if (host.arch !== run.host.arch || recipe === undefined || recipe !== work.recipe) return false;
  return subject.definition === work.definition;
}

/** Digest of the workload's current request to the engine; null if the workload no longer exists. */
export function definitionNow(
  { workload: id, params: text }: Pick<RunSubject, 'workload' | 'params'>,
  workloads: readonly Workload[],
): string | null {
  const workload = workloads.find((each) => each.id === id);
  return workload === undefined ? null : workDefinition(workload, paramsOf(workload, text));
}
