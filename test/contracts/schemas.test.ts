import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { figuresVersionNow } from '../../scripts/figures-version.ts';
import { jsonSchemas, schemasDirectory, trackedSchemas } from '../../scripts/schemas.ts';
import { figuresVersion } from '../../src/core/model/run/figures-version.ts';
import { trialRecordSchema } from '../../src/index.ts';
import { alarmLine, headlineLine, nightLine } from '../support/history-lines.ts';

const stored = join(import.meta.dirname, 'stored-run/20261125-205804-e1d4');
const text = (path: string) => readFile(path, 'utf8');
const json = async (path: string) => JSON.parse(await text(path));
const lines = async (path: string) =>
  (await text(path))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const made = jsonSchemas();
const validators = new Map<string, ValidateFunction>();

function compile(schema: string): ValidateFunction {
  const formats = { date: true, 'date-time': true } as const;
  const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, formats });
  return ajv.compile(JSON.parse(made.get(`${schema}.schema.json`) ?? ''));
}

/** What a schema says of a value: its complaints, as `path message`. */
function complaints(schema: string, value: unknown): readonly string[] {
  const compiled = validators.get(schema) ?? compile(schema);
  validators.set(schema, compiled);
  compiled(value);
  return (compiled.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('schemas/', () => {
  test.each(trackedSchemas)(
    '%s is what the zod schema says (write it anew with: npm run schemas)',
    async (name) => {
      expect(await text(join(schemasDirectory, name))).toBe(made.get(name));
    },
  );

  test('the version of the figures is that of their method and columns (write it anew with: npm run schemas)', async () => {
    const schema = made.get('analysis.schema.json') ?? '';
    expect(figuresVersion).toBe(await figuresVersionNow(schema));
    expect(await figuresVersionNow(schema.replace('"pairs"', '"pair"'))).not.toBe(figuresVersion);
  });

  test.each([
    ['run', async () => [await json(join(stored, 'run.json'))]],
    ['schedule', () => lines(join(stored, 'schedule.jsonl'))],
    ['trial', () => lines(join(stored, 'trials.jsonl'))],
    ['reading', () => lines(join(stored, 'readings.jsonl'))],
    [
      'analysis',
      async () => [
        { ...(await json(join(import.meta.dirname, 'expected/analysis.json'))), figures: figuresVersion },
      ],
    ],
    ['history', async () => [headlineLine('2026-01-01'), nightLine('2026-01-01'), alarmLine('2026-01-01')]],
  ])('%s takes the stored run, and what a newer ocibench adds', async (schema, valuesOf) => {
    const values = await valuesOf();
    expect(values.length).toBeGreaterThan(0);
    for (const value of values) {
      expect(complaints(schema, value)).toEqual([]);
      expect(complaints(schema, { ...value, added: { later: true } })).toEqual([]);
    }
  });

  test.each([
    ['run', 'run.json', (run: Record<string, unknown>) => ({ ...run, status: 'lost' })],
    ['run', 'run.json', ({ seed: _, ...run }: Record<string, unknown>) => run],
    ['trial', 'trials.jsonl', (trial: Record<string, unknown>) => ({ ...trial, block: -1 })],
    ['trial', 'trials.jsonl', (trial: Record<string, unknown>) => ({ ...trial, cgroup: { source: 'v3' } })],
    ['schedule', 'schedule.jsonl', (block: Record<string, unknown>) => ({ ...block, trials: {} })],
    ['reading', 'readings.jsonl', (reading: Record<string, unknown>) => ({ ...reading, atNs: '1' })],
  ] as const)('%s refuses a %s that is none', async (schema, file, damage) => {
    const [value = {}] =
      file === 'run.json' ? [await json(join(stored, file))] : await lines(join(stored, file));
    expect(complaints(schema, damage(value))).not.toEqual([]);
  });

  test.each([
    ['kata-proxy', true],
    ['netd-of-tomorrow', true],
    ['total', false],
    ['outside', false],
    ['', false],
    ['shim\n', false],
    ['<b>', false],
    ['x'.repeat(41), false],
  ])('a process of the role %j is taken: %s', async (role, taken) => {
    const [trial = {}] = (await lines(join(stored, 'trials.jsonl'))).filter(
      ({ processes }) => Array.isArray(processes) && processes.length > 0,
    );
    const [process] = trial.processes as Record<string, unknown>[];
    const changed = { ...trial, processes: [{ ...process, role }] };
    expect(complaints('trial', changed).length === 0).toBe(taken);
    const read = trialRecordSchema.safeParse(changed);
    expect(read.success).toBe(taken);
    if (taken) expect(read.data?.processes[0]?.role).toBe(role);
  });

  test('bench.config takes what bench.config.ts may hold as JSON, and no other key', async () => {
    const config = {
      $schema: './node_modules/ocibench/schemas/bench.config.schema.json',
      preset: 'quick',
      runtimes: ['runc', { name: 'ptrace', extends: 'runsc', runtimeArgs: ['--platform=ptrace'] }],
      blocks: { min: 7, max: 12 },
      thresholds: { practical: '5%', alpha: 0.05 },
    };
    expect(complaints('bench.config', config)).toEqual([]);
    expect(complaints('bench.config', {})).toEqual([]);
    expect(complaints('bench.config', { ...config, presett: 'quick' })).not.toEqual([]);
    expect(complaints('bench.config', { ...config, ownWorkloads: [] })).not.toEqual([]);
    expect(complaints('bench.config', { ...config, blocks: { min: 0 } })).not.toEqual([]);
  });
});
