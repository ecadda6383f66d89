import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { calledFrom } from '../../src/cli/environment.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'called-from-'));
  for (const name of ['with', 'without']) mkdirSync(join(directory, name));
  const sudo = join(directory, 'with', 'sudo');
  writeFileSync(sudo, '#!/bin/sh\n');
  chmodSync(sudo, 0o755);
});
afterEach(() => rmSync(directory, { recursive: true }));

test.each([
  ['with', false, undefined, 'asRoot'],
  ['without', false, undefined, 'missing'],
  ['with', true, undefined, 'never'],
  ['without', true, undefined, 'never'],
  ['with', true, '1000', 'always'],
  ['without', true, '1000', 'never'],
])('%s sudo on PATH, root: %s, SUDO_UID: %s: %s', (path, isRoot, uid, expected) => {
  const variables = { PATH: join(directory, path), ...(uid === undefined ? {} : { SUDO_UID: uid }) };
  const calls = calledFrom(variables, { program: './ocibench', workingDirectory: directory, isRoot });
  expect([calls.here.sudo, calls.inFiles.sudo]).toEqual([expected, expected]);
});
