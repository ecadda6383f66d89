import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'shell-quote';
import { expect, test } from 'vitest';
import { parsesCommand } from '../support/parses-command.ts';

const root = resolve(import.meta.dirname, '../..');

/** Every line of a shell block that calls ocibench, as its arguments, without a comment at its end. */
const commands = globSync(['*.md', 'docs/*.md'], { cwd: root }).flatMap((name) =>
  [...readFileSync(join(root, name), 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) =>
    [...block.matchAll(/^(?:sudo )?\.\/ocibench ([^\n#]*)/gm)].map(
      ([, rest = '']) => [name, rest.trim()] as const,
    ),
  ),
);

test.each(commands)('%s: ocibench %s is a command of the CLI', async (_name, command) => {
  await parsesCommand(parse(command).map(String));
});

test('the documents show commands', () => {
  expect(commands.length).toBeGreaterThan(10);
});
