import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { expect, test } from 'vitest';
import { everyMessage } from '../../../scripts/every-message.ts';
import { frenchCatalogue } from '../../../src/core/messages/translate.ts';

const definitions = [...(await everyMessage())];

/** The names of the values of a template. */
function valuesOf(template: string): ReadonlySet<string> {
  const names = new Set<string>();
  const walk = (elements: readonly MessageFormatElement[]) => {
    for (const element of elements) {
      if (element.type === TYPE.literal || element.type === TYPE.pound) continue;
      names.add(element.value);
      if (element.type === TYPE.plural || element.type === TYPE.select)
        for (const branch of Object.values(element.options)) walk(branch.value);
    }
  };
  walk(parse(template, { ignoreTag: true }));
  return names;
}

test('every message is there in French, and the catalogue holds nothing else', () => {
  expect(Object.keys(frenchCatalogue).sort()).toEqual(definitions.map(([id]) => id).sort());
});

test('the French needs no value that the English has not', () => {
  const missing = definitions.flatMap(([id, { template }]) => {
    const english = valuesOf(template);
    return [...valuesOf(frenchCatalogue[id] ?? '')]
      .filter((name) => !english.has(name))
      .map((name) => `${id}: ${name}`);
  });
  expect(missing).toEqual([]);
});
