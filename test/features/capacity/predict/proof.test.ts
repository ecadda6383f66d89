import { expect, test } from 'vitest';
import { errorOf, rowsOf } from '../../../../bench/prove/prediction-rows.ts';
import { made, priors } from './made-samples.ts';

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const samples = made(9, 0.05, 'proof');
const rows = rowsOf(samples, priors, 0.8);

test('the proof has a row for every parameter set, better than rivals that know no costs', () => {
  expect(rows.map(({ application }) => application).toSorted()).toEqual(
    samples.map(({ application }) => application).toSorted(),
  );
  const of = (predicted: (row: (typeof rows)[number]) => number) =>
    median(rows.map((row) => Math.abs(errorOf(row, predicted(row)))));
  expect(of(({ predictedNs }) => predictedNs)).toBeLessThan(of(({ callsNs }) => callsNs));
  expect(of(({ predictedNs }) => predictedNs)).toBeLessThan(of(({ meanNs }) => meanNs));
});

test('nothing that is said of an application knows what it measured', () => {
  const name = 'app/5';
  const others = samples.map((sample) =>
    sample.application === name ? { ...sample, subjectNs: 7 * sample.subjectNs } : sample,
  );
  const told = (all: typeof rows) =>
    all.flatMap(({ application, predictedNs, low, high, meanNs, callsNs }) =>
      application === name ? [[predictedNs, low, high, meanNs, callsNs]] : [],
    );
  expect(told(rowsOf(others, priors, 0.8))).toEqual(told(rows));
  expect(told(rows)[0]?.every((value) => Number.isFinite(value))).toBe(true);
});
