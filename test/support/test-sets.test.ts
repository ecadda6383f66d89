import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { longerAtNight } from '../../scripts/test-sets.ts';

const root = resolve(import.meta.dirname, '../..');
const readSource = (file: string) => readFileSync(join(root, file), 'utf8');
/** `nightly` of `test/e2e/support.ts`, or what is chosen by it. */
const asksForNight = /import \{[^}]*\b(?:nightly|calibratedRuntimes)\b[^}]*\} from/;

test('every file that tries more at night is run at night', () => {
  const files = globSync('test/**/*.test.ts', { cwd: root }).filter((file) =>
    asksForNight.test(readSource(file)),
  );
  expect(files.toSorted()).toEqual(longerAtNight.toSorted());
});

test('at most eight journeys are run always', () => {
  expect(globSync('test/journeys/*.test.ts', { cwd: root })).toHaveLength(8);
});
