import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { canRun } from '../../src/cli/command.ts';
import { manPage } from '../../src/cli/man-page.ts';
import { loadCommands } from '../../src/cli/program.ts';

const commands = await loadCommands();
const root = join(import.meta.dirname, '../..');

test('docs/ocibench.1 is what `npm run docs` writes', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(await readFile(join(root, 'docs/ocibench.1'), 'utf8')).toBe(manPage(commands, version));
});

test('it has every command that the help has, and is ASCII', () => {
  const page = manPage(commands, '1.2.3');
  for (const command of commands)
    expect(page.includes(`\n.SS ${command.name}\n`), command.name).toBe(
      canRun(command) && command.hidden !== true,
    );
  expect(page).toMatch(/^[\n -~]+$/);
});

test('groff has nothing to warn about', async () => {
  const { stdout, stderr } = await execa('groff', ['-man', '-ww', '-Tutf8', '-P-cbou'], {
    input: manPage(commands, '1.2.3'),
  });
  expect(stderr).toBe('');
  expect(stdout).toContain('ocibench run [options]');
  expect(stdout).toContain('130');
});
