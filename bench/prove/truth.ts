import { type Shape, withArms } from './shape.ts';

/** What is true of the runtimes of a shape. */
export interface Truth {
  readonly name: string;
  readonly of: (shape: Shape) => Shape;
}

const crun = (shape: Shape, truthOf: (category: string) => number) =>
  withArms(shape, (arm, { category }) =>
    arm.runtime === 'crun' ? { ...arm, truth: Math.log(truthOf(category)) } : arm,
  );

/** No runtime differs from the baseline. */
export const equal: Truth = {
  name: 'nothing differs',
  of: (shape) => withArms(shape, (arm) => ({ ...arm, truth: 0 })),
};

/** crun costs as much more in every subject; gVisor as in the run of inputs/cells.csv. */
export function crunCosts(ratio: number): Truth {
  const name = ratio === 1 ? 'crun = runc' : `crun ${ratio.toFixed(2)}×`;
  return { name, of: (shape) => crun(shape, () => ratio) };
}

/** crun starts faster, and is the same elsewhere; gVisor as in the run of inputs/cells.csv. */
export function crunStarts(ratio: number): Truth {
  return {
    name: `crun starts ${ratio.toFixed(2)}×`,
    of: (shape) => crun(shape, (category) => (category === 'startup' ? ratio : 1)),
  };
}
