/** `npm run schemas`: generates schemas/*.schema.json, the JSON Schemas of the files that users write and read. */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import * as z from 'zod';
import {
  analysisSchema,
  benchConfigSchema,
  calibrationSchema,
  historyLineSchema,
  plannedBlockSchema,
  readingSchema,
  runComparisonSchema,
  runRecordSchema,
  trialRecordSchema,
} from '../src/index.ts';

export const schemasDirectory = resolve(import.meta.dirname, '../schemas');

/** Name of the schema → its zod schema. JSON cannot hold the functions of a user's workload. */
const described: Readonly<Record<string, readonly [title: string, schema: z.ZodType]>> = {
  'bench.config': ['bench.config.json of ocibench', benchConfigSchema.omit({ ownWorkloads: true })],
  run: ['run.json of ocibench', runRecordSchema],
  plan: ['a line of plan.jsonl of ocibench', plannedBlockSchema],
  trial: ['a line of trials.jsonl of ocibench', trialRecordSchema],
  reading: ['a line of readings.jsonl of ocibench', readingSchema],
  analysis: ['analysis.json of ocibench', analysisSchema],
  comparison: ['what `ocibench compare --json` prints', runComparisonSchema],
  history: ['a line of history/YYYY-MM.ndjson of ocibench', historyLineSchema],
  calibration: ['calibration.json of ocibench', calibrationSchema],
};

/**
 * File name → its text. The schema of a record is that of its reader (`io: 'input'`). Keys that older versions did not
 * write may be missing, and keys that newer ones add are allowed.
 */
export function jsonSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(described).map(([name, [title, schema]]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
      return [`${name}.schema.json`, `${JSON.stringify({ $schema, title, ...rest }, null, 2)}\n`];
    }),
  );
}

if (import.meta.main)
  for (const [name, text] of jsonSchemas()) await writeFile(join(schemasDirectory, name), text);
