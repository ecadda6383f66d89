import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sheetBlocks } from '../support/sheet-blocks.ts';

const sheet = `# Sheet

## 1. Prepare

\`\`\`sh
one
two
\`\`\`

### By hand

\`\`\`sh
three
\`\`\`

\`\`\`json
{}
\`\`\`

## 12. Clean up

\`\`\`sh
four
\`\`\`
`;

test('blocks are told by section and place', () => {
  expect(sheetBlocks(sheet)).toEqual([
    { name: '1.1', commands: 'one\ntwo\n' },
    { name: '1.2', commands: 'three\n' },
    { name: '12.1', commands: 'four\n' },
  ]);
});

test.each(['en', 'fr'])('each ocibench command of docs/lab/%s.md stands in a block', (lang) => {
  const text = readFileSync(join(import.meta.dirname, `../../docs/lab/${lang}.md`), 'utf8');
  const shown = text.match(/\.\/ocibench /g) ?? [];
  const typed = sheetBlocks(text).flatMap(({ commands }) => commands.match(/\.\/ocibench /g) ?? []);
  expect(typed.length).toBeGreaterThan(10);
  expect(typed).toEqual(shown);
});
