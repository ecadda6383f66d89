import { expect, test } from 'vitest';
import type { Layer } from '../../../../src/core/model/cell.ts';
import sandbox from '../../../../src/features/sandbox/answers/sandbox.ts';
import { analysisContext } from '../../../../src/report/context.ts';
import { standard } from '../../../report/charts/drawn.ts';

const [any] = standard.analysis.rows.filter(({ metric, median }) => metric !== null && median !== null);

/** A row of restore/node under runsc: median and interval in ms, and the number of values. */
function row(layer: Layer, metric: string, n: number, [median, ciLow, ciHigh] = [0, 0, 0]) {
  if (any === undefined) throw new Error('the synthetic run has no rows');
  return {
    ...any,
    ...{ runtime: 'runsc', workload: 'restore/node', category: 'restore' as const, params: 'warmUp=200' },
    ...{ layer, metric, n, unit: 'ns' as const },
    ...{ median: median * 1e6, ciLow: ciLow * 1e6, ciHigh: ciHigh * 1e6 },
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

test('restores that failed at the first try are told, also where all did', () => {
  const failed = 'restore/node warmUp=200: 6 of 7 restores failed at the first try; these are not timed.';
  const tries = row('docker', 'restore.failed_tries', 7);
  expect(said([tries, row('docker', 'restore.to_answer', 1)])).toEqual([failed]);
  expect(said([tries])).toEqual([failed.replace('6', '7')]);
  expect(said([tries, row('docker', 'restore.to_answer', 7)])).toEqual([]);
});
