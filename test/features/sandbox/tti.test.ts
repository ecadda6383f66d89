import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { absent } from '../../../src/core/metrics/figure.ts';
import { timeTo } from '../../../src/core/model/trial/evidence.ts';
import { ParseError } from '../../../src/core/model/trial/parser-output.ts';
import type { TrialRecord } from '../../../src/core/model/trial/trial.ts';
import { commandMarks } from '../../../src/features/sandbox/tti/latencies.ts';
import tti from '../../../src/features/sandbox/workloads/sandbox/tti.ts';
import { output, valuesOf } from '../../workloads/support.ts';

type Burst = Pick<TrialRecord, 'marks' | 'copies' | 'figures'> & { readonly runtime: string };

/** Bursts of ten sandboxes as trials of a real run recorded them. */
const bursts = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/sandbox/tti-burst.json'), 'utf8'),
) as readonly Burst[];
const params = { mode: 'burst', count: 10 };

const parsed = ({ marks, copies, figures }: Burst, of = params) =>
  valuesOf(tti.parse(output('', { marks, copies, figures }), of));

/** The burst as if sandboxes had failed. */
function withFailures(burst: Burst, indices: readonly number[]): Burst {
  const causes = indices.map((index) => [`sandbox.${index}`, absent({ id: 'external', text: 'start: no' })]);
  return {
    ...burst,
    copies: burst.copies.filter(({ index }) => !indices.includes(index)),
    figures: { ...burst.figures, ...Object.fromEntries(causes) },
  };
}

test.each(bursts.map((burst) => [burst.runtime, burst] as const))('a burst under %s', (_, burst) => {
  const values = parsed(burst);
  const { 'tti.p50': p50 = 0, 'tti.max': max = 0, 'tti.rate': rate = 0 } = values;
  expect(p50).toBeGreaterThan(0);
  expect(max).toBeGreaterThanOrEqual(p50);
  expect(values).toMatchObject({ 'tti.success': 1, 'work.units': 10 });
  // Two CPUs, ten sandboxes: a fifth of the time until the last has answered.
  expect(values['tti.core_time']).toBeCloseTo((2 / rate) * 1e9, 0);
  expect(values['tti.memory']).toBeGreaterThan(2 ** 20);
  expect(Object.keys(values)).not.toContain('tti.p95');
});

test('the time to the first command is that of each sandbox, not of the whole burst', () => {
  const [burst] = bursts;
  if (burst === undefined) throw new Error('no fixture');
  const later = burst.copies.map(({ index, marks }) => ({
    index,
    marks: marks.map(({ name, atNs }) => ({ name, atNs: atNs + index * 1e9 })),
  }));
  expect(parsed({ ...burst, copies: later })['tti.p50']).toBe(parsed(burst)['tti.p50']);
});

test('a burst in which a sandbox failed has no figures: the others had more of the host', () => {
  for (const burst of bursts)
    for (const mode of ['burst', 'staggered']) {
      // The three fastest or the three slowest: the median of the survivors would be another one.
      const sorted = burst.copies
        .toSorted((a, b) => (timeTo(commandMarks.output, a) ?? 0) - (timeTo(commandMarks.output, b) ?? 0))
        .map(({ index }) => index);
      for (const gone of [sorted.slice(0, 3), sorted.slice(-3)]) {
        const some = () => parsed(withFailures(burst, gone), { ...params, mode });
        expect(some).toThrow(ParseError);
        expect(some).toThrow(
          '3 of 10 sandboxes failed, and the others had more of the host; the first cause',
        );
      }
    }
});

/** What a trial tells although it failed. */
function toldBy(action: () => unknown): ParseError['told'] {
  try {
    action();
  } catch (error) {
    if (error instanceof ParseError) return error.told;
    throw error;
  }
  throw new Error('it did not fail');
}

