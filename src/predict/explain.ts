import type { Attribution } from '../model/prediction.ts';
import type { Application } from './applications.ts';
import { attributionOf } from './attribution.ts';
import type { Pair } from './costs.ts';
import type { MeasuredCell } from './measured.ts';
import { learned } from './predict.ts';

/**
 * Where the measured CPU time of the run's applications under a runtime comes from, by costs that were learnt without the
 * application itself, so that its rest is what the model does not know. Empty where there are too few applications.
 */
export function explanationsOf(
  cells: readonly MeasuredCell[],
  applications: readonly Application[],
  pair: Pair,
): readonly Attribution[] {
  return learned(cells, applications, pair).left.map((left) =>
    attributionOf({
      runtime: pair.runtime,
      subject: `${left.application} ${left.params}`.trim(),
      per: 'unit',
      ...{ nativeNs: left.nativeNs, features: left.features, costs: left.model.costs },
      measuredNs: left.subjectNs,
    }),
  );
}
