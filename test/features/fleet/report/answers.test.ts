import { expect, test } from 'vitest';
import { answerBlocks } from '../../../../src/features/fleet/report/answers.ts';
import { reportContext } from '../../../../src/report/context.ts';
import type { Block, Text } from '../../../../src/report/document/document.ts';
import { renderMarkdown } from '../../../../src/report/renderers/markdown.ts';
import { sections } from '../../../../src/report/report.ts';
import { fullSuite } from '../../../report/full-suite.ts';
import { syntheticRun } from '../../../report/support.ts';

const echo = (workload: string) => (workload === 'startup/true' ? 'startup/echo' : workload);
const synthetic = syntheticRun({ rename: echo, more: fullSuite });

type Table = Extract<Block, { kind: 'table' }>;
const isTable = (block: Block): block is Table => block.kind === 'table';
const said = (cell: Text = []) => cell.map((part) => part.text).join('');

test.each(['en', 'fr'] as const)('a teacher sees the figures of the run’s own report, in %s', (lang) => {
  const context = reportContext({ ...synthetic, lang });
  const report = renderMarkdown(
    sections.flatMap(({ blocks }) => blocks(context, [])),
    lang,
    'charts',
  );
  const answers = answerBlocks(context);
  const [table] = answers.filter(isTable);
  const rows = table?.rows ?? [];
  expect(rows.filter((row) => row.length === 1).map(([title]) => said(title))).toEqual([
    'Q10',
    'Q15',
    'Q16',
    'Q18',
    'Q19',
    'Q20',
  ]);
  let question = '';
  let compared = 0;
  for (const [test, runtime, value, ratio] of rows) {
    if (runtime === undefined) question = said(test);
    // The phases of a start are a picture in the report.
    else if (question !== 'Q15') {
      compared++;
      expect(report, said(test)).toContain(said(value));
      if (said(ratio) !== '') expect(report, said(test)).toContain(said(ratio));
    }
  }
  expect(compared).toBeGreaterThan(20);
  const { rows: all, blocks } = synthetic.analysis;
  const text = renderMarkdown(answers, lang, 'charts');
  expect(text).toMatch(new RegExp(`Q11\\s?: ${blocks} bloc`));
  const compares = all.filter(
    ({ headline, runtime, p, layer }) =>
      headline && runtime !== 'runc' && p !== null && layer === 'docker' && !runtime.includes('='),
  ).length;
  expect(text).toContain(`${compares} compar`);
  // Of a range every test is inside, outside or open.
  const judged = [...text.matchAll(/Q22\D+(\d+)\D+(?:30–50)\D+(\d+)\D+(\d+)\D+(\d+)/g)];
  expect(judged).toHaveLength(3);
  for (const [, tests, ...parts] of judged)
    expect(parts.map(Number).reduce((a, b) => a + b)).toBe(Number(tests));
});
