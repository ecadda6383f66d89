import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { saidAs } from '../model/failure/said.ts';
import type { Figure } from '../model/trial/trial.ts';

const text = notices('absent', {
  removed: '{cgroup} was removed in the meantime, and its counts with it',
  backwards: '{source} went backwards: its cgroup was recreated in the meantime',
});

/** Result of reading one file: its text, or the reason for its absence. It separates reading from parsing. */
export type FileRead = { readonly text: string } | { readonly missing: Message };

/** Files of one cgroup by their kernel names (`cpu.stat`, `memory.peak` …). */
export type CgroupFiles = Readonly<Record<string, FileRead>>;

/** Metric id → value or reason. */
export type Figures = Readonly<Record<string, Figure>>;

/** A figure with its source file. `cgroups` lists the absolute paths of the cgroups if the figure is their sum. */
export function present(value: number, source: string, cgroups?: readonly string[]): Figure {
  return cgroups === undefined ? { value, source } : { value, source, cgroups: [...cgroups] };
}

/** No figure, with the reason. */
export function absent(reason: Message): Extract<Figure, { absent: string }> {
  return saidAs('absent', reason);
}

/** Keep only the values of the figures that have one. */
export function valuesOf(figures: Figures): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [id, figure] of Object.entries(figures)) if ('value' in figure) values[id] = figure.value;
  return values;
}

/**
 * Difference of a counter between two readings of the same source; absent where either reading is absent. In a sum over
 * cgroups, a new cgroup is fine, since it counts from zero. A cgroup that disappeared took its count along, so the
 * difference is absent.
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
