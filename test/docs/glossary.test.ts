import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

const read = (name: string) =>
  readFileSync(resolve(import.meta.dirname, '../../docs', name), 'utf8').replaceAll('\u00a0', ' ');
const english = read('glossary.md');
const french = read('glossary.fr.md');

/** The English terms, heading by heading, in their order. */
const sections = (text: string, term: RegExp) =>
  text
    .split(/^## .*$/m)
    .slice(1)
    .map((section) => [...section.matchAll(term)].map(([, own, also]) => also ?? own));

test('both languages explain the same terms, in the same order', () => {
  const terms = sections(english, /^- \*\*([^*]+)\*\*:/gm);
  expect(sections(french, /^- \*\*([^*]+)\*\*(?: \(_([^_]+)_\))? :/gm)).toEqual(terms);
  expect(terms.flat().length).toBeGreaterThan(35);
  expect(terms.flat().length).toBeLessThanOrEqual(40);
  expect(new Set(terms.flat()).size).toBe(terms.flat().length);
});

test('every item is a term with words', () => {
  for (const text of [english, french])
    expect([...text.matchAll(/^- /gm)].length).toBe(
      [...text.matchAll(/^- \*\*[^*]+\*\*[^:\n]*:\s+\S/gm)].length,
    );
});

test('the words that reports cannot do without are there', () => {
  const needed = [
    'test',
    'combination',
    'block',
    'run',
    'trial',
    'A/A control',
    'main metric',
    'category',
    'profile',
    'setup',
    'recording',
    'schedule',
    'layer',
    'engine',
    'baseline',
    'footprint',
    'density',
    'ratio',
    'interval',
    'verdict',
    'no difference',
    'inconclusive',
    'practical threshold',
    'family',
    'duet',
    'warning',
    'disturbed trial',
  ];
  expect(needed.filter((term) => !english.includes(`**${term}**`))).toEqual([]);
  // What records call otherwise.
  for (const text of [english, french])
    expect(
      ['`subject`', '`headline`', '`cell`', '`equivalent`', '`unavailable`'].filter(
        (word) => !text.includes(word),
      ),
    ).toEqual([]);
});

test('both lead to the same pages', () => {
  const links = (text: string) =>
    [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, to]) => to).filter((to) => !to?.startsWith('glossary'));
  expect(links(french)).toEqual(links(english));
});
