import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { describe, expect, test } from 'vitest';
import { everyMessage } from '../scripts/every-message.ts';
import { generatedNames } from '../scripts/generated-pages.ts';
import { frenchCatalogue } from '../src/core/messages/translate.ts';

const root = resolve(import.meta.dirname, '..');
const read = (name: string) => readFileSync(join(root, name), 'utf8');

/** A word that messages and documents do not use, as CONTRIBUTING.md lists it. */
interface Banned {
  readonly language: string;
  readonly not: string;
  readonly but: string;
  readonly except: string;
}

const row = /^\| (English|French) +\| ([^|]+?) +\| ([^|]+?) +\| ([^|]*?) *\|$/gm;
const banned: readonly Banned[] = [...read('CONTRIBUTING.md').matchAll(row)].map(
  ([, language = '', not = '', but = '', except = '']) => ({ language, not, but, except }),
);

/** The words as an expression: whole words, in the plural too, over line breaks. */
function wordsOf(phrase: string): RegExp {
  const words = phrase.split(' ').map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`(?<![\\p{L}\\p{N}_-])${words.join('\\s+')}s?(?![\\p{L}\\p{N}_-])`, 'giu');
}

/** The text without the phrases in which a banned word is right. */
const without = (text: string, except: string) =>
  except.split(', ').reduce((rest, one) => (one === '' ? rest : rest.replaceAll(wordsOf(one), '…')), text);

/** Banned words of a text, each with the right one. */
function misused(text: string, language: string): readonly string[] {
  return banned
    .filter((one) => one.language === language)
    .filter(({ not, except }) => wordsOf(not).test(without(text, except)))
    .map(({ not, but }) => `“${not}” is “${but}”`);
}

/** What a template says itself: neither its values, nor commands and code. */
function saidBy(template: string): string {
  const walk = (elements: readonly MessageFormatElement[]): string =>
    elements
      .map((element) => {
        if (element.type === TYPE.literal) return element.value;
        if (element.type !== TYPE.plural && element.type !== TYPE.select) return '…';
        return Object.values(element.options)
          .map((branch) => walk(branch.value))
          .join(' … ');
      })
      .join('');
  return walk(parse(template.replaceAll('~', ' '), { ignoreTag: true })).replaceAll(
    /@\([^)]*\)|`[^`]*`/g,
    '…',
  );
}

/** What a document says itself: no code, address or table of banned words. */
function proseOf(markdown: string): string {
  return markdown
    .replaceAll(row, '')
    .replaceAll(/^```.*?^```/gms, '')
    .replaceAll(/`[^`]*`|\]\([^)]*\)|<[^>]*>/g, '…');
}

const misusedIn = (language: string, messages: Iterable<readonly [string, string]>) =>
  [...messages].flatMap(([id, template]) =>
    misused(saidBy(template), language).map((what) => `${id}: ${what}`),
  );

/** Said once and kept as it was. A clone has no page that is made from the sources; a checkout may. */
const notWritten = /^docs\/adr\//;
const isFrench = (name: string) => /\.fr\.md$|\/fr\.md$/.test(name);
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'src/README.md',
  ...globSync('docs/**/*.md', { cwd: root }).filter(
    (name) => !notWritten.test(name) && !generatedNames.includes(name),
  ),
];

test('a banned word would be found', () => {
  expect(
    misusedIn('English', [['a.b', '{n, plural, one {# Subject} other {# subjects}} of {subject}']]),
  ).toEqual(['a.b: “subject” is “test”']);
  expect(
    misusedIn('English', [['a.c', 'what is not\ndecided, as `not decided` and @(not decided)']]),
  ).toHaveLength(1);
  expect(misusedIn('English', [['a.d', 'these cannot be told apart, {subject}']])).toEqual([]);
  expect(misusedIn('French', [['a.e', '{runtime} coûte plus en {category}']])).toHaveLength(1);
  expect(misusedIn('French', [['a.f', '{runtime} coûte plus cher~: excellule']])).toEqual([]);
  expect(misused(proseOf('A `cell`.\n\n```\ncell\n```\n[x](cell.md)'), 'English')).toEqual([]);
  expect(misused(proseOf('Two\ncells.'), 'English')).toHaveLength(1);
});

test('CONTRIBUTING.md lists banned words of both languages', () => {
  expect(banned.filter(({ language }) => language === 'English').length).toBeGreaterThan(10);
  expect(banned.filter(({ language }) => language === 'French').length).toBeGreaterThan(5);
});

describe('one word for one thing', () => {
  test('in English messages', async () => {
    const messages = [...(await everyMessage())].map(([id, { template }]) => [id, template] as const);
    expect(messages.length).toBeGreaterThan(1000);
    expect(misusedIn('English', messages)).toEqual([]);
  }, 120_000);

  test('in French messages', () => {
    expect(misusedIn('French', Object.entries(frenchCatalogue))).toEqual([]);
  });

  test('in documents', () => {
    expect(documents.length).toBeGreaterThan(20);
    const found = documents.flatMap((name) =>
      misused(proseOf(read(name)), isFrench(name) ? 'French' : 'English').map((what) => `${name}: ${what}`),
    );
    expect(found).toEqual([]);
  });
});
