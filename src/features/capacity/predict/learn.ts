import { mean } from 'simple-statistics';
import type { Costs } from './attribution.ts';
import type { Candidate, CostColumn } from './features.ts';
import { type FeatureId, type Features, featureIds } from './prediction.ts';

/** A quadratic function of a few variables: βᵀ·gram·β − 2·βᵀ·moment; penalties add to both. */
export interface Quadratic {
  /** Symmetric, positive semidefinite; one row per variable. */
  readonly gram: readonly (readonly number[])[];
  readonly moment: readonly number[];
}

/** Sum of quadratics: the function of all their data together. */
function sumOf(parts: readonly Quadratic[], size: number): Quadratic {
  const gram = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const moment = new Array<number>(size).fill(0);
  for (const part of parts)
    for (let i = 0; i < size; i++) {
      moment[i] = (moment[i] ?? 0) + (part.moment[i] ?? 0);
      const row = gram[i] ?? [];
      for (let j = 0; j < size; j++) row[j] = (row[j] ?? 0) + (part.gram[i]?.[j] ?? 0);
    }
  return { gram, moment };
}

/** Data points (row of the variables, target, weight) as a quadratic: weighted least squares. */
export function leastSquares(
  points: readonly { readonly row: readonly number[]; readonly target: number; readonly weight: number }[],
  size: number,
): Quadratic {
  return sumOf(
    points.map(({ row, target, weight }) => ({
      gram: row.map((a) => row.map((b) => weight * a * b)),
      moment: row.map((a) => weight * a * target),
    })),
    size,
  );
}

/** Pulls each variable towards its prior: adds `strength`·(β − prior)². */
export function withPrior(
  { gram, moment }: Quadratic,
  priors: readonly number[],
  strength: number,
): Quadratic {
  return {
    gram: gram.map((row, i) => row.map((value, j) => (i === j ? value + strength : value))),
    moment: moment.map((value, i) => value + strength * (priors[i] ?? 0)),
  };
}

const maxSweeps = 20_000;
/** Convergence: relative change of a sweep below which it stops. */
const still = 1e-11;

/**
 * Minimizes the function over non-negative variables by cyclic coordinate descent, which converges if the function is strictly
 * convex. A variable without effect becomes 0.
 */
export function leastNonNegative({ gram, moment }: Quadratic): readonly number[] {
  const beta = moment.map(() => 0);
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    let [moved, largest] = [0, 0];
    for (let i = 0; i < beta.length; i++) {
      const row = gram[i] ?? [];
      const own = row[i] ?? 0;
      const before = beta[i] ?? 0;
      const others = row.reduce((sum, value, j) => (j === i ? sum : sum + value * (beta[j] ?? 0)), 0);
      const next = own > 0 ? Math.max(0, ((moment[i] ?? 0) - others) / own) : 0;
      beta[i] = next;
      moved = Math.max(moved, Math.abs(next - before));
      largest = Math.max(largest, next);
    }
    if (moved <= still * largest) break;
  }
  return beta;
}

/** One parameter set of an application under a runtime. */
export interface ApplicationSample {
  /** Workload; cross-validation leaves out all of its parameter sets together. */
  readonly application: string;
  readonly params: string;
  readonly features: Features;
  /** CPU time of a unit under the native runtime, ns. */
  readonly nativeNs: number;
  /** CPU time of a unit under the runtime, ns. */
  readonly subjectNs: number;
}

/** Costs of features from the run's own cells, ns. */
export type Priors = Costs;

/** A fitted model. */
export interface Model {
  readonly candidate: Candidate;
  /** Factors, in the order of the candidate's columns. */
  readonly factors: readonly number[];
  /** Corrected costs. */
  readonly costs: Costs;
}

/** Prediction for an application by a model that was fitted without it. */
export interface LeaveOneOutResult extends ApplicationSample {
  readonly predictedNs: number;
  /** Model fitted, and its form chosen, without this application. */
  readonly model: Model;
}

/** CPU time under the runtime by these costs, ns. */
export function predictedNs(costs: Costs, features: Features, nativeNs: number): number {
  return Object.entries(costs).reduce(
    (sum, [id, cost]) => sum + cost * (features[id as FeatureId] ?? 0),
    nativeNs,
  );
}

/** |ln(measured / predicted)|: symmetric for half and double. */
export function logError({ subjectNs }: ApplicationSample, predicted: number): number {
  return Math.abs(Math.log(subjectNs / predicted));
}

