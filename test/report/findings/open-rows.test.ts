import { expect, test } from 'vitest';
import type {
  Analysis,
  CategoryEstimate,
  PrecisionNeeds,
  SummaryRow,
} from '../../../src/core/model/analysis/analysis.ts';
import { reportContext } from '../../../src/report/context.ts';
import { renderMarkdown } from '../../../src/report/renderers/markdown.ts';
import answers from '../../../src/report/sections/answers.ts';
import { terminalTable } from '../../../src/report/tables/terminal-summary.ts';
import { compared } from '../compared.ts';
import { syntheticRun } from '../support.ts';

const synthetic = syntheticRun();
const needs = (more: Partial<PrecisionNeeds> = {}): PrecisionNeeds => ({
  halfWidth: 0.05,
  blocks: 40,
  moreBlocks: 28,
  moreMs: 11 * 60_000 - 3000,
  until: 'startup/echo:runsc',
  ...more,
});
const open = (workload: string, more: Partial<PrecisionNeeds> = {}) =>
  compared(synthetic, workload, 0.89, 'inconclusive', { needs: needs(more) });
const run = (rows: readonly SummaryRow[]) => ({
  ...synthetic,
  analysis: { ...synthetic.analysis, rows: [...rows], categories: [] },
});

/** The items of the report under “What more measuring would decide”. */
function items(
  rows: readonly SummaryRow[],
  lang: 'en' | 'fr' = 'en',
  analysis: Pick<Analysis, 'categories'> = { categories: [] },
): readonly string[] {
  const made = run(rows);
  const { categories } = analysis;
  const blocks = answers.blocks(reportContext({ ...made, analysis: { ...made.analysis, categories }, lang }));
  const markdown = renderMarkdown(blocks, lang, '');
  const title =
    lang === 'en' ? '**What more measuring would decide**' : '**Ce que davantage de mesures trancheraient**';
  const [, list = ''] = markdown.split(title);
  return (list.split('\n\n')[1] ?? '').trimEnd().replaceAll('\\', '').split('\n');
}
const end = (rows: readonly SummaryRow[], width = 80) =>
  terminalTable({ ...run(rows), lang: 'en', width })
    .trimEnd()
    .split('\n\n')
    .at(-1) ?? '';

test('an inconclusive test says what would decide it, and the command', () => {
  expect(items(open('startup/echo'))).toEqual([
    '- `runsc`, startup/echo, 0.89× [0.80, 0.98]: about 11 min more would give an interval of ±5% (40 blocks in all): `ocibench run --resume 20260301-140509-7f3a --until startup/echo:runsc`',
  ]);
  expect(
    items(open('startup/echo'), 'fr')
      .join()
      .replaceAll(/[\u00a0\u202f]/g, ' '),
  ).toContain('environ 11 min de plus donneraient un intervalle de ±5 % (40 blocs en tout)');
});

test('times are rounded up and never more exact than they are', () => {
  const time = (moreMs: number | null) =>
    /: about (.*) would give/.exec(items(open('io/a', { moreMs }))[0] ?? '')?.[1];
  expect([12_100, 89_999, 90_001, 600_001, 5_400_000, 11_000_000].map(time)).toEqual([
    '13 s more',
    '90 s more',
    '91 s more',
    '11 min more',
    '1.5 h more',
    '3.1 h more',
  ]);
  expect(time(null)).toBe('40 blocks');
});

test('the cheapest comes first, and after eight the others are counted', () => {
  const rows = Array.from({ length: 11 }, (_, i) => open(`io/w${i}`, { moreMs: 1000 * ((i * 7) % 11) }));
  const listed = items([...rows.flat(), ...open('io/unknown', { moreMs: null })]);
  expect(listed).toHaveLength(9);
  expect(listed.slice(0, 3).map((item) => /io\/w\d+/.exec(item)?.[0])).toEqual(['io/w0', 'io/w8', 'io/w5']);
  expect(listed[8]).toBe('- 4 more tests would take at least as long.');
});

test('a name that a shell would read otherwise is quoted', () => {
  const until = "io/fio?op=randread;size=4k:it's $(id)\u001b[2J";
  expect(items(open('io/fio', { until }))[0]).toMatch(
    /--until 'io\/fio\?op=randread;size=4k:it'\\?''s \$\(id\)'`$/,
  );
});

test('the terminal ends with the cheapest one and its command, if both fit into five lines', () => {
  expect(end([...open('startup/echo'), ...open('io/a', { moreMs: 1e7 })])).toBe(
    [
      '? runsc, echo: about 11 min more would give an interval of ±5% (40 blocks in',
      'all); report.md lists 1 more. Run:',
      'ocibench run --resume 20260301-140509-7f3a --until startup/echo:runsc',
    ].join('\n'),
  );
  const named = (n: number) => {
    const id = `io/${'fio-'.repeat(n)}`;
    return end(open(id, { until: `${id}:runsc` }), 72);
  };
  const widest = named(35).split('\n');
  const [about, also, command = ''] = widest;
  expect(widest).toHaveLength(3);
  expect([about, also, command].map((line = '') => Math.ceil(line.length / 72))).toEqual([1, 1, 3]);
  expect(command).toMatch(/^ocibench run .*:runsc$/);
  const long = named(60);
  expect(long.split('\n').length).toBeLessThanOrEqual(3);
  expect(long).toMatch(/\(40 blocks in all\)\.$/);
});

test('without any there is no such list', () => {
  const rows = compared(synthetic, 'startup/echo', 0.8, 'faster');
  expect(items(rows)).toEqual(['']);
  expect(end(rows)).not.toContain('--until');
});

test('an inconclusive category of several workloads comes first, with a command for all of them', () => {
  const estimate: CategoryEstimate = {
    runtime: 'runsc',
    category: 'startup',
    layer: 'docker',
    subjects: 12,
    blocks: 8,
    cost: 0.95,
    low: 0.88,
    high: 1.03,
    low90: 0.89,
    high90: 1.02,
    p: 0.2,
    pAdjusted: 0.4,
    tau: 1,
    smallest: { workload: 'startup/a', params: '', cost: 0.9, low: null, high: null },
    largest: { workload: 'startup/b', params: '', cost: 1, low: null, high: null },
    verdict: 'inconclusive',
    needs: needs({ until: 'startup:runsc' }),
  };
  const of = (categories: readonly CategoryEstimate[]) =>
    items(open('startup/echo'), 'en', { ...synthetic.analysis, categories: [...categories] });
  expect(of([estimate])[0]).toBe(
    '- `runsc`, starting and stopping (12 tests), 0.95× [0.88, 1.03]: about 11 min more would give an interval of ±5% (40 blocks in all): `ocibench run --resume 20260301-140509-7f3a --until startup:runsc`',
  );
  expect(of([estimate])).toHaveLength(2);
  expect(of([{ ...estimate, subjects: 1 }])).toHaveLength(1);
});

test('what lies at the edge of the threshold is said not to be decided by more blocks', () => {
  const edge = compared(synthetic, 'startup/echo', 1.04, 'inconclusive', {
    ratioCiLow: 1.0,
    ratioCiHigh: 1.08,
  });
  const markdown = (rows: readonly SummaryRow[]) =>
    renderMarkdown(answers.blocks(reportContext({ ...run(rows), lang: 'en' })), 'en', '');
  expect(markdown(edge)).toContain(
    '**Close to ±5%**; more blocks may not decide these: runsc, startup/echo, 1.04× [1.00, 1.08].',
  );
  expect(markdown(open('startup/echo'))).not.toContain('Close to ±');
});
