import { describe, expect, test } from 'vitest';
import { dataReference, describedColumns } from '../../scripts/data-reference.ts';
import { type JsonSchema, jsonSchema, type SchemaName } from '../../scripts/schemas.ts';
import { isNullable, isSchema, typeWords } from '../../scripts/type-words.ts';
import type { Analysis } from '../../src/core/model/analysis/analysis.ts';
import { exporters } from '../../src/report/report.ts';

test('the dictionary has a section of every file, and each table in it has meanings', () => {
  const page = dataReference();
  for (const file of ['summary.csv', 'analysis.json', 'run.json', 'trials.jsonl', 'services.yaml'])
    expect(page).toContain(`\n## ${file}\n`);
  const rows = [...page.matchAll(/^\| `.*$/gm)].map(([row]) =>
    row.split(/(?<!\\)\|/).map((cell) => cell.trim()),
  );
  expect(rows.length).toBeGreaterThan(500);
  expect(rows.filter((cells) => cells.length !== 5 || cells[2] === '')).toEqual([]);
});

/** What is wrong with the words of a schema's fields, as `path: what`. */
function unsaid(schema: JsonSchema, path: string, around = ''): readonly string[] {
  const said = `${around} ${schema.description ?? ''}`;
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    if (!isSchema(field)) return [];
    const at = `${path}.${name}`;
    const words = field.description ?? '';
    const optional = !schema.required?.includes(name) && !('default' in field);
    return [
      ...(words === '' ? [`${at}: no comment`] : []),
      ...(isNullable(field) && !/null/i.test(`${said} ${words}`) ? [`${at}: what does null mean?`] : []),
      ...(optional && !/absent|every key is optional/i.test(`${said} ${words}`)
        ? [`${at}: when is it absent?`]
        : []),
      ...unsaid(field, at, path === 'bench.config' ? said : ''),
    ];
  });
  const { items, additionalProperties, anyOf = [], oneOf = [] } = schema;
  const parts = [items, additionalProperties, ...anyOf, ...oneOf];
  return [...fields, ...parts.flatMap((part) => (isSchema(part) ? unsaid(part, path, said) : []))];
}

const names: readonly SchemaName[] = [
  'analysis',
  'run',
  'schedule',
  'trial',
  'reading',
  'comparison',
  'gate',
  'calibration',
  'bench.config',
];
test.each(names)('every field of %s says what it is, what null means and when it is absent', (name) => {
  expect(unsaid(jsonSchema(name), name)).toEqual([]);
});

test('a field without words is noticed', () => {
  const schema = {
    properties: { a: { type: ['number', 'null'] as never }, b: { description: 'x' } },
    required: ['a'],
  };
  expect(unsaid(schema, 'run')).toEqual([
    'run.a: no comment',
    'run.a: what does null mean?',
    'run.b: when is it absent?',
  ]);
});

describe('columns', () => {
  const analysis = { rows: [], categories: [], facts: [] } as unknown as Analysis;
  const subjects = [{ category: 'restore', workload: 'restore/a', unsupported: { runc: 'no' } }];
  const run = { host: { emulation: null }, engine: { version: '' }, config: {}, runtimes: [], subjects };
  const source = { analysis, measurements: [], trials: [], run } as never;
  const files = exporters.filter(({ file }) => file.endsWith('.csv'));

  test('every CSV file is described', () => {
    expect([...describedColumns().keys()].toSorted()).toEqual(files.map(({ file }) => file).toSorted());
  });

  test.each(files.map((exporter) => [exporter.file, exporter] as const))(
    '%s has those that are described',
    (file, exporter) => {
      const described = describedColumns().get(file) ?? [];
      const [columns] = exporter.content(source)?.split('\n') ?? [];
      expect(described.map(({ name }) => name).join(',')).toBe(columns);
      expect(described.filter(({ meaning = '' }) => meaning === '')).toEqual([]);
    },
  );
});

test.each([
  [{ type: 'integer' }, 'pid', 'integer'],
  [{ type: 'number' }, 'atNs', 'number, ns'],
  [{ type: 'number' }, 'samplePeriodMs', 'number, ms'],
  [{ type: 'number' }, 'bytes', 'number, bytes'],
  [{ anyOf: [{ type: 'number' }, { type: 'null' }] }, 'pssBytes', 'number, bytes or null'],
  [{ type: 'boolean' }, 'varies', 'true or false'],
  [{ enum: ['a', 'b'] }, 'x', '`"a"` or `"b"`'],
  [{ type: 'array', items: { type: 'string' } }, 'x', 'list of texts'],
  [{ type: 'object', additionalProperties: { type: 'number' } }, 'x', 'map of number'],
] as const)('the type of %j in %s is %s', (schema, name, words) => {
  expect(typeWords(schema as JsonSchema, name)).toBe(words);
});
