import type { FeatureId, Features } from '../model/prediction.ts';
import type { Costs } from './attribution.ts';
import type { Candidate } from './candidates.ts';
import { leastNonNegative, leastSquares, type Quadratic, sumOf, withPrior } from './nnls.ts';

/** One parameter set of an application under a runtime. */
export interface Sample {
  /** Workload: its parameter sets are left out together. */
  readonly application: string;
  readonly params: string;
  readonly features: Features;
  /** CPU time of a unit under the native runtime, ns. */
  readonly nativeNs: number;
  /** The same under the runtime. */
  readonly subjectNs: number;
}

/** Costs of features by the run's own cells, ns. */
export type Priors = Costs;

/** A fitted model. */
export interface Model {
  readonly candidate: Candidate;
  /** The correction of each family, in the order of the candidate's. */
  readonly corrections: readonly number[];
  /** Corrected costs. */
  readonly costs: Costs;
}

/** What a model says of an application that it was not fitted to. */
export interface LeftOut extends Sample {
  readonly predictedNs: number;
  /** Fitted, and its form chosen, without this application. */
  readonly model: Model;
}

/** CPU time under the runtime by these costs, ns. */
export function predictedNs(costs: Costs, features: Features, nativeNs: number): number {
  return Object.entries(costs).reduce(
    (sum, [id, cost]) => sum + cost * (features[id as FeatureId] ?? 0),
    nativeNs,
  );
}

/** |ln(measured / predicted)|: the same for half as much and for twice as much. */
export function logError({ subjectNs }: Sample, predicted: number): number {
  return Math.abs(Math.log(subjectNs / predicted));
}

function columnsOf({ families }: Candidate, priors: Priors, features: Features): readonly number[] {
  return families.map((family) =>
    family.reduce((sum, id) => sum + (features[id] ?? 0) * (priors[id] ?? 0), 0),
  );
}

/** The applications of a run under one runtime, ready to be fitted to without any of them. */
export class Learner {
  readonly #samples: ReadonlyMap<string, readonly Sample[]>;
  readonly #priors: Priors;
  readonly #candidates: readonly Candidate[];
  readonly #parts: ReadonlyMap<Candidate, ReadonlyMap<string, Quadratic>>;

  constructor(samples: readonly Sample[], priors: Priors, candidates: readonly Candidate[]) {
    this.#samples = Map.groupBy(samples, ({ application }) => application);
    this.#priors = priors;
    this.#candidates = candidates;
    this.#parts = new Map(candidates.map((candidate) => [candidate, this.#quadratics(candidate)]));
  }

  get applications(): readonly string[] {
    return [...this.#samples.keys()];
  }

  /** Squared errors relative to the measured whole; an application's parameter sets share a weight of 1. */
  #quadratics(candidate: Candidate): ReadonlyMap<string, Quadratic> {
    return new Map(
      [...this.#samples].map(([application, own]) => {
        const points = own.map(({ features, nativeNs, subjectNs }) => ({
          row: columnsOf(candidate, this.#priors, features).map((ns) => ns / subjectNs),
          target: (subjectNs - nativeNs) / subjectNs,
          weight: 1 / own.length,
        }));
        return [application, leastSquares(points, candidate.families.length)] as const;
      }),
    );
  }

  /** Fits one form to all applications but these. */
  fit(candidate: Candidate, without: readonly string[] = []): Model {
    const parts = [...(this.#parts.get(candidate) ?? [])].flatMap(([application, part]) =>
      without.includes(application) ? [] : [part],
    );
    const size = candidate.families.length;
    const ones = candidate.families.map(() => 1);
    const corrections = leastNonNegative(withPrior(sumOf(parts, size), ones, candidate.ridge));
    const costs = candidate.families.flatMap((family, index) =>
      family.flatMap((id) => {
        const prior = this.#priors[id];
        return prior === undefined ? [] : [[id, prior * (corrections[index] ?? 1)] as const];
      }),
    );
    return { candidate, corrections, costs: Object.fromEntries(costs) };
  }

  /** The mean error of a form for applications that it is not fitted to, without these altogether. */
  #error(candidate: Candidate, without: readonly string[]): number {
    const left = this.applications.filter((application) => !without.includes(application));
    const errors = left.map((application) => {
      const { costs } = this.fit(candidate, [...without, application]);
      const own = this.#samples.get(application) ?? [];
      const sum = own.reduce((total, sample) => {
        return total + logError(sample, predictedNs(costs, sample.features, sample.nativeNs));
      }, 0);
      return sum / own.length;
    });
    return errors.reduce((sum, error) => sum + error, 0) / errors.length;
  }

  /** The model whose form errs least on applications that it has not seen; null where only one application is left. */
  learn(without: readonly string[] = []): Model | null {
    const [first, ...others] = this.#candidates;
    if (first === undefined || this.applications.length - without.length < 2) return null;
    let [best, least] = [first, this.#error(first, without)];
    for (const candidate of others) {
      const error = this.#error(candidate, without);
      if (error < least) [best, least] = [candidate, error];
    }
    return this.fit(best, without);
  }

  /** Each application by a model that never saw it, neither to fit nor to choose its form. */
  leaveOneOut(): readonly LeftOut[] {
    return [...this.#samples].flatMap(([application, own]) => {
      const model = this.learn([application]);
      if (model === null) return [];
      return own.map((sample) => ({
        ...sample,
        model,
        predictedNs: predictedNs(model.costs, sample.features, sample.nativeNs),
      }));
    });
  }
}
