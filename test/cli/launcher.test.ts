import { readFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { makeDirectory } from '../support/memory-directory.ts';

const root = resolve(import.meta.dirname, '../..');

test('the command of a checkout starts the program, from any directory', async () => {
  const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
  const { stdout, exitCode } = await execa(resolve(root, 'ocibench'), ['--version'], { cwd: '/' });
  expect([stdout, exitCode]).toEqual([version, 0]);
});

test('a checkout may be in a folder of any name, that of the package’s built files too', async () => {
  const place = await makeDirectory('launcher-');
  onTestFinished(() => rm(place, { recursive: true }));
  const clone = join(place, 'dist');
  await cp(join(root, 'package.json'), join(clone, 'package.json'));
  await cp(join(root, 'src/cli.ts'), join(clone, 'src/cli.ts'));
  const { stdout } = await execa(process.execPath, [join(clone, 'src/cli.ts'), '--version']);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+$/);
});
