import { expect, test } from 'vitest';
import { csvOf, markdownOf } from '../../../src/report/page/table-text.ts';

const table = {
  columns: [
    { title: 'workload', isNumber: false },
    { title: '× runc', isNumber: true },
  ],
  rows: [['a|b `c`', '1.68× [1.31, 1.99]'], ['A title'], ['=HYPERLINK("x")', '+105 ms']],
};

test('a table as Markdown: numbers to the right, no markup from cells, a title fills its row', () => {
  expect(markdownOf(table)).toBe(
    [
      '| workload | × runc |',
      '| --- | ---: |',
      '| a\\|b \\`c\\` | 1.68× [1.31, 1.99] |',
      '| A title |  |',
      '| =HYPERLINK("x") | \\+105 ms |'.replace('| =', '| \\='),
      '',
    ].join('\n'),
  );
});

test('a table as CSV: quoted where it must be, and nothing that a spreadsheet would run', () => {
  expect(csvOf(table)).toBe(
    [
      'workload,× runc',
      'a|b `c`,"1.68× [1.31, 1.99]"',
      'A title,',
      '"\'=HYPERLINK(""x"")",\'+105 ms',
      '',
    ].join('\r\n'),
  );
});
