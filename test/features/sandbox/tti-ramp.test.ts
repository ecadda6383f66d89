import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { absent } from '../../../src/core/metrics/figure.ts';
import type { TrialRecord } from '../../../src/core/model/trial/trial.ts';
import { charts } from '../../../src/report/charts/index.ts';
import { renderSvg } from '../../../src/report/render/svg.ts';
import { drawn, standard } from '../../report/charts/drawn.ts';
import type { Synthetic } from '../../report/support.ts';
import { cell, runSubject, trialRecord } from '../../support/records.ts';

type Burst = Pick<TrialRecord, 'marks' | 'copies' | 'figures'> & { readonly runtime: string };

/** Bursts of ten sandboxes as trials of a real run recorded them. */
const bursts = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/sandbox/tti-burst.json'), 'utf8'),
) as readonly Burst[];

const failure: TrialRecord['outcome'] = {
  status: 'failed',
  step: 'parse',
  error: { code: 'output', message: '2 of 10 sandboxes failed' },
};

/** A run that has these trials, too; the first `failed` of them failed. */
function runWith(trials: readonly Burst[], params = 'count=10;mode=burst', failed = 0): Synthetic {
  const records = trials.map(({ runtime, ...evidence }, i) => {
    const trial = trialRecord({
      ...evidence,
      trialId: `t${i}`,
      cell: cell(runtime, 'sandbox/tti', params),
      block: 1 + i,
      ...(i < failed ? { outcome: failure } : {}),
    });
    return { trial, outcome: trial.outcome };
  });
  const { run } = standard;
  return {
    ...standard,
    run: { ...run, subjects: [...run.subjects, runSubject('sandbox/tti', { params })] },
    trials: [...standard.trials, ...records],
  };
}

interface Point {
  readonly runtime: string;
  readonly ready: number;
  readonly value: number;
  readonly low: number;
  readonly high: number | null;
}
const pointsOf = (input: Synthetic, runtime: string) =>
  (drawn('tti-ramp', input).spec as { data: { values: Point[] } }).data.values.filter(
    (point) => point.runtime === runtime,
  );

test('a line a runtime: sandboxes that have answered, by the time since the first create call', () => {
  const input = runWith(bursts);
  const chart = drawn('tti-ramp', input);
  expect(chart.title).toBe('10 sandboxes at once: how many have answered');
  for (const { runtime, copies } of bursts) {
    const points = pointsOf(input, runtime);
    expect(points.map(({ ready }) => ready)).toEqual(Array.from({ length: 10 }, (_, i) => i + 1));
    const last = Math.max(
      ...copies.flatMap(({ marks }) =>
        marks.filter(({ name }) => name === 'command-output').map((m) => m.atNs),
      ),
    );
    expect(points.at(-1)?.value).toBeCloseTo(last / 1e9, 2);
    for (const { low, value, high } of points) expect([low, high]).toEqual([value, value]);
  }
});

test('over several trials the median, and a band from the fastest to the slowest', () => {
  const [burst] = bursts;
  if (burst === undefined) throw new Error('no fixture');
  const times = (factor: number): Burst => ({
    ...burst,
    copies: burst.copies.map(({ index, marks }) => ({
      index,
      marks: marks.map(({ name, atNs }) => ({ name, atNs: atNs * factor })),
    })),
  });
  const [first] = pointsOf(runWith([times(2), burst, times(3)]), burst.runtime);
  if (first === undefined) throw new Error('no point');
  expect(first.value).toBeCloseTo(2 * first.low, 2);
  expect(first.high).toBeCloseTo(3 * first.low, 2);
});

test('a trial with failed sandboxes is not drawn, and the caption says how many failed', () => {
  const [burst, ...others] = bursts;
  if (burst === undefined) throw new Error('no fixture');
  const { runtime } = burst;
  const failing: Burst = {
    ...burst,
    copies: burst.copies.slice(0, 8),
    figures: {
      ...burst.figures,
      ...Object.fromEntries([8, 9].map((i) => [`sandbox.${i}`, absent({ id: 'external', text: 'no' })])),
    },
  };
  const some = runWith([failing, burst, burst, ...others], 'count=10;mode=burst', 1);
  expect(pointsOf(some, runtime)).toEqual(pointsOf(runWith([burst, burst, ...others]), runtime));
  expect(drawn('tti-ramp', some).caption).toContain(`${runtime}: 1 of 3 trials failed`);
  expect(drawn('tti-ramp', runWith(bursts)).caption).not.toContain('failed');
  // A runtime without any success has no line, and is named.
  const none = runWith([failing, ...others], 'count=10;mode=burst', 1);
  expect(pointsOf(none, runtime)).toEqual([]);
  expect(drawn('tti-ramp', none).caption).toContain(`${runtime}: 1 of 1 trial failed`);
});

test('no chart where nothing was scheduled, and a reason where nothing succeeded', () => {
  const find = (input: Synthetic) => charts({ ...input, lang: 'en' }).find(({ id }) => id === 'tti-ramp');
  expect(find(standard)).toBeUndefined();
  expect(find(runWith([]))).toMatchObject({ absent: 'no burst of the workload sandbox/tti has values' });
  expect(find(runWith(bursts, 'count=10;mode=sequential'))).toHaveProperty('absent');
});

test.each(['en', 'fr'] as const)('it draws without a warning, wide and narrow: %s', async (lang) => {
  const chart = drawn('tti-ramp', runWith(bursts), lang);
  for (const spec of [chart.spec, chart.narrow]) {
    const { svg, warnings } = await renderSvg(spec);
    expect(warnings).toEqual([]);
    // A line and a band for each runtime.
    for (const mark of ['line', 'area']) expect(svg.split(`mark-${mark} `)).toHaveLength(1 + bursts.length);
  }
});
