import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Most lines of a room of `src/`: what it has, rounded up. A room grows by what it deletes. */
const most: Readonly<Record<string, number>> = {
  'src/core': 37_400,
  'src/report': 13_000,
  'src/app': 7_250,
  'src/cli': 2_500,
  'src/features/capacity': 6_500,
  'src/features/fleet': 6_050,
  'src/features/lab': 1_750,
  'src/features/layers': 4_750,
  'src/features/move': 7_500,
  'src/features/nightly': 8_500,
  'src/features/options': 4_750,
  'src/features/proof': 3_000,
  'src/features/sandbox': 3_000,
  src: 105_500,
};

const countLines = (folder: string) =>
  globSync(`${folder}/**/*.ts`, { cwd: root }).reduce(
    (sum, file) => sum + readFileSync(join(root, file), 'utf8').split('\n').length - 1,
    0,
  );

test.each(Object.entries(most))('%s has at most %i lines', (folder, limit) => {
  expect(countLines(folder)).toBeLessThanOrEqual(limit);
});

test('each room and each feature has a limit', () => {
  const rooms = globSync(['src/*/', 'src/features/*/'], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  expect(rooms.filter((room) => room !== 'src/features' && most[room] === undefined)).toEqual([]);
});
