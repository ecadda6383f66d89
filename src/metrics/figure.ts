import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { saidAs } from '../model/said.ts';
import type { Figure } from '../model/trial.ts';

const text = notices('absent', {
  removed: '{cgroup} was removed in between, and what it had counted with it',
  backwards: '{source} went backwards: its cgroup was made anew in between',
});

/** What reading one file gave: its text, or why there is none. The seam between reading and parsing. */
export type FileRead = { readonly text: string } | { readonly missing: Message };

/** Files of one cgroup by their kernel names (`cpu.stat`, `memory.peak` …). */
export type CgroupFiles = Readonly<Record<string, FileRead>>;

/** Metric id → value or reason. */
export type Figures = Readonly<Record<string, Figure>>;

/** A figure with the file it was read from; with `cgroups` where it is a sum over several (their absolute paths). */
export function present(value: number, source: string, cgroups?: readonly string[]): Figure {
  return cgroups === undefined ? { value, source } : { value, source, cgroups: [...cgroups] };
}

/** No figure, and why. */
export function absent(reason: Message): Extract<Figure, { absent: string }> {
  return saidAs('absent', reason);
}

/** Only the values of the figures that have one. */
export function valuesOf(figures: Figures): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [id, figure] of Object.entries(figures)) if ('value' in figure) values[id] = figure.value;
  return values;
}

/**
 * The difference of a counter between two readings of the same source; absent where either is. Of a sum over
 * cgroups, one may have come into being in between, as it counted from zero; one that went away took its count along.
 */
export function figureDelta(before: Figure, after: Figure): Figure {
  if ('absent' in before) return before;
  if ('absent' in after) return after;
  const lost = before.cgroups?.find((path) => !after.cgroups?.includes(path));
  if (lost !== undefined) return absent(text.removed({ cgroup: lost }));
  const value = after.value - before.value;
  if (value < 0) return absent(text.backwards({ source: after.source }));
  return present(value, after.source, after.cgroups);
}
