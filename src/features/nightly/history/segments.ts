import type { Night, Series } from './series.ts';

/** Nights that can be compared: all have one key. */
export interface Segment {
  readonly key: string;
  readonly nights: readonly Night[];
}

/** The nights by comparison key, in order. A key that comes back begins a segment of its own: what lay between is not known. */
export function segmentsOf(nights: readonly Night[]): Segment[] {
  const segments: { key: string; nights: Night[] }[] = [];
  for (const night of nights) {
    const last = segments.at(-1);
    if (last?.key === night.key) last.nights.push(night);
    else segments.push({ key: night.key, nights: [night] });
  }
  return segments;
}

/** The nights that share a level: of the last segment, from the last accepted change on. */
export function levelNights({
  nights,
  accepted = [],
}: Pick<Series, 'nights' | 'accepted'>): readonly Night[] {
  const last = segmentsOf(nights).at(-1)?.nights ?? [];
  const from = accepted.toSorted().at(-1) ?? '';
  return last.filter(({ night }) => night >= from);
}

/** The last segment, if it has just begun: its first night is the series' last one. Null at the very first night. */
export function newSegment(
  nights: readonly Night[],
): { readonly before: Segment; readonly now: Segment } | null {
  const segments = segmentsOf(nights);
  const [now, before] = [segments.at(-1), segments.at(-2)];
  return now?.nights.length === 1 && before !== undefined ? { before, now } : null;
}
