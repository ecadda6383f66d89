/**
 * `npm run schemas`: generates schemas/*.schema.json, the JSON Schemas of the files that users write and read, and the version of
 * the figures. Those that an editor finds in a checkout are tracked ({@link trackedSchemas}); the package has all of them.
 */
import { globSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import * as z from 'zod';
import {
  capacityPlanSchema,
  overheadSchema,
  planShape,
  recordingSchema,
} from '../src/features/capacity/index.ts';
import { combinedSchema, fleetSchema } from '../src/features/fleet/index.ts';
import { moveSchema } from '../src/features/move/index.ts';
import { historyLineSchema, notificationSchema } from '../src/features/nightly/index.ts';
import { explanationSchema } from '../src/features/options/index.ts';
import { calibrationSchema } from '../src/features/proof/index.ts';
import {
  analysisSchema,
  benchConfigSchema,
  gateReportSchema,
  readingSchema,
  runComparisonSchema,
  runRecordSchema,
  scheduledBlockSchema,
  trialRecordSchema,
} from '../src/index.ts';
import { type Commented, commentsOf, wordsOf } from './field-comments.ts';
import { writeFiguresVersion } from './figures-version.ts';
import { SourceModule } from './source-module.ts';

const root = resolve(import.meta.dirname, '..');
export const schemasDirectory = join(root, 'schemas');

/** Of the files that users write. */
export const trackedSchemas = ['bench.config.schema.json', 'services.schema.json'] as const;

/** Name of the schema → its title, and the constant of `src/index.ts`, or of the feature's, that it is. */
const described = {
  // JSON cannot hold the functions of a user's workload.
  'bench.config': [
    'bench.config.json of ocibench',
    'benchConfigSchema',
    benchConfigSchema.omit({ ownWorkloads: true }),
  ],
  run: ['run.json of ocibench', 'runRecordSchema', runRecordSchema],
  schedule: ['a line of schedule.jsonl of ocibench', 'scheduledBlockSchema', scheduledBlockSchema],
  trial: ['a line of trials.jsonl of ocibench', 'trialRecordSchema', trialRecordSchema],
  reading: ['a line of readings.jsonl of ocibench', 'readingSchema', readingSchema],
  analysis: ['analysis.json of ocibench', 'analysisSchema', analysisSchema],
  comparison: ['what `ocibench compare --json` prints', 'runComparisonSchema', runComparisonSchema],
  combined: ['combined.json of ocibench', 'combinedSchema', combinedSchema, 'fleet'],
  fleet: ['fleet.json of ocibench', 'fleetSchema', fleetSchema, 'fleet'],
  gate: ['what `ocibench nightly gate --json` prints', 'gateReportSchema', gateReportSchema],
  explanation: [
    'what `ocibench runtimes explain --json` prints',
    'explanationSchema',
    explanationSchema,
    'options',
  ],
  overhead: ['what `ocibench capacity overhead --json` prints', 'overheadSchema', overheadSchema, 'capacity'],
  services: ['services.yaml of ocibench', 'planShape', planShape, 'capacity'],
  'capacity-plan': [
    'what `ocibench capacity plan --json` prints',
    'capacityPlanSchema',
    capacityPlanSchema,
    'capacity',
  ],
  history: [
    'a line of history/YYYY-MM.ndjson of ocibench',
    'historyLineSchema',
    historyLineSchema,
    'nightly',
  ],
  notification: [
    'what `ocibench nightly notify` hands to a command',
    'notificationSchema',
    notificationSchema,
    'nightly',
  ],
  move: ['move.json of ocibench', 'moveSchema', moveSchema, 'move'],
  calibration: ['calibration.json of ocibench', 'calibrationSchema', calibrationSchema, 'proof'],
  recording: ['recording.json of ocibench', 'recordingSchema', recordingSchema, 'capacity'],
} as const satisfies Readonly<
  Record<string, readonly [title: string, constant: string, schema: z.ZodType, feature?: string]>
>;
export type SchemaName = keyof typeof described;

export type JsonSchema = Readonly<Exclude<z.core.JSONSchema.BaseSchema, boolean>>;

/** What the source says of the keys that features add to the configuration; each is called like its file. */
function ofFeatures(): readonly (readonly [key: string, Commented])[] {
  return globSync('src/features/*/config/*.ts', { cwd: root }).map((path) => {
    const key = basename(path, '.ts');
    return [key, commentsOf(SourceModule.load(join(root, path)), `${key}Schema`)];
  });
}

/**
 * The schema of a record is that of its reader (`io: 'input'`): keys that newer versions add are allowed. Every field has the comment that stands above it in the source.
 */
export function jsonSchema(name: SchemaName): JsonSchema {
  const [title, constant, schema, feature]: readonly [string, string, z.ZodType, string?] = described[name];
  const door = feature === undefined ? 'src/index.ts' : `src/features/${feature}/index.ts`;
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  const own = commentsOf(SourceModule.load(join(root, door)), constant);
  const comments =
    name === 'bench.config' ? { ...own, fields: new Map([...own.fields, ...ofFeatures()]) } : own;
  return { ...($schema === undefined ? {} : { $schema }), title, ...explained(rest, comments) };
}

/** The same with `description`s: of each field its comment, of each object the comment of its schema. */
function explained(schema: JsonSchema, comments: Commented): JsonSchema {
  const description = wordsOf(comments);
  const inner: Record<string, unknown> = {};
  for (const [key, of] of Object.entries(schema)) inner[key] = explainedPart(key, of, comments);
  return { ...(description === undefined ? {} : { description }), ...inner };
}

function explainedPart(key: string, of: unknown, comments: Commented): unknown {
  const part = (schema: unknown, words: Commented = { fields: new Map() }) =>
    typeof schema === 'object' && schema !== null ? explained(schema as JsonSchema, words) : schema;
  if (key === 'properties')
    return Object.fromEntries(
      Object.entries(of as object).map(([name, field]) => [name, part(field, comments.fields.get(name))]),
    );
  if (key === 'items' || key === 'additionalProperties') return part(of, comments.item);
  // What may be null is a choice too, and described by the field that it is.
  const { own: _, declared: __, ...unsaid } = comments;
  if (key === 'anyOf' || key === 'oneOf')
    return (of as readonly unknown[]).map((option, at) => part(option, comments.options?.[at] ?? unsaid));
  return of;
}

/** File name → its text. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  return new Map(
    (Object.keys(described) as SchemaName[]).map((name) => [
      `${name}.schema.json`,
      `${JSON.stringify(jsonSchema(name), null, 2)}\n`,
    ]),
  );
}

/** Writes all of them into `schemas/`, and returns them. */
export async function writeSchemas(): Promise<ReadonlyMap<string, string>> {
  const made = jsonSchemas();
  for (const [name, text] of made) await writeFile(join(schemasDirectory, name), text);
  return made;
}

if (import.meta.main) await writeFiguresVersion((await writeSchemas()).get('analysis.schema.json') ?? '');