test('of a trial that failed, the share of answers and the most frequent cause are told, and no time', () => {
  const [burst] = bursts;
  if (burst === undefined) throw new Error('no fixture');
  const exec = absent({ id: 'external', text: 'exec: exit code 128' });
  for (const [mode, gone] of [
    ['burst', [4]],
    ['staggered', [0, 3, 4]],
    ['sequential', [0, 1, 2, 3, 4]],
    ['burst', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ] as const) {
    const { figures, ...some } = withFailures(burst, gone);
    const causes = { ...figures, ...(gone.length < 3 ? {} : { 'sandbox.3': exec, 'sandbox.4': exec }) };
    const { values, facts } = toldBy(() => parsed({ ...some, figures: causes }, { ...params, mode }));
    expect(valuesOf(values)).toEqual({
      'tti.success': (10 - gone.length) / 10,
      'work.units': 10 - gone.length,
    });
    const most = mode === 'staggered' ? 'exec: exit code 128' : 'start: no';
    expect(facts).toMatchObject([{ id: 'tti.failure', value: { text: most } }]);
  }
  const evidence = output('', withFailures(burst, [2]));
  expect(tti.facts?.(evidence, params)).toHaveLength(1);
  expect(tti.facts?.(output('', burst), params)).toEqual([]);
});

test('one after the other: failures lower the share of successes, and count as infinitely slow', () => {
  const oneByOne = { ...params, mode: 'sequential' };
  for (const burst of bursts) {
    const all = parsed(burst, oneByOne);
    const sorted = burst.copies
      .map((copy) => ({ index: copy.index, latency: timeTo(commandMarks.output, copy) ?? 0 }))
      .toSorted((a, b) => a.latency - b.latency);
    // Without the three fastest the median of ten is that of the 8th and the 9th.
    const some = parsed(
      withFailures(
        burst,
        sorted.slice(0, 3).map(({ index }) => index),
      ),
      oneByOne,
    );
    expect(some).toMatchObject({ 'tti.success': 0.7, 'work.units': 7 });
    expect(some['tti.p50']).toBe(((sorted[7]?.latency ?? 0) + (sorted[8]?.latency ?? 0)) / 2);
    expect(some['tti.p50']).toBeGreaterThan(all['tti.p50'] ?? Number.POSITIVE_INFINITY);
    expect(some['tti.max']).toBeUndefined();
  }
});

test('a rate and the time per CPU are those of bursts: others pause or remove in between', () => {
  for (const burst of bursts)
    for (const mode of ['sequential', 'staggered']) {
      const values = parsed(burst, { ...params, mode });
      expect(values['tti.p50']).toBe(parsed(burst)['tti.p50']);
      for (const metric of ['tti.rate', 'tti.core_time']) expect(values[metric]).toBeUndefined();
    }
});

test('several at once need the host of the engine, for its room is read', () => {
  expect(tti.group?.(params)).toMatchObject({ needsHost: true });
  expect(tti.group?.({ mode: 'staggered', count: 3 })).toMatchObject({ needsHost: true });
  expect(tti.group?.({ mode: 'sequential', count: 3 })).not.toHaveProperty('needsHost');
});

test('a median that falls among failures fails the trial with the first cause', () => {
  const [burst] = bursts;
  if (burst === undefined) throw new Error('no fixture');
  const half = () => parsed(withFailures(burst, [0, 2, 4, 6, 8]), { ...params, mode: 'sequential' });
  expect(half).toThrow(ParseError);
  expect(half).toThrow(
    '5 of 10 sandboxes failed, so the median time has no value; the first cause: start: no',
  );
});

test('a sandbox that neither answered nor failed is no success', () => {
  const [burst] = bursts;
  if (burst === undefined) throw new Error('no fixture');
  expect(() => parsed({ ...burst, copies: burst.copies.slice(1) })).toThrow(
    '1 of 10 sandboxes have neither an answer nor a cause',
  );
  const copies = burst.copies.map(({ index, marks }) => ({
    index,
    marks: marks.filter(({ name }) => name !== 'command-output'),
  }));
  expect(() => parsed({ ...burst, copies })).toThrow('has no first byte of its command');
});

test('a host without room is a refusal with its reason', () => {
  const reason = absent({ id: 'external', text: 'no memory' });
  const refusal = tti.refused?.(output('', { figures: { 'sandbox.room': reason } }), params);
  expect(refusal).toMatchObject({ text: 'no memory' });
  expect(tti.refused?.(output(''), params)).toBeNull();
});
