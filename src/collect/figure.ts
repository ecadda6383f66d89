import type { Figure } from '../model/trial.ts';

/** What reading one file gave: its text, or why there is none. The seam between reading and parsing. */
export type FileRead = { readonly text: string } | { readonly missing: string };

/** Files of one cgroup by their kernel names (`cpu.stat`, `memory.peak` …). */
export type CgroupFiles = Readonly<Record<string, FileRead>>;

/** Metric id → value or reason. */
export type Figures = Readonly<Record<string, Figure>>;

/** A figure with the file it was read from. */
export function present(value: number, source: string): Figure {
  return { value, source };
}

/** No figure, and why. */
export function absent(reason: string): Figure {
  return { absent: reason };
}

/** Only the values of the figures that have one. */
export function valuesOf(figures: Figures): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [id, figure] of Object.entries(figures)) if ('value' in figure) values[id] = figure.value;
  return values;
}

/** The difference of a counter between two readings of the same source; absent where either is. */
export function figureDelta(before: Figure, after: Figure): Figure {
  if ('absent' in before) return before;
  if ('absent' in after) return after;
  const value = after.value - before.value;
  if (value < 0) return absent(`${after.source} went backwards: its cgroup was made anew in between`);
  return present(value, after.source);
}
