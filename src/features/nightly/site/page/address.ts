/** How far back a series is shown, in days; null: all. */
export type Range = 30 | 90 | 365 | null;

export const ranges: readonly Range[] = [30, 90, 365, null];

/** A series of the address, and how far back. */
export interface Place {
  readonly slug: string;
  readonly range: Range;
}

/** A quarter shows a step and what came before it. */
const usual: Range = 90;

/** `#s-runc-…,365` → its parts; null where the address names no series. */
export function placeOf(hash: string): Place | null {
  const match = /^#(s-[a-z0-9-]+)(?:,(\d+|all))?$/.exec(hash);
  if (match === null) return null;
  const [, slug = '', said] = match;
  const range = said === 'all' ? null : ranges.find((each) => String(each) === said);
  return { slug, range: range === undefined ? usual : range };
}

/** The address of a place. */
export function hashOf({ slug, range }: Place): string {
  return `#${slug}${range === usual ? '' : `,${range ?? 'all'}`}`;
}
