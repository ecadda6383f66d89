import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { exporters, sections } from '../../../src/report/report.ts';

const src = join(import.meta.dirname, '../../../src');

/** The names of the modules in a folder of the report and of the features, without those that define nothing. */
const modules = (folder: string, ...others: readonly string[]) =>
  globSync([`report/${folder}/*.ts`, `features/*/${folder}/*.ts`], { cwd: src })
    .map((path) => basename(path, '.ts'))
    .filter((name) => name !== 'index' && !others.includes(name));

test('a file of sections/ is a section, called as the file is', () => {
  expect(sections.map(({ id }) => id).toSorted()).toEqual(modules('sections', 'section').toSorted());
});

test('a file of exports/ is a file of a run, called as it is', () => {
  const files = exporters.map(({ file }) => file.replace('.', '-'));
  expect(files.toSorted()).toEqual(modules('exports', 'exporter').toSorted());
});

test.each([
  ['sections', sections],
  ['exporters', exporters],
] as const)('%s stand in their order, no two at one place', (_, all) => {
  const orders = all.map(({ order }) => order);
  expect(orders).toEqual([...new Set(orders)].toSorted((a, b) => a - b));
});
