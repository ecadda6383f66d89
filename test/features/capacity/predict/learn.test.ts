import { describe, expect, test } from 'vitest';
import { candidates } from '../../../../src/features/capacity/predict/features.ts';
import { jackknifeInterval, scoreOf } from '../../../../src/features/capacity/predict/interval.ts';
import {
  errorsByApplication,
  Learner,
  logError,
  predictedNs,
} from '../../../../src/features/capacity/predict/learn.ts';
import { made, priors, truth } from './made-samples.ts';

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

describe('learning corrections', () => {
  test('finds the factors that the applications were made with', () => {
    const families = candidates.find(({ name }) => name === 'families');
    if (families === undefined) throw new Error('no such form');
    const free = { ...families, ridge: 1e-6 };
    const model = new Learner(made(25, 0), priors, [free]).fit(free);
    const factor = (id: keyof typeof priors) => (model.costs[id] ?? 0) / priors[id];
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
    for (const [i, factor] of once.factors.entries()) expect(twice.factors[i]).toBeCloseTo(factor, 9);
  });

  test('without applications there is no model', () => {
    expect(new Learner([], priors, candidates).learn()).toBeNull();
    expect(new Learner(made(1, 0), priors, candidates).learn()).toBeNull();
  });
});

test('an application has one error, the mean of its parameter sets’', () => {
  const [sample] = made(1, 0);
  if (sample === undefined) throw new Error('no sample');
  const sets = [
    { ...sample, application: 'app/a', subjectNs: 100 },
    { ...sample, application: 'app/b', params: 'n=1', subjectNs: 100 },
    { ...sample, application: 'app/b', params: 'n=2', subjectNs: 200 },
  ];
  const errors = errorsByApplication(sets, (at) => [110, 80, 80][at] ?? 0);
  expect(errors).toHaveLength(2);
  expect(errors[0]).toBeCloseTo(0.1);
  expect(errors[1]).toBeCloseTo((0.2 + 0.6) / 2);
});

test('nine in ten intervals hold what was not seen', () => {
  // The choice is part of what is covered; with fewer forms it takes less time.
  const forms = candidates.filter(({ ridge }) => ridge === 0.03);
  let [covered, all] = [0, 0];
  for (let run = 0; run < 25; run++) {
    const samples = made(14, 0.15, `coverage ${run}`);
    const [unseen, ...others] = samples;
    if (unseen === undefined) continue;
    const left = new Learner(others, priors, forms).leaveOneOut();
    const interval = jackknifeInterval(
      left.map((each) => scoreOf(each, { features: unseen.features, cpuNs: unseen.nativeNs })),
      0.9,
    );
    all++;
    if (interval !== null && unseen.subjectNs >= interval.low && unseen.subjectNs <= interval.high) covered++;
  }
  // Of 25 at 0.9, fewer than 19 have a chance of one in a hundred.
  expect(covered).toBeGreaterThanOrEqual(19);
  expect(all).toBe(25);
});
