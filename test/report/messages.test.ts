import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { en } from '../../src/report/messages/en.ts';
import { fr } from '../../src/report/messages/fr.ts';
import { lookup, metricLabel } from '../../src/report/messages/index.ts';

/** Reports and commands: who has something to say. */
const sources = ['report', 'commands']
  .map((folder) => resolve(import.meta.dirname, '../../src', folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !/messages\/(en|fr)\.ts$/.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  )
  .join('\n');

/** `a.b` of every text, function or not. */
function paths(value: unknown, prefix = ''): string[] {
  if (value === null || typeof value !== 'object') return [prefix];
  return Object.entries(value).flatMap(([key, child]) =>
    paths(child, prefix === '' ? key : `${prefix}.${key}`),
  );
}

test('English and French have the same keys, in the same order', () => {
  expect(paths(fr)).toEqual(paths(en));
  expect(paths(en).length).toBeGreaterThan(100);
});

test.each(Object.keys(en))('%s is used', (key) => {
  expect(new RegExp(`\\bm\\.${key}\\b`).test(sources)).toBe(true);
});

test.each([
  ...Object.keys(en.hostFacts).map((key) => `hostFacts.${key}`),
  ...Object.keys(en.noData).map((key) => `noData.${key}`),
  ...Object.keys(en.cutOff).map((key) => `cutOff.${key}`),
])('%s is used', (path) => {
  expect(sources.includes(`m.${path}`)).toBe(true);
});

test('French is not English left untranslated', () => {
  const words = (tree: object) => Object.entries(tree).filter(([, text]) => typeof text === 'string');
  const french = new Map(words(fr));
  const same = words(en).filter(([key, text]) => french.get(key) === text);
  // Words that are the same in both languages.
  expect(same.map(([key]) => key).sort()).toEqual([
    'arguments',
    'imageHead',
    'nHead',
    'runtime',
    'verdictHead',
    'version',
  ]);
  expect(en.methodBlocks(1, 1)).toContain('1 measured block ');
  expect(fr.methodBlocks(2, 1)).toContain('2 blocs mesurés');
});

test('an unknown metric is called by its id, and names of Object.prototype are not words', () => {
  expect(metricLabel('startup.create', fr)).toBe('création');
  expect(metricLabel('checkout.orders', en)).toBe('checkout.orders');
  expect(lookup(en.stopReason, 'constructor')).toBeUndefined();
});
