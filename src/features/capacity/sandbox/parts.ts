import { heldBytes } from '../../../../workloads/lib/held-memory.ts';
import { defaultLayer, parseParams } from '../../../core/model/cell.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import type { OverheadPart } from './overhead-record.ts';

/** The workloads whose trials the parts are made of. */
export const partWorkloads = {
  sized: 'memory/sized',
  idle: 'memory/idle',
  density: 'startup/density',
  echo: 'startup/echo',
  atRest: 'cpu/at-rest',
} as const;

const { sized, idle, density, echo, atRest } = partWorkloads;

const workloadsOf: Readonly<Record<OverheadPart, readonly string[]>> = {
  size: [sized],
  count: [idle, density],
  start: [echo],
  idle: [atRest],
};

export const overheadParts = Object.keys(workloadsOf) as readonly OverheadPart[];

/** A line through fewer sizes would fit whatever they are. */
export const leastSizes = 3;

/** A workload that a run lacks for a part. */
export interface MissingWorkload {
  readonly part: OverheadPart;
  readonly workload: string;
  /** Sizes that the run has of it, where it has too few. */
  readonly sizes: number;
}

/** What a run did not set out to measure of a part; empty where it has all of it. */
export function missingOf(
  part: OverheadPart,
  { subjects }: Pick<RunRecord, 'subjects'>,
): readonly MissingWorkload[] {
  return workloadsOf[part].flatMap((workload) => {
    const own = subjects.filter(
      (subject) => subject.workload === workload && (subject.layer ?? defaultLayer) === defaultLayer,
    );
    if (workload !== sized) return own.length > 0 ? [] : [{ part, workload, sizes: 0 }];
    const sizes = new Set(own.flatMap(({ params }) => heldBytes(parseParams(params).size) ?? []));
    return sizes.size >= leastSizes ? [] : [{ part, workload, sizes: sizes.size }];
  });
}

/** The workloads of these parts, each once. */
export function workloadsOfParts(parts: readonly OverheadPart[]): readonly string[] {
  return [...new Set(parts.flatMap((part) => workloadsOf[part]))];
}
