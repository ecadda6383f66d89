import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'shell-quote';
import { expect, test } from 'vitest';
import { parsesCommand } from '../support/parses-command.ts';

const root = resolve(import.meta.dirname, '../..');

/**
 * Every command of ours in the shell scripts of the nightly tests, as its arguments, without redirections and what follows it. Values
 * that the test fills in are `runc`, which is a name of a runtime, of a test's list and of a file.
 */
const commands = globSync('test/nightly/*.ts', { cwd: root }).flatMap((name) =>
  [
    ...readFileSync(join(root, name), 'utf8')
      .replaceAll('\\\\\n', '')
      .replaceAll(/ \\\n/g, ' ')
      .replaceAll(/\$\{[^}]*\}/g, 'runc')
      .matchAll(/^ *(?:sudo )?ocibench ([^\n]*)/gm),
  ].map(([, rest = '']) => {
    const words: string[] = [];
    for (const word of parse(rest.replaceAll('"$@"', 'embedded'))) {
      // An operator of the shell (`>`, `||`, `;`) ends the command; the number before it is a descriptor.
      if (typeof word !== 'string') break;
      words.push(word);
    }
    return { name, rest, words: words.at(-1) === '2' ? words.slice(0, -1) : words };
  }),
);

test.each(commands)('$name: ocibench $rest is a command of the CLI', async ({ words }) => {
  await parsesCommand(words);
});

test('the scripts call ocibench', () => {
  expect(commands.length).toBeGreaterThan(8);
});
