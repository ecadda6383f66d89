/** An application that a model predicted without having seen it. */
export interface Score {
  /** Whose parameter variants share one weight. */
  readonly application: string;
  /** |ln(measured / predicted)|. */
  readonly error: number;
  /** What the model without this application predicts for the service. */
  readonly predicted: number;
}

/** Applications that an interval at this confidence needs at least: the new one is one of k + 1. */
export function applicationsNeeded(confidence: number): number {
  // Rounding must not ask for one more: 1/(1 − 0.9) is 10.000000000000002.
  return Math.ceil(1 / (1 - confidence) - 1 - 1e-9);
}

/** A value and the weight that it has. */
type Weighted = readonly [value: number, weight: number];

/** The smallest value up to which the weights reach `share`; Infinity where they do not. */
function weightedQuantile(values: readonly Weighted[], share: number): number {
  let sum = 0;
  for (const [value, weight] of values.toSorted((a, b) => a[0] - b[0])) {
    sum += weight;
    if (sum >= share - 1e-9) return value;
  }
  return Infinity;
}

/**
 * Interval of a service's CPU time by jackknife+ (Barber, Candès, Ramdas, Tibshirani, Ann. Stat. 49 (2021) 486), on a
 * logarithmic scale: each application's error around what the model without it predicts. The variants of an application
 * share its weight of 1/(k + 1), and the service itself has the rest, at infinity (pooled as in Dunn, Wasserman, Ramdas,
 * JASA 118 (2023) 2491). It covers a new application like the others with about `confidence`. Null where there are fewer
 * than {@link applicationsNeeded}.
 */
export function jackknifeInterval(
  scores: readonly Score[],
  confidence: number,
): { readonly low: number; readonly high: number } | null {
  const variants = Map.groupBy(scores, ({ application }) => application);
  if (variants.size < applicationsNeeded(confidence)) return null;
  const bound = (sign: 1 | -1) => {
    const ends = [...variants.values()].flatMap((own) =>
      own.map(({ error, predicted }): Weighted => {
        return [sign * Math.log(predicted) + error, 1 / own.length / (variants.size + 1)];
      }),
    );
    return Math.exp(sign * weightedQuantile(ends, confidence));
  };
  return { low: bound(-1), high: bound(1) };
}
