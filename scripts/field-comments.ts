import { resolve } from 'node:path';
import type { CallExpression, Expression, ObjectExpression } from 'oxc-parser';
import { SourceModule } from './source-module.ts';

/** What the comments in the source say about a value of a record, and about the values in it. */
export interface Commented {
  /** The comment above the field. */
  readonly own?: string | undefined;
  /** The comment above the schema that the field has. */
  readonly declared?: string | undefined;
  /** The type of an interface's member, as it is written. */
  readonly annotation?: string | undefined;
  readonly fields: ReadonlyMap<string, Commented>;
  /** Of the elements of a list, or the values of a map. */
  readonly item?: Commented;
  /** Of the shapes that it may have. */
  readonly options?: readonly Commented[];
}

const nothing: Commented = { fields: new Map() };

/** The comments of a zod schema that is declared in a module, or imported by it. */
export function commentsOf(module: SourceModule, name: string): Commented {
  const found = module.constant(name);
  if (found === undefined) return nothing;
  const of = ofExpression(found.written, found.module);
  return { ...of, declared: found.comment ?? of.declared };
}

function ofExpression(expression: Expression, module: SourceModule): Commented {
  if (expression.type === 'Identifier') return commentsOf(module, expression.name);
  return expression.type === 'CallExpression' ? ofCall(expression, module) : nothing;
}

/** `z.object({…})`, and methods of a schema, of which only `extend` adds fields. */
function ofCall({ callee, arguments: given }: CallExpression, module: SourceModule): Commented {
  if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return nothing;
  const method = callee.property.name;
  const [first, second] = given as readonly (Expression | undefined)[];
  if (callee.object.type !== 'Identifier' || callee.object.name !== 'z') {
    const base = ofExpression(callee.object, module);
    if (method !== 'extend' || first?.type !== 'ObjectExpression') return base;
    return { ...base, fields: new Map([...base.fields, ...fieldsOf(first, module)]) };
  }
  const list = (of: Expression | undefined) =>
    (of?.type === 'ArrayExpression' ? of.elements : []) as Expression[];
  const options = (of: Expression | undefined): Commented => ({
    ...nothing,
    options: list(of).map((option) => ofExpression(option, module)),
  });
  if (/^(strict)?object$/i.test(method) && first?.type === 'ObjectExpression')
    return { fields: fieldsOf(first, module) };
  if (method === 'array' && first) return { ...nothing, item: ofExpression(first, module) };
  if (method === 'record' && second) return { ...nothing, item: ofExpression(second, module) };
  if (method === 'union') return options(first);
  return method === 'discriminatedUnion' ? options(second) : nothing;
}

function fieldsOf(shape: ObjectExpression, module: SourceModule): ReadonlyMap<string, Commented> {
  return new Map(
    shape.properties.flatMap((property): readonly (readonly [string, Commented])[] => {
      if (property.type === 'SpreadElement') return spread(property.argument, module);
      if (property.key.type !== 'Identifier') return [];
      const name = property.key.name;
      const of = ofExpression(property.value, module);
      const own = module.commentBefore(property.start) ?? everywhere(name);
      return [[name, { ...of, own }]];
    }),
  );
}

const cellModule = resolve(import.meta.dirname, '../src/core/model/trial/cell.ts');

/** What a name means in every table and record: the identity of what is measured, explained once, where a cell is. */
function everywhere(name: string): string | undefined {
  if (!['runtime', 'profile', 'workload', 'params'].includes(name)) return undefined;
  const module = SourceModule.load(cellModule);
  const cell = module.constant('cellSchema')?.written;
  const [shape] = cell?.type === 'CallExpression' ? cell.arguments : [];
  const field =
    shape?.type === 'ObjectExpression' ? shape.properties.find((of) => isNamed(of, name)) : undefined;
  return field && module.commentBefore(field.start);
}

function isNamed(property: ObjectExpression['properties'][number], name: string): boolean {
  return property.type === 'Property' && property.key.type === 'Identifier' && property.key.name === name;
}

/** Fields of a shape that several schemas share. */
function spread(of: Expression, module: SourceModule): readonly (readonly [string, Commented])[] {
  const shape = of.type === 'Identifier' ? module.constant(of.name) : undefined;
  return shape?.written.type === 'ObjectExpression' ? [...fieldsOf(shape.written, shape.module)] : [];
}

/** The words for a field: those above it, else those above its schema, or above that of its elements. */
export function wordsOf({ own, declared, item }: Commented): string | undefined {
  return own ?? declared ?? item?.declared;
}
