import { stripVTControlCharacters, styleText } from 'node:util';
import { expect, test } from 'vitest';
import { renderTerminal, tableWidth } from '../../../src/report/renderers/terminal.ts';
import { renderTexts } from '../../../src/report/report.ts';
import { absences } from '../../../src/report/tables/summary-table.ts';
import { minTableWidth, terminalTable } from '../../../src/report/tables/terminal-summary.ts';
import { estimate } from '../compared.ts';
import { fullSuite } from '../full-suite.ts';
import { syntheticRun } from '../support.ts';

const suite = syntheticRun({ more: fullSuite });
const long = syntheticRun({
  more: fullSuite,
  runtimes: [
    'runc',
    'runsc-with-a-very-long-name-for-network-host',
    'runsc-with-a-very-long-name-for-network-none',
  ],
  rename: (workload) => `${workload}-${'long-'.repeat(25)}name`,
});

test.each(['en', 'fr'] as const)('the summary of the whole suite in %s', async (lang) => {
  const table = terminalTable({ ...suite, lang });
  await expect(table).toMatchFileSnapshot(`../../golden/report/summary-table.${lang}.txt`);
});

test.each([
  ['the whole suite', suite],
  ['long names', long],
  ['one block', syntheticRun({ more: fullSuite, blocks: 1 })],
] as const)('it fits the terminal: %s', (_, input) => {
  for (const lang of ['en', 'fr'] as const) {
    for (const width of [tableWidth, 80, minTableWidth]) {
      const lines = terminalTable({ ...input, lang, width }).split('\n');
      // A command that is broken is another command: a terminal wraps it, and copies it whole.
      for (const line of lines.filter((each) => !/^\s*ocibench /.test(each)))
        expect(line.length, line).toBeLessThanOrEqual(width);
      expect(lines.length).toBeLessThanOrEqual(width === tableWidth ? 62 : 70);
    }
  }
});

test('a runtime that lacks almost everything does not push the summary off the screen', () => {
  const rows = suite.analysis.rows.map((row) =>
    row.headline && row.runtime === 'runsc-ptrace'
      ? {
          ...row,
          n: 0,
          median: null,
          ratio: null,
          verdict: 'unavailable' as const,
          note: `reason ${row.params}`,
        }
      : row,
  );
  const table = terminalTable({ ...suite, analysis: { ...suite.analysis, rows }, lang: 'en' });
  expect(table.split('\n').length).toBeLessThanOrEqual(66);
  expect(table).toMatch(/and \d+ more reasons: see report\.md/);
  expect(table).toContain('kata: Kata Containers is not installed');
});

test('where no reason fits, their number is not said to be of more', () => {
  const { run, analysis } = suite;
  const options = { lang: 'en', width: tableWidth } as const;
  const shown = (room: number) => renderTerminal([absences(run, analysis, options, room)], options);
  expect(shown(0)).toMatch(/– \d+ reasons: see report\.md$/);
  expect(shown(0)).not.toContain('more');
  expect(shown(6)).toMatch(/and \d+ more reasons?: see report\.md$/);
});

test('reasons that are the same for several tests appear once', () => {
  const table = terminalTable({ ...suite, lang: 'en' });
  expect(table).toContain('runsc-ptrace, 4 tests: no trial was measured');
  expect(table.match(/no trial was measured/g)).toHaveLength(1);
});

test('colour only adds to signs and words', () => {
  const plain = terminalTable({ ...suite, lang: 'en' });
  const coloured = terminalTable({
    ...suite,
    lang: 'en',
    paint: (style, text) => styleText(style, text, { validateStream: false }),
  });
  expect(coloured).not.toBe(plain);
  expect(stripVTControlCharacters(coloured)).toBe(plain);
  expect(plain).toContain('▲ costs more · ▼ costs less · ≈ no difference · ? inconclusive · – not measured');
});

test('an extreme without evidence is marked, and without an estimate there is no cost', () => {
  const few = syntheticRun({ more: fullSuite, blocks: 3 });
  const line = terminalTable({ ...few, lang: 'en' })
    .split('\n')
    .find((text) => /^ {2}runsc /.test(text));
  expect(line).toMatch(/^ {2}runsc {10,}2\.\d\d×\? node +2\.\d\d×\? java /);
});

test('a category with an estimate shows its verdict, ratio and interval first, also in 80 columns', () => {
  const categories = [estimate('startup', 0.79, 'faster'), estimate('syscall', 1.01, 'equivalent')];
  const table = (width: number) =>
    terminalTable({ ...suite, analysis: { ...suite.analysis, categories }, lang: 'en', width });
  for (const width of [80, 100]) {
    expect(table(width)).toMatch(/^ {2}runsc +▼ 0\.79× \[0\.71, 0\.87\] +2\.73×/m);
    expect(table(width)).toMatch(/^ {2}runsc +≈ 1\.01× \[0\.91, 1\.11\] +14\.1×/m);
    for (const line of table(width).split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
  }
});

test('the reports sum up first, and hold every subject in tables by category that can be folded', () => {
  const files = renderTexts({ ...suite, lang: 'en', svgs: {}, chartsHref: '../../charts/r' });
  const content = (path: string) => files.find((file) => file.path === path)?.content ?? '';
  const [markdown, html] = [content('report.md'), content('report.html')];
  expect(markdown).toContain('| System calls (21 tests) | `crun` |');
  expect(markdown).toMatch(/^## Input and output$[\s\S]*?^### CPU and memory of the same tests$/m);
  // Those in which a difference is claimed are open.
  expect(html.match(/<details class="fold level-2" open><summary><h2>[^<]*<\/h2> <span/g)).toHaveLength(6);
  expect(html.match(/<details class="fold level-2"><summary><h2>CPU<\/h2>/g)).toHaveLength(1);
  expect(html.match(/<\/details>/g)).toHaveLength(html.match(/<details /g)?.length ?? 0);
  for (const { workload, params } of fullSuite) {
    const label = [workload, params.replaceAll(';', ', ')].filter((part) => part !== '').join(' ');
    expect([markdown.includes(`| ${label}: `), html.includes(`${label}: `)], label).toEqual([true, true]);
  }
});
