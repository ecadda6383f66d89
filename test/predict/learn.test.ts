import { describe, expect, test } from 'vitest';
import type { FeatureId } from '../../src/model/prediction.ts';
import { type Random, seededRandom } from '../../src/model/prng.ts';
import { candidates } from '../../src/predict/candidates.ts';
import { jackknifeInterval } from '../../src/predict/conformal.ts';
import { Learner, logError, predictedNs, type Sample } from '../../src/predict/learn.ts';

/** Costs by the cells, ns; what they really are is a family's factor times that. */
const priors = {
  ...{ 'call.trap': 900, 'call.read': 1500, 'call.write': 1700, 'call.open': 9000, 'call.socket': 1700 },
  ...{ 'call.wait': 900, 'call.futex': 2000, 'call.memory': 2500, 'call.process': 3000, 'call.other': 900 },
  ...{ faults: 1800, switches: 9000, processes: 900_000, threads: 90_000, execs: 4_000_000, user: 0.02 },
} as const satisfies Partial<Record<FeatureId, number>>;
const truth = { light: 2, files: 1.4, waits: 3, pages: 0.6 } as const;

const trueFactor: Readonly<Partial<Record<FeatureId, number>>> = {
  ...{ 'call.trap': truth.light, 'call.other': truth.light, 'call.process': truth.light },
  ...{ 'call.memory': truth.light, 'call.read': truth.light, 'call.write': truth.light },
  ...{ 'call.open': truth.files, 'call.wait': truth.waits, 'call.futex': truth.waits },
  ...{ switches: truth.waits, 'call.socket': truth.waits, faults: truth.pages },
  ...{ processes: truth.pages, threads: truth.pages, execs: truth.pages },
};

/** An application that is heavy in some features; `noise`: standard deviation of ln(measured). */
function madeSample(application: string, random: Random, noise: number): Sample {
  const nativeNs = 10 ** (4 + 3 * random());
  const features = Object.fromEntries(
    Object.entries(priors).map(([id, cost]) => {
      const share = random() < 0.4 ? 0.8 * random() : 0.05 * random();
      return [id, id === 'user' ? 0.7 * nativeNs : (share * nativeNs) / cost];
    }),
  );
  const added = Object.entries(priors).reduce((sum, [id, cost]) => {
    return sum + cost * (trueFactor[id as FeatureId] ?? 1) * (features[id] ?? 0);
  }, 0);
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return {
    ...{ application, params: '', features, nativeNs },
    subjectNs: (nativeNs + added) * Math.exp(noise * normal),
  };
}

function made(count: number, noise: number, name = 'learn'): readonly Sample[] {
  const random = seededRandom(`${name} ${count} ${noise}`);
  return Array.from({ length: count }, (_, i) => madeSample(`app/${i}`, random, noise));
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

describe('learning corrections', () => {
  test('finds the factors that the applications were made with', () => {
    const learner = new Learner(made(25, 0), priors, candidates);
    const model = learner.learn();
    const factor = (id: keyof typeof priors) => (model?.costs[id] ?? 0) / priors[id];
    expect(factor('call.trap')).toBeCloseTo(truth.light, 1);
    expect(factor('call.open')).toBeCloseTo(truth.files, 1);
    expect(factor('switches')).toBeCloseTo(truth.waits, 1);
    expect(factor('faults')).toBeCloseTo(truth.pages, 1);
  });

  test('predicts what it has not seen, better than the cells alone', () => {
    const samples = made(20, 0.05);
    const left = new Learner(samples, priors, candidates).leaveOneOut();
    const errors = left.map((each) => logError(each, each.predictedNs));
    const alone = samples.map((each) => logError(each, predictedNs(priors, each.features, each.nativeNs)));
    expect(left).toHaveLength(20);
    expect(median(errors)).toBeLessThan(0.1);
    expect(median(errors)).toBeLessThan(median(alone) / 2);
  });

  test('leaves all parameter sets of an application out together', () => {
    const samples = made(8, 0.05).flatMap((sample) => [
      { ...sample, params: 'size=1' },
      { ...sample, params: 'size=2', subjectNs: sample.subjectNs * 1.5 },
    ]);
    const learner = new Learner(samples, priors, candidates);
    const other = samples.map((sample) =>
      sample.application === 'app/3' ? { ...sample, subjectNs: sample.subjectNs * 9 } : sample,
    );
    const of = (found: Learner) => found.leaveOneOut().filter(({ application }) => application === 'app/3');
    // Whatever the application measured, the model that predicts it does not know.
    expect(of(new Learner(other, priors, candidates)).map((each) => each.predictedNs)).toEqual(
      of(learner).map((each) => each.predictedNs),
    );
    expect(of(learner)).toHaveLength(2);
  });

  test('more parameter sets do not make an application heavier', () => {
    const [candidate] = candidates;
    if (candidate === undefined) throw new Error('no form');
    const samples = made(6, 0.1);
    const repeated = [...samples, ...samples.filter(({ application }) => application === 'app/0')];
    const once = new Learner(samples, priors, candidates).fit(candidate);
    const twice = new Learner(repeated, priors, candidates).fit(candidate);
    for (const [i, factor] of once.corrections.entries()) expect(twice.corrections[i]).toBeCloseTo(factor, 9);
  });

  test('without applications there is no model', () => {
    expect(new Learner([], priors, candidates).learn()).toBeNull();
    expect(new Learner(made(1, 0), priors, candidates).learn()).toBeNull();
  });
});

test('nine in ten intervals hold what was not seen', () => {
  let [covered, all] = [0, 0];
  for (let run = 0; run < 25; run++) {
    const samples = made(14, 0.15, `coverage ${run}`);
    const [unseen, ...others] = samples;
    if (unseen === undefined) continue;
    const left = new Learner(others, priors, candidates).leaveOneOut();
    const interval = jackknifeInterval(
      left.map((each) => ({
        application: each.application,
        error: logError(each, each.predictedNs),
        predicted: predictedNs(each.model.costs, unseen.features, unseen.nativeNs),
      })),
      0.9,
    );
    all++;
    if (interval !== null && unseen.subjectNs >= interval.low && unseen.subjectNs <= interval.high) covered++;
  }
  // Of 25 at 0.9, fewer than 19 have a chance of one in a hundred.
  expect(covered).toBeGreaterThanOrEqual(19);
  expect(all).toBe(25);
});
