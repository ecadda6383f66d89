import { type Attribution, type Cause, type FeatureId, type Features, featureIds } from './prediction.ts';

/** CPU time that a runtime adds per feature, ns. Features without an addition are absent. */
export type Costs = Readonly<Partial<Record<FeatureId, number>>>;

/** An application under a runtime. */
export interface AttributionInput extends Pick<Attribution, 'runtime' | 'subject' | 'per' | 'nativeNs'> {
  /** Native counts per unit or second. */
  readonly features: Features;
  readonly costs: Costs;
  /** CPU time under the runtime, ns; null if it was not measured. */
  readonly measuredNs: number | null;
}

/** Splits an application's CPU time under a runtime into causes; the measured remainder is the rest. */
export function attributionOf(input: AttributionInput): Attribution {
  const { runtime, subject, per, nativeNs, features, costs, measuredNs } = input;
  const causes = featureIds.flatMap((cause): readonly Cause[] => {
    const [count, cost] = [features[cause], costs[cause]];
    return count === undefined || count === 0 || cost === undefined || cost === 0
      ? []
      : [{ cause, count, ns: count * cost }];
  });
  const sum = causes.reduce((total, { ns }) => total + ns, nativeNs);
  const rest: readonly Cause[] =
    measuredNs === null ? [] : [{ cause: 'rest', count: null, ns: measuredNs - sum }];
  return {
    runtime,
    subject,
    per,
    nativeNs,
    causes: [...causes.toSorted((a, b) => b.ns - a.ns), ...rest],
    subjectNs: measuredNs ?? sum,
    measured: measuredNs !== null,
  };
}
