import { expect, test } from 'vitest';
import type { Layer } from '../../../../src/core/model/trial/cell.ts';
import sandbox from '../../../../src/features/sandbox/answers/sandbox.ts';
import { analysisContext } from '../../../../src/report/context.ts';
import { standard } from '../../../report/charts/drawn.ts';

const [any] = standard.analysis.rows.filter(({ metric, median }) => metric !== null && median !== null);

/** A row of restore/node under runsc: median and interval in ms, and the number of values. */
function row(layer: Layer, metric: string, n: number, [median, ciLow, ciHigh] = [0, 0, 0]) {
  if (any === undefined) throw new Error('the synthetic run has no rows');
  return {
    ...any,
    runtime: 'runsc',
    workload: 'restore/node',
    category: 'restore' as const,
    params: 'warmUp=200',
    layer,
    metric,
    n,
    unit: 'ns' as const,
    median: median * 1e6,
    ciLow: ciLow * 1e6,
    ciHigh: ciHigh * 1e6,
  };
}

function said(rows: readonly ReturnType<typeof row>[]): readonly string[] {
  const context = analysisContext({ ...standard, lang: 'en' });
  return sandbox('runsc', { ...context, rows }).map(({ text }) => text);
}

test('each layer has its own sentence, and one other than Docker is named', () => {
  const sentences = said([
    row('docker', 'restore.saving', 7, [560, 500, 620]),
    row('oci', 'restore.saving', 7, [-30, -40, -20]),
  ]);
  expect(sentences).toHaveLength(2);
  expect(sentences[0]).toMatch(/^restore\/node warmUp=200: a restore .* 560 ms \[500, 620\] sooner/);
  expect(sentences[1]).toMatch(/layer=oci: a restore .* 30\.0 ms \[20\.0, 40\.0\] later/);
});

test('a restore that loses its lead while it reads what it holds is no saving', () => {
  const sooner = row('docker', 'restore.saving', 7, [659, 625, 666]);
  const after = (...read: [number, number, number]) =>
    said([sooner, row('docker', 'restore.saving_read', 7, read)])[0];
  // As of redis with 100,000 keys under gVisor: it reads each page from the image first.
  expect(after(-136, -170, -90)).toMatch(
    / 659 ms \[625, 666\] sooner than a new container; once it has read all that it holds, it is 136 ms \[90, 170\] behind\.$/,
  );
  expect(after(20, -10, 50)).toMatch(
    /; once it has read all that it holds, which one is ahead is inconclusive \(20/,
  );
  expect(after(500, 480, 520)).toMatch(/ sooner than a new container\.$/);
});

test('restores that failed at the first try are told, also where all did', () => {
  const failed = 'restore/node warmUp=200: 6 of 7 restores failed at the first try; these are not timed.';
  const tries = row('docker', 'restore.failed_tries', 7);
  expect(said([tries, row('docker', 'restore.to_answer', 1)])).toEqual([failed]);
  expect(said([tries])).toEqual([failed.replace('6', '7')]);
  expect(said([tries, row('docker', 'restore.to_answer', 7)])).toEqual([]);
});
