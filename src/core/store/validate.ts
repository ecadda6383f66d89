import * as z from 'zod';

/** Objects and arrays inside each other: more than any record of ocibench has, fewer than overflow the stack. */
const maxNesting = 64;

function isNestedWithin(value: unknown, limit: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return limit > 0 && Object.values(value).every((inner) => isNestedWithin(inner, limit - 1));
}

/**
 * What `safeParse` says of a value from a file. Records hold messages, whose schema refers to itself: another user's file could
 * nest them until it overflows the stack, so deep nesting is refused first.
 */
export function validate<S extends z.ZodType>(schema: S, value: unknown): z.ZodSafeParseResult<z.output<S>> {
  if (isNestedWithin(value, maxNesting)) return schema.safeParse(value);
  const message = `nested more than ${maxNesting} deep`;
  const error = new z.ZodError([{ code: 'custom', path: [], message, input: undefined }]);
  return { success: false, error: error as z.ZodError<z.output<S>> };
}
