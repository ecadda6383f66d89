import { expect, test } from 'vitest';
import type { SummaryRow } from '../../src/core/model/analysis/analysis.ts';
import { reportContext } from '../../src/report/context.ts';
import { renderMarkdown } from '../../src/report/renderers/markdown.ts';
import versions from '../../src/report/sections/versions.ts';
import { syntheticRun } from './support.ts';

const synthetic = syntheticRun({ blocks: 8 });
const [template] = synthetic.analysis.rows.filter(
  ({ headline, runtime, ratio }) => headline && runtime === 'crun' && ratio !== null,
);

function row(
  workload: string,
  verdict: SummaryRow['verdict'],
  ratio: number,
  more: Partial<SummaryRow> = {},
) {
  if (template === undefined) throw new Error('no row');
  const interval = { ratio, ratioCiLow: ratio * 0.98, ratioCiHigh: ratio * 1.02 };
  return { ...template, ...interval, runtime: 'runc-1.3', baseline: 'runc', workload, verdict, ...more };
}

function section(rows: readonly SummaryRow[], lang: 'en' | 'fr' = 'en'): string {
  const pair = {
    family: 'runc',
    older: 'runc',
    newer: 'runc-1.3',
    olderVersion: '1.1.15',
    newerVersion: 'runc version 1.3.6',
  };
  const analysis = { ...synthetic.analysis, versions: [{ ...pair, rows: [...rows] }] };
  return renderMarkdown(versions.blocks(reportContext({ ...synthetic, analysis, lang })), lang, '');
}

const memory = { metric: 'memory.peak', unit: 'bytes', better: 'lower', headline: false } as const;

test('says which version changed what, with intervals, and how much is open', () => {
  const text = section([
    row('startup/echo', 'faster', 0.92),
    row('startup/echo', 'more', 1.25, memory),
    row('startup/bridge', 'equivalent', 1.01),
    row('io/fio', 'inconclusive', 1.1),
    row('io/fio', 'inconclusive', 1.3, memory),
  ]);
  expect(text).toContain('**runc 1.3.6 (runc-1.3) compared with 1.1.15 (runc)**');
  expect(text).toMatch(/faster: .* of startup\/echo.* 0\.92× \[0\.90, 0\.94\]/);
  expect(text).toMatch(/more: peak memory.* of startup\/echo.* 1\.25×/);
  expect(text).toContain('Of 3 tests: 1 no difference, 1 inconclusive.');
  expect(text).not.toContain('1.30×');
});

test('says so where nothing is claimed', () => {
  const text = section([row('startup/echo', 'equivalent', 1), row('io/fio', 'inconclusive', 1.1)]);
  expect(text).toContain('No significant change. Of 2 tests: 1 no difference, 1 inconclusive.');
  expect(section([row('startup/echo', 'equivalent', 1)], 'fr')).toContain('Aucun changement significatif');
});

test('a run without two versions has no such section', () => {
  expect(versions.blocks(reportContext({ ...synthetic, lang: 'en' }))).toEqual([]);
});
