import { aaControl, duetArm } from '../../src/core/model/trial/cell.ts';
import { gaussian } from '../../test/core/analyze/simulated-run.ts';
import type { Host } from './host.ts';
import { type Arm, baseline, type Shape } from './shape.ts';

/** A shape whose runtimes are each measured at once with the baseline; the A/A control is where it was. */
export function inDuet(shape: Shape): Shape {
  const partner = (arm: Arm, own: Arm): Arm => ({
    ...own,
    runtime: duetArm(baseline, arm.runtime),
    truth: 0,
  });
  const subjects = shape.subjects.map((subject) => {
    const [own] = subject.arms;
    if (own === undefined) return subject;
    const others = subject.arms.filter(({ runtime }) => ![baseline, aaControl(baseline)].includes(runtime));
    const control = { ...own, runtime: aaControl(baseline) };
    return { ...subject, arms: [own, control, ...others.flatMap((arm) => [arm, partner(arm, own)])] };
  });
  return { ...shape, name: `${shape.name} in duets`, subjects };
}

/** A host on which other work comes and goes between trials: both arms of a duet share a disturbance of 40 %. */
export const shared: Host = {
  name: 'disturbed by 40 %',
  disturb: (random) => () => 0.4 * gaussian(random),
  scatter: (random, { noise }) => noise * gaussian(random),
};