/** Relative errors, one for each application: the mean of its parameter sets'. */
export function errorsByApplication(
  left: readonly ApplicationSample[],
  predicted: (index: number) => number,
): readonly number[] {
  const errors = left.map(({ application, subjectNs }, at) => ({
    application,
    error: Math.abs(predicted(at) / subjectNs - 1),
  }));
  return [...Map.groupBy(errors, ({ application }) => application).values()].map((own) =>
    mean(own.map(({ error }) => error)),
  );
}

/** Cost of a feature in a column before the factor, ns. */
function priceIn({ features, price }: CostColumn, priors: Priors, id: FeatureId): number {
  return features.includes(id) ? (priors[price === 'own' ? id : 'call.trap'] ?? 0) : 0;
}

function columnsOf({ columns }: Candidate, priors: Priors, features: Features): readonly number[] {
  return columns.map((column) =>
    column.features.reduce((sum, id) => sum + (features[id] ?? 0) * priceIn(column, priors, id), 0),
  );
}

/** Weight of (level − 1)²: small, so that it decides only without data. */
const levelStrength = 1e-4;

/**
 * Priors of the factors. The level is fitted first, as one common factor of its columns: so the penalty applies only to
 * differences between factors, not to their common part.
 */
function priorsOf(columns: readonly CostColumn[], data: Quadratic): readonly number[] {
  const kinds = (['level', 'one'] as const).map((kind) => columns.map(({ prior }) => Number(prior === kind)));
  const common = {
    gram: kinds.map((a) =>
      kinds.map((b) => data.gram.reduce((sum, row, i) => sum + (a[i] ?? 0) * product(row, b), 0)),
    ),
    moment: kinds.map((a) => product(data.moment, a)),
  };
  const [level = 1] = leastNonNegative(withPrior(common, [1, 1], levelStrength));
  return columns.map(({ prior }) => (prior === 'level' ? level : Number(prior === 'one')));
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/** The applications of a run under one runtime, prepared for fits that leave out any of them. */
export class Learner {
  readonly #samples: ReadonlyMap<string, readonly ApplicationSample[]>;
  readonly #priors: Priors;
  readonly #candidates: readonly Candidate[];
  readonly #parts: ReadonlyMap<Candidate, ReadonlyMap<string, Quadratic>>;

  constructor(samples: readonly ApplicationSample[], priors: Priors, candidates: readonly Candidate[]) {
    this.#samples = Map.groupBy(samples, ({ application }) => application);
    this.#priors = priors;
    this.#candidates = candidates;
    this.#parts = new Map(candidates.map((candidate) => [candidate, this.#quadratics(candidate)]));
  }

  get applications(): readonly string[] {
    return [...this.#samples.keys()];
  }

  /** Squared errors relative to the measured CPU time; the parameter sets of an application share a weight of 1. */
  #quadratics(candidate: Candidate): ReadonlyMap<string, Quadratic> {
    return new Map(
      [...this.#samples].map(([application, own]) => {
        const points = own.map(({ features, nativeNs, subjectNs }) => ({
          row: columnsOf(candidate, this.#priors, features).map((ns) => ns / subjectNs),
          target: (subjectNs - nativeNs) / subjectNs,
          weight: 1 / own.length,
        }));
        return [application, leastSquares(points, candidate.columns.length)] as const;
      }),
    );
  }

  /** Fits a form to all applications except `without`. */
  fit(candidate: Candidate, without: readonly string[] = []): Model {
    const parts = [...(this.#parts.get(candidate) ?? [])].flatMap(([application, part]) =>
      without.includes(application) ? [] : [part],
    );
    const { columns, ridge } = candidate;
    const data = sumOf(parts, columns.length);
    const factors = leastNonNegative(withPrior(data, priorsOf(columns, data), ridge));
    const costs = featureIds.flatMap((id) => {
      const cost = columns.reduce(
        (sum, column, index) => sum + (factors[index] ?? 0) * priceIn(column, this.#priors, id),
        0,
      );
      return cost > 0 ? [[id, cost] as const] : [];
    });
    return { candidate, factors, costs: Object.fromEntries(costs) };
  }

  /** Leave-one-out error of a form, over all applications except `without`. */
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

  /** The model of the form with the lowest leave-one-out error; null if fewer than two applications are left. */
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

  /** Predicts each application by a model whose form and fit never used it. */
  leaveOneOut(): readonly LeaveOneOutResult[] {
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
