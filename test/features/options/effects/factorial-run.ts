import { expandMatrices } from '../../../../src/core/config/matrix.ts';
import type { Design } from '../../../../src/core/model/run/design.ts';
import type { RunRecord } from '../../../../src/core/model/run/run.ts';
import type { Measurement } from '../../../../src/core/model/workload/metric.ts';
import { measurement, runRecord, runtimeFacts } from '../../../support/records.ts';

/** The design of a matrix `gv` over runsc. */
export function designOf(matrix: Readonly<Record<string, (string | boolean)[]>>): Design {
  const { designs } = expandMatrices([{ name: 'gv', extends: 'runsc', matrix }], { file: '', duet: false });
  const [design] = designs;
  if (design === undefined) throw new Error('no design');
  return design;
}

/** A finished run of runc and the arms of the designs. */
export function factorialRun(...designs: readonly Design[]): RunRecord {
  const arms = designs.flatMap((design) => design.arms.map(({ runtime }) => runtime));
  return runRecord({
    config: { designs: [...designs] },
    runtimes: ['runc', ...arms].map((name) => runtimeFacts(name)),
  });
}

/** A little noise that differs between cells and does not depend on chance. */
const noise = (seed: number, block: number) => 1 + 0.01 * Math.sin(seed * 12.9898 + block * 78.233);

/** What runc, which costs 100, and each arm measured in each block; all share the drift of a block. */
export function measured(
  design: Design,
  costOf: (levels: Readonly<Record<string, string>>) => number,
  blocks = 12,
): readonly Measurement[] {
  return Array.from({ length: blocks }, (_, at) => {
    const drift = 1 + 0.3 * Math.sin(at);
    return [
      measurement('runc', at + 1, 100 * drift * noise(99, at)),
      ...design.arms.map(({ runtime, levels }, seed) => {
        const named = Object.fromEntries(
          design.factors.map(({ name }, place) => [name, levels[place] ?? '']),
        );
        return measurement(runtime, at + 1, costOf(named) * drift * noise(seed, at));
      }),
    ];
  }).flat();
}
