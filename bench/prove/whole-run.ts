import type { Pairs, SettledReason } from '../../src/core/analyze/claims/settled.ts';
import { baselineValues } from '../../src/core/analyze/rows/comparison.ts';
import type { Decision } from '../../src/core/measure/schedule/sampling.ts';
import { aaControl, type Cell, duetArm } from '../../src/core/model/trial/cell.ts';
import { type Arm, baseline, type Shape, type SimulatedSubject } from './shape.ts';

/** One cell of a simulated run so far. */
export interface SimulatedCell {
  readonly cell: Cell;
  readonly subject: SimulatedSubject;
  readonly arm: Arm;
  /** block → value */
  readonly values: Map<number, number>;
}

/** A simulated run that has ended; an extension goes on with it. */
export interface WholeRun {
  readonly shape: Shape;
  readonly cells: readonly SimulatedCell[];
  readonly spentMs: number;
  /** Number of its last block. */
  readonly blocks: number;
  readonly reason: Extract<Decision, { kind: 'stop' }>['reason'];
  /** Key of a compared cell → why it needed no more blocks; null where it did. */
  readonly settled: ReadonlyMap<string, SettledReason | null>;
}

/** A run of which nothing is measured yet. */
export function emptyRun(shape: Shape): WholeRun {
  const cells = shape.subjects.flatMap((subject) =>
    subject.arms.map((arm): SimulatedCell => {
      const { workload, params } = subject;
      const cell: Cell = { runtime: arm.runtime, profile: 'default', layer: 'docker', workload, params };
      return { cell, subject, arm, values: new Map() };
    }),
  );
  return { shape, cells, spentMs: 0, blocks: 0, reason: 'nothing-to-measure', settled: new Map() };
}

/** Are a runtime and its partner measured at once? */
export function inDuets({ subjects }: Shape): boolean {
  return subjects.some(({ arms }) => arms.some(({ runtime }) => runtime === duetArm(baseline, 'crun')));
}

/** The values of a cell beside those of the baseline of its subject. */
export function pairsOf({ arm, values }: SimulatedCell, subject: readonly SimulatedCell[]): Pairs {
  const valuesOf = (runtime: string) =>
    subject.find(({ cell }) => cell.runtime === runtime)?.values ?? new Map<number, number>();
  const partner = subject.find(({ cell }) => cell.runtime === duetArm(baseline, arm.runtime));
  const reference = partner?.values ?? baselineValues(valuesOf(baseline), valuesOf(aaControl(baseline)));
  return [...values].flatMap(([block, value]) => {
    const beside = reference.get(block);
    return beside === undefined ? [] : [[value, beside] as const];
  });
}
