import { expect, test } from 'vitest';
import { everyMessage } from '../../../scripts/every-message.ts';
import { reasonReference } from '../../../scripts/reason-reference.ts';

test('every reason of the program has one place, with its fix where it has one', async () => {
  const messages = await everyMessage();
  const items = new Map(
    reasonReference(messages)
      .split(/^- (?=\*\*`)/m)
      .slice(1)
      .map((item) => [/`(.+)`/.exec(item)?.[1] ?? '', item]),
  );
  const said = [...messages].filter(([id, { isReason }]) => isReason && !id.endsWith('.fix'));
  expect([...items.keys()].toSorted()).toEqual(said.map(([id]) => id).toSorted());
  for (const [id, item] of items) expect(item.includes('_Fix:_ '), id).toBe(messages.has(`${id}.fix`));
});

test('a reason is listed with its fix, words of tables are not listed', () => {
  const text = reasonReference(
    new Map([
      ['disk.full', { template: 'no space in {path} <*>', isReason: true }],
      ['disk.full.fix', { template: 'free some', isReason: true }],
      ['table.head', { template: 'runtime', isReason: false }],
    ]),
  );
  expect(text).toContain(
    '## disk\n\n- **`disk.full`**\n  no space in {path} \\<\\*\\>\n  _Fix:_ free some\n',
  );
  expect(text).not.toContain('table.head');
});
