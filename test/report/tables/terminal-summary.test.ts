import { stripVTControlCharacters, styleText } from 'node:util';
import { expect, test } from 'vitest';
import { tableWidth } from '../../../src/report/renderers/terminal.ts';
import { minTableWidth, terminalTable } from '../../../src/report/tables/terminal-summary.ts';
import { syntheticRun } from '../support.ts';

const synthetic = syntheticRun();

test.each(['en', 'fr'] as const)('the whole table in %s', async (lang) => {
  const table = terminalTable({ ...synthetic, lang });
  await expect(table).toMatchFileSnapshot(`../../golden/report/table.${lang}.txt`);
});

const longNames = syntheticRun({
  runtimes: [
    'runc',
    'runsc-with-a-very-long-name-for-network-host',
    'runsc-with-a-very-long-name-for-network-none',
  ],
  rename: (workload) => `${workload}-${'long-'.repeat(25)}name`,
  lang: 'fr',
});

test.each([
  ['usual', synthetic],
  ['long names', longNames],
  ['one sample', syntheticRun({ blocks: 1 })],
] as const)('no line is wider than the terminal: %s', (_, input) => {
  // A command that is broken is another command: a terminal wraps it, and copies it whole.
  for (const lang of ['en', 'fr'] as const)
    for (const width of [tableWidth, 80, minTableWidth])
      for (const line of terminalTable({ ...input, lang, width }).split('\n'))
        if (!/^\s*ocibench /.test(line)) expect(line.length, line).toBeLessThanOrEqual(width);
});

test('in little room the intervals of values give way, those of ratios and the words do not', () => {
  const narrow = terminalTable({ ...synthetic, lang: 'fr', width: 80 });
  expect(narrow).toMatch(/^ {2}runsc-ptrace +8,42\u202fµs\/op +26,1× \[25,9 ; 26,4\] +▲ plus lent$/m);
  expect(terminalTable({ ...synthetic, lang: 'fr', width: 200 })).toContain('8,42\u202fµs/op [8,35 ; 8,50]');
});

test('long names of variants stay apart', () => {
  const table = terminalTable({ ...longNames, lang: 'en' });
  expect(table).toMatch(/…\S*host /);
  expect(table).toMatch(/…\S*none /);
});

test('colour only adds to the words: without it the text is the same', () => {
  const plain = terminalTable({ ...synthetic, lang: 'en' });
  const coloured = terminalTable({
    ...synthetic,
    lang: 'en',
    paint: (style, text) => styleText(style, text, { validateStream: false }),
  });
  expect(coloured).not.toBe(plain);
  expect(stripVTControlCharacters(coloured)).toBe(plain);
});

test('warnings come first, unavailable runtimes with reason and fix last', () => {
  const table = terminalTable({ ...synthetic, lang: 'en' });
  expect(table).toMatch(/^! Warning: /);
  const end = table.slice(table.indexOf('Could not be measured'));
  expect(end).toContain('kata: Kata Containers is not installed');
  expect(end).toContain('Fix: unpack a static release');
  expect(end).toContain('libaio is not implemented');
});

test('what a runtime prints cannot steer the terminal', () => {
  const run = {
    ...synthetic.run,
    runtimes: synthetic.run.runtimes.map((runtime) =>
      runtime.preflight.status === 'available'
        ? runtime
        : {
            ...runtime,
            preflight: { ...runtime.preflight, reason: '\u001b]0;owned\u0007\u001b[2Jgone\rover' },
          },
    ),
  };
  const table = terminalTable({ ...synthetic, run, lang: 'en' });
  expect(table).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  expect(table).toContain('gone over');
});

test('a run without any value says so', () => {
  const analysis = { ...synthetic.analysis, rows: [] };
  expect(terminalTable({ ...synthetic, analysis, lang: 'en' })).toContain('Nothing was measured.');
});

test('a workload named in emoji is not cut in the middle of one', () => {
  const { run, analysis } = syntheticRun({
    blocks: 6,
    rename: (workload) => `${workload}${'👩‍👩'.repeat(40)}`,
  });
  expect(terminalTable({ run, analysis, lang: 'fr' }).isWellFormed()).toBe(true);
});
