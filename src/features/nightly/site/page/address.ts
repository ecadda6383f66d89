/** Time range of a series, in days back from the last night; null: all. */
export type Range = 30 | 90 | 365 | null;

export const ranges: readonly Range[] = [30, 90, 365, null];

/** The series and time range of an address. */
export interface PageAddress {
  readonly slug: string;
  readonly range: Range;
}

/** Default range: a quarter shows a step and enough nights before it. */
const usual: Range = 90;

/** Parses `#s-runc-…,365`; null if the fragment names no series. */
export function placeOf(hash: string): PageAddress | null {
  const match = /^#(s-[a-z0-9-]+)(?:,(\d+|all))?$/.exec(hash);
  if (match === null) return null;
  const [, slug = '', said] = match;
  const range = said === 'all' ? null : ranges.find((each) => String(each) === said);
  return { slug, range: range === undefined ? usual : range };
}

/** The fragment for a series and range. */
export function hashOf({ slug, range }: PageAddress): string {
  return `#${slug}${range === usual ? '' : `,${range ?? 'all'}`}`;
}
