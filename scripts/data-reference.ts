import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Column, csvColumns } from './csv-columns.ts';
import { type JsonSchema, jsonSchema, type SchemaName } from './schemas.ts';
import { slugOf } from './slug.ts';
import { SourceModule } from './source-module.ts';
import { isNullable, isSchema, typeWords } from './type-words.ts';
import { table, wrapped } from './workload-reference.ts';

const introduction = `# Data dictionary

<!-- Made by \`npm run docs\` from the comments in src/. -->

Every column and every field that ocibench writes. [files.md](files.md) says what each file is for, \`schemas/\` has the
same as JSON Schemas, \`ocibench list metrics\` and [workloads.md](workloads.md) say what each metric is.

- A name that ends in \`Ns\`, \`Ms\`, \`Bytes\`, \`KHz\` or \`Pages\` says its unit. A value without one is in the unit of its
  metric, or its meaning says the unit.
- \`null\` is a value that does not exist here, and never zero; in CSV it is an empty cell. _Optional_ keys may be absent:
  most are younger than the oldest records.
- \`[]\` stands for the elements of a list, \`{}\` for the values of a map.
- A message is \`{id, values}\`; [reasons.md](reasons.md) lists those that explain something.
`;

/** CSV file → the list of analysis.json whose elements are its rows. */
const tables = {
  'summary.csv': 'rows',
  'categories.csv': 'categories',
  'effects.csv': 'effects',
  'facts.csv': 'facts',
  'checkpoints.csv': null,
  'measurements.csv': null,
} as const;

const files: readonly (readonly [file: string, schema: SchemaName])[] = [
  ['analysis.json', 'analysis'],
  ['run.json', 'run'],
  ['schedule.jsonl', 'schedule'],
  ['trials.jsonl', 'trial'],
  ['readings.jsonl', 'reading'],
  ['compare --json', 'comparison'],
  ['nightly gate --json', 'gate'],
  ['capacity overhead --json', 'overhead'],
  ['capacity plan --json', 'capacity-plan'],
  ['calibration.json', 'calibration'],
  ['recording.json', 'recording'],
  ['combined.json', 'combined'],
  ['fleet.json', 'fleet'],
  ['move.json', 'move'],
  ['bench.config.json', 'bench.config'],
  ['services.yaml', 'services'],
];

/** `docs/data.md`: what every column and field means. */
export function dataReference(): string {
  const sections = new Sections();
  return [
    introduction,
    ...Object.entries(tables).map(([file, list]) => csvSection(file, list)),
    ...files.map(([file, schema]) => sections.of(file, jsonSchema(schema))),
  ].join('\n');
}

const sources = resolve(import.meta.dirname, '../src');

/** Every column that is described, by its file. */
export function describedColumns(): ReadonlyMap<string, readonly Column[]> {
  return new Map(
    Object.keys(tables).map((file) => {
      const name = `{report,features/*}/exports/${file.replace('.csv', '-csv')}.ts`;
      const [exporter = ''] = globSync(name, { cwd: sources });
      return [file, csvColumns(SourceModule.load(join(sources, exporter)))];
    }),
  );
}

function csvSection(file: string, list: string | null): string {
  const record = list === null ? undefined : jsonSchema('analysis').properties?.[list];
  const rows = (describedColumns().get(file) ?? []).map((column) => [
    `\`${column.name}\``,
    columnType(column, isSchema(record) && isSchema(record.items) ? record.items : undefined),
    inCell(column.meaning),
  ]);
  return `## ${file}\n\n${table(['column', 'type', 'meaning'], rows)}\n`;
}

/** A comment as part of a table, where there are no lists. */
function inCell(comment = ''): string {
  return comment.replace(/^- /, '').replaceAll(/\s*\n- /g, ' ');
}

/** As it is in CSV: nothing for null and for what is absent, a subject by its name. */
function columnType({ path, annotation }: Column, record: JsonSchema | undefined): string {
  const [first = ''] = path;
  const schema = record?.properties?.[first];
  if (!isSchema(schema)) {
    const base = annotation?.startsWith('number') ? 'number' : 'text';
    return annotation?.endsWith('| null') ? `${base} or empty` : base;
  }
  const words = typeWords(schema, first)
    .replace(/ or null$/, '')
    .replace('true or false', '`yes` or `no`')
    .replace(/^object$/, 'text');
  return isNullable(schema) || !record?.required?.includes(first) ? `${words} or empty` : words;
}

/** An object of at most so many fields is part of the table of the object that it is in. */
const fewFields = 4;

/** A section for every file, and one for every large object in it; the same object elsewhere is a link. */
class Sections {
  /** Text of an object's schema → the heading of its section. */
  readonly #headings = new Map<string, string>();

  of(file: string, schema: JsonSchema): string {
    const pending: (readonly [heading: string, schema: JsonSchema])[] = [];
    const parts = [this.#section(`## ${file}`, file, schema, pending)];
    for (let next = pending.shift(); next !== undefined; next = pending.shift())
      parts.push(this.#section(`### ${next[0]}`, next[0], next[1], pending));
    return parts.join('\n');
  }

  #section(
    heading: string,
    name: string,
    schema: JsonSchema,
    pending: (readonly [string, JsonSchema])[],
  ): string {
    const rows = this.#rows(schema, '', (path, of) => {
      const key = JSON.stringify({ ...of, description: undefined });
      const known = this.#headings.get(key);
      if (known !== undefined) return known;
      const added = name.includes(': ') ? `${name}.${path}` : `${name}: ${path}`;
      this.#headings.set(key, added);
      pending.push([added, of]);
      return added;
    });
    const said = schema.description === undefined ? [] : [schema.description];
    return `${[heading, ...said.map(wrapped), table(['field', 'type', 'meaning'], rows)].join('\n\n')}\n`;
  }

  #rows(schema: JsonSchema, prefix: string, sectionOf: (path: string, of: JsonSchema) => string): string[][] {
    return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
      if (!isSchema(field)) return [];
      const path = `${prefix}${name}`;
      const optional = schema.required?.includes(name) ? '' : ' (optional)';
      const inner = objectsIn(field);
      // Of several shapes at one place each has its rows there, since a heading could not tell them apart.
      const large =
        inner.length === 1 &&
        inner.some(([, { properties = {} }]) => Object.keys(properties).length > fewFields);
      const links = large ? inner.map(([at, of]) => link(sectionOf(`${path}${at}`, of))) : [];
      const type = [`${typeWords(field, name)}${optional}`, ...links].join(': ');
      const own = [`\`${path}\``, type, inCell(field.description)];
      const below = large ? [] : inner.flatMap(([at, of]) => this.#rows(of, `${path}${at}.`, sectionOf));
      return [own, ...below];
    });
  }
}

/** A link to a heading of this page, whose address is made as GitHub does. */
function link(heading: string): string {
  const path = heading.replace(/^.*: /, '');
  return `[\`${path}\`](#${slugOf(heading)})`;
}

/** The objects that a value is or holds, each with what leads to it: nothing, `[]` or `{}`. */
function objectsIn(schema: JsonSchema, at = ''): readonly (readonly [at: string, schema: JsonSchema])[] {
  if (schema.properties !== undefined) return [[at, schema]];
  const { items, additionalProperties, anyOf = [], oneOf = [] } = schema;
  return [
    ...(isSchema(items) ? objectsIn(items, `${at}[]`) : []),
    ...(isSchema(additionalProperties) ? objectsIn(additionalProperties, `${at}{}`) : []),
    ...[...anyOf, ...oneOf].flatMap((option) => (isSchema(option) ? objectsIn(option, at) : [])),
  ];
}
