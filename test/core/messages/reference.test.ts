import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { everyMessage } from '../../../scripts/every-message.ts';
import { reasonReference } from '../../../scripts/reason-reference.ts';

test('docs/reasons.md lists what is said (write it anew with: npm run docs)', async () => {
  const written = readFileSync(join(import.meta.dirname, '../../../docs/reasons.md'), 'utf8');
  expect(written).toBe(reasonReference(await everyMessage()));
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
