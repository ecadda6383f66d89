import { globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser';
import { describe, expect, test } from 'vitest';
import { frenchCatalogue } from '../../src/messages/french.ts';
import { allDefinitions } from '../../src/messages/registry.ts';

const root = resolve(import.meta.dirname, '../..');
/** Importing a module defines its messages; these start something when they are imported, and define none. */
const programs = /^src\/(cli\.ts|page\/.*|.*-thread\.ts)$/;
const files = globSync('{src,workloads}/**/*.ts', { cwd: root }).filter((name) => !programs.test(name));
for (const file of files) await import(join(root, file));
const definitions = [...allDefinitions()];

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

describe.each(definitions)('%s', (id, { template }) => {
  test('the French needs no value that the English has not', () => {
    const english = valuesOf(template);
    expect([...valuesOf(frenchCatalogue[id] ?? '')].filter((name) => !english.has(name))).toEqual([]);
  });
});
