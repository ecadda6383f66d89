import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

test('the command of a checkout starts the program, from any directory', async () => {
  const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
  const { stdout, exitCode } = await execa(resolve(root, 'ocibench'), ['--version'], { cwd: '/' });
  expect([stdout, exitCode]).toEqual([version, 0]);
});
