import type { JsonSchema } from './schemas.ts';

/** Ends of names that say a unit. */
const units = { Ns: 'ns', Ms: 'ms', Bytes: 'bytes', KHz: 'kHz', Pages: 'pages' } as const;

/** The type of a field in words, with the unit that its name says: `integer or null`, `number, ns`, `list of text`. */
export function typeWords(schema: JsonSchema, name: string): string {
  const words = [...new Set(typesOf(schema))]
    .map((type) => (type === 'null' ? '' : type))
    .filter((type) => type !== '');
  const unit = Object.entries(units).find(([end]) => name.endsWith(end) || name === end.toLowerCase())?.[1];
  const type = words.join(words.length > 2 ? ', ' : ' or ');
  const measured = unit !== undefined && /\b(number|integer)\b/.test(type) ? `${type}, ${unit}` : type;
  return isNullable(schema) ? `${measured} or null` : measured;
}

/** Can the value be null? */
export function isNullable(schema: JsonSchema): boolean {
  return typesOf(schema).includes('null');
}

function typesOf(schema: JsonSchema): readonly string[] {
  const { type, anyOf, oneOf, items, additionalProperties } = schema;
  const choices = anyOf ?? oneOf;
  if (schema.enum !== undefined || 'const' in schema)
    return (schema.enum ?? [schema.const]).map((value) =>
      value === null ? 'null' : `\`${JSON.stringify(value)}\``,
    );
  if (schema.$ref !== undefined) return ['message'];
  if (choices !== undefined) return choices.flatMap((choice) => (isSchema(choice) ? typesOf(choice) : []));
  if (Array.isArray(type)) return type.flatMap((one) => typesOf({ ...schema, type: one }));
  if (type === 'array') return [`list of ${isSchema(items) ? plural(items) : 'values'}`];
  if (type === 'object' && isSchema(additionalProperties)) return [`map of ${plural(additionalProperties)}`];
  if (type === 'string') return ['text'];
  return [type === 'boolean' ? 'true or false' : (type ?? 'value')];
}

function plural(schema: JsonSchema): string {
  const types = typesOf(schema);
  if (types.every((type) => type === 'object')) return 'objects';
  if (types.every((type) => type === 'text')) return 'texts';
  if (types.every((type) => type === 'message')) return 'messages';
  return [...new Set(types)].join(' or ');
}

export function isSchema(of: unknown): of is JsonSchema {
  return typeof of === 'object' && of !== null && !Array.isArray(of);
}
