import type { Category } from '../../src/core/model/workload/metric.ts';

/** One cell of a simulated run. */
export interface Arm {
  readonly runtime: string;
  /** Standard deviation of the logarithm of its values. */
  readonly noise: number;
  /** Recorded residuals in units of its noise: the shape of it. */
  readonly residuals: readonly number[];
  readonly costMs: number;
  /** Logarithm of its true ratio to the baseline. */
  readonly truth: number;
}

/** The same work under every runtime; the baseline is its first arm. */
export interface SimulatedSubject {
  readonly workload: string;
  readonly params: string;
  readonly category: Category;
  /** Target half-width of its workload, as a fraction. */
  readonly target: number;
  readonly arms: readonly Arm[];
}

/** What a simulated run measures. */
export interface Shape {
  readonly name: string;
  readonly budgetMs: number;
  readonly subjects: readonly SimulatedSubject[];
}

export const baseline = 'runc';

export function subjectName({ workload, params }: Pick<SimulatedSubject, 'workload' | 'params'>): string {
  return `${workload} ${params}`;
}

/** Other noise, truth or cost for every arm. */
export function withArms(shape: Shape, change: (arm: Arm, subject: SimulatedSubject) => Arm): Shape {
  const subjects = shape.subjects.map((subject) => ({
    ...subject,
    arms: subject.arms.map((arm) => change(arm, subject)),
  }));
  return { ...shape, subjects };
}
