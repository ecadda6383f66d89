import { expect, test } from 'vitest';
import { en } from '../../src/report/messages/en.ts';
import { fr } from '../../src/report/messages/fr.ts';
import { lookup, metricLabel } from '../../src/report/messages/index.ts';

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
