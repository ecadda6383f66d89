import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { expect, test } from 'vitest';
import { everyMessage } from '../../../scripts/every-message.ts';
import { englishOnly, isEnglishOnly } from '../../../src/core/messages/english-only.ts';
import { frenchCatalogue, givenFix, translateRef } from '../../../src/core/messages/translate.ts';

const definitions = [...(await everyMessage())];

/** The names of the values of a template; `shown`: only of those that a reader sees, and not of counts that choose a form. */
function valuesOf(template: string, { shown = false } = {}): ReadonlySet<string> {
  const names = new Set<string>();
  const walk = (elements: readonly MessageFormatElement[]) => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
      const chooses = element.type === TYPE.plural || element.type === TYPE.select;
      if (!chooses || !shown) names.add(element.value);
      if (chooses) for (const branch of Object.values(element.options)) walk(branch.value);
    }
  };
  walk(parse(template, { ignoreTag: true }));
  return names;
}

test('every message is there in French but those that are English only, and the catalogue holds nothing else', () => {
  const translated = definitions
    .filter(([id, { template }]) => !isEnglishOnly(id) && template !== givenFix)
    .map(([id]) => id);
  expect(Object.keys(frenchCatalogue).sort()).toEqual(translated.sort());
});

test('a group that is English only has messages, which French has inside its own', () => {
  for (const group of englishOnly)
    expect(
      definitions.some(([id]) => id.startsWith(`${group}.`)),
      group,
    ).toBe(true);
  const inner = { id: 'merge.reading', values: { n: 1000 } };
  expect(translateRef(inner, 'fr')).toBe('read 1000 runs');
  const outer = { id: 'fleet.unreadable', values: { origin: 'a', why: inner } };
  expect(translateRef(outer, 'fr')).toMatch(/^a .*: read 1000 runs$/);
});

test('the French has the values that the English shows, and no other', () => {
  const different = definitions.flatMap(([id, { template }]) => {
    const french = frenchCatalogue[id];
    if (french === undefined) return [];
    const [english, own] = [valuesOf(template), valuesOf(french)];
    return [
      ...[...valuesOf(template, { shown: true })]
        .filter((name) => !own.has(name))
        .map((name) => `${id}: ${name} is not in French`),
      ...[...own].filter((name) => !english.has(name)).map((name) => `${id}: ${name} is in French alone`),
    ];
  });
  expect(different).toEqual([]);
});
