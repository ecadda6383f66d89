import { expect, test } from 'vitest';
import { messages } from '../../../src/core/messages/define.ts';
import { number, text } from '../../../src/report/document/document.ts';
import { cut, tableOf, wrap } from '../../../src/report/document/make-table.ts';

const words = messages('table', { value: 'value', lower: 'lower is better' });

test('a table is what its columns show of its rows, and says messages in its language', () => {
  const rows = [{ over: words.lower }, { name: 'runc', value: 3 }, { name: 'crun', value: null }];
  const shown = tableOf(
    rows,
    [
      ['name', ({ name }) => name, wrap(20, 8)],
      false,
      [words.value, ({ value }) => (value === null ? null : number(`${value} ms`, value)), 'right'],
      ['all', () => [text('a'), text('b')], { brief: 'x', ...cut(undefined, 8) }],
    ],
    'fr',
    words.value,
  );
  expect(shown).toEqual({
    kind: 'table',
    caption: 'valeur',
    columns: [
      { title: 'name', align: 'left', fit: { how: 'wrap', max: 20, min: 8 } },
      { title: 'valeur', align: 'right' },
      { title: 'all', align: 'left', brief: 'x', fit: { how: 'cut', min: 8 } },
    ],
    rows: [
      [[text('plus bas = mieux')]],
      [[text('runc')], [number('3 ms', 3)], [text('a'), text('b')]],
      [[text('crun')], [], [text('a'), text('b')]],
    ],
  });
});
