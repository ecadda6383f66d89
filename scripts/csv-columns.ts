import type { Expression } from 'oxc-parser';
import { type Commented, commentsOf, wordsOf } from './field-comments.ts';
import type { SourceModule } from './source-module.ts';

/** A column of a CSV file. */
export interface Column {
  readonly name: string;
  /** Names that lead from a row's record to its value. */
  readonly path: readonly string[];
  /** What the comment above that field says. */
  readonly meaning: string | undefined;
  /** Type of that field, where its record is an interface. */
  readonly annotation: string | undefined;
}

/** Columns of an exporter (`src/report/exports/*-csv.ts`): its constant `fields`, in which each names what it reads. */
export function csvColumns(exporter: SourceModule): readonly Column[] {
  const found = exporter.constant('fields')?.written;
  const rows = found?.type === 'ArrayExpression' ? found.elements : [];
  const record = commentsOfType(exporter, recordOf(exporter));
  return rows.flatMap((row) => {
    if (row?.type !== 'ArrayExpression') return [];
    const [name, read] = row.elements;
    if (name?.type !== 'Literal' || read?.type !== 'ArrowFunctionExpression') return [];
    const path = firstPath(read.body as Expression);
    const field = path.reduce<Commented | undefined>((of, key) => of?.fields.get(key), record);
    return [
      { name: String(name.value), path, meaning: field && wordsOf(field), annotation: field?.annotation },
    ];
  });
}

/** Name of the type in `readonly Field<SummaryRow>[]`. */
function recordOf(exporter: SourceModule): string {
  return /\bfields: readonly Field<(\w+)>\[\]/.exec(exporter.source)?.[1] ?? '';
}

/** Comments of an interface's members, or of the schema that a type is inferred from. */
function commentsOfType(module: SourceModule, name: string): Commented {
  const found = module.type(name);
  if (found === undefined) return { fields: new Map() };
  const { module: where, written } = found;
  const schema = /\btypeof (\w+)/.exec(where.text(written))?.[1];
  if (written.type === 'TSTypeAliasDeclaration')
    return schema === undefined ? { fields: new Map() } : commentsOf(where, schema);
  const members = written.body.body.flatMap((member): [string, Commented][] => {
    if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier') return [];
    const type = member.typeAnnotation?.typeAnnotation;
    const inner = type?.type === 'TSTypeReference' ? commentsOfType(where, where.text(type)) : undefined;
    const own = where.commentBefore(member.start);
    const annotation = type && where.text(type);
    return [[member.key.name, { fields: inner?.fields ?? new Map(), own, annotation }]];
  });
  return { fields: new Map(members) };
}

/** `m.cell.runtime` → `['cell', 'runtime']`; of a longer expression, the first such path in it. */
function firstPath(expression: Expression): readonly string[] {
  if (expression.type === 'MemberExpression' && expression.property.type === 'Identifier')
    return [...firstPath(expression.object), expression.property.name];
  if (expression.type === 'LogicalExpression') return firstPath(expression.left);
  if (expression.type === 'ConditionalExpression') return firstPath(expression.test);
  const [first] = expression.type === 'CallExpression' ? expression.arguments : [];
  return first === undefined || first.type === 'SpreadElement' ? [] : firstPath(first);
}
