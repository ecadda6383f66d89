import { expect, test } from 'vitest';
import { reportContext } from '../../../src/report/context.ts';
import { renderMarkdown } from '../../../src/report/renderers/markdown.ts';
import answers from '../../../src/report/sections/answers.ts';
import { syntheticRun } from '../support.ts';

test('a run that has facts alone has measured nothing, and one without facts has', () => {
  const made = syntheticRun();
  const said = (category: 'isolation' | null) => {
    const rows = made.analysis.rows.map((row) => (category === null ? row : { ...row, category }));
    const analysis = { ...made.analysis, rows };
    const blocks = answers.blocks(reportContext({ ...made, analysis, lang: 'en' }));
    return renderMarkdown(blocks, 'en', '');
  };
  expect(said('isolation')).toMatch(/nothing was measured/i);
  expect(said(null)).not.toMatch(/nothing was measured/i);
});
