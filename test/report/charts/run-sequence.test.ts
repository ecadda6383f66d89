import { expect, test } from 'vitest';
import { data, drawn, standard } from './drawn.ts';

test('sequence: the order is that of time', () => {
  const at = data(standard, 'run-sequence').map((value) => value.at);
  expect(at).toEqual(at.map((_, i) => i + 1));
});

test('sequence: trials of a disturbed host are crossed, and the caption counts them', () => {
  const noisy = standard.trials.filter(({ trial }) => (trial.noise?.flags.length ?? 0) > 0);
  const ids = new Set(noisy.map(({ trial }) => trial.trialId));
  const subject = /· (startup\/\S+); /.exec(drawn('run-sequence', standard).caption)?.[1];
  const expected = standard.measurements.filter(
    (one) =>
      one.phase === 'measure' &&
      one.cell.workload === subject &&
      one.metric === 'startup.to_output' &&
      one.value !== null &&
      ids.has(one.trialId),
  ).length;
  expect(expected).toBeGreaterThan(0);
  const all = data(standard, 'run-sequence');
  expect(all.filter((value) => value.disturbed === true)).toHaveLength(expected);
  expect(drawn('run-sequence', standard).caption).toContain(`disturbed (${expected} of ${all.length})`);
  const quiet = { ...standard, trials: [] };
  expect(data(quiet, 'run-sequence').some((value) => value.disturbed === true)).toBe(false);
  expect(drawn('run-sequence', quiet).caption).not.toContain('cross');
});

test('sequence: every other block is a band that holds its trials', () => {
  const { spec } = drawn('run-sequence', standard);
  const [bands] = spec.layer as { data: { values: { from: number; to: number }[] } }[];
  const all = data(standard, 'run-sequence');
  const within = bands?.data.values.flatMap(({ from, to }) =>
    all.filter(({ at }) => Number(at) > from && Number(at) < to),
  );
  expect(bands?.data.values.length).toBeGreaterThan(3);
  expect(within?.length).toBeGreaterThan(all.length / 3);
  expect(within?.length).toBeLessThan((2 * all.length) / 3);
});
