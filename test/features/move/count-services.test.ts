import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countServices, crowdsIn } from '../../../src/features/move/stack/count-services.ts';

const service = (at: number) => `  s${at}:\n    image: a\n    depends_on:\n      - s${at + 1}\n`;
const stack = (n: number) =>
  `name: many\n# services:\nservices: # of a shop\n\n${Array.from({ length: n }, (_, at) => service(at)).join('')}volumes:\n  data:\n  other:\n`;

test.each([
  ['block style', stack(7), 7],
  [
    'quoted, indented by four, with comments between',
    `"services":\n    a:\n# b:\n    # c:\n    'b': {image: x}\n`,
    2,
  ],
  ['the last of the file', 'version: "3"\nservices:\n  a:\n    image: x', 1],
  ['Windows lines', 'services:\r\n  a:\r\n    image: x\r\n  b:\r\n    image: x\r\n', 2],
  ['JSON', JSON.stringify({ services: { a: {}, b: {} } }), 2],
  ['JSON without services, and no object', '{"services": null}', 0],
  ['what only a parser reads', 'services: {a: {image: x}}', 0],
  ['none', 'include: [other.yaml]\n', 0],
  ['not JSON', '{services', 0],
  ['an empty key', 'services:\nvolumes:\n  a:\n', 0],
])('%s', (_, text, n) => {
  expect(countServices(text)).toBe(n);
});

test('thousands in a chain are counted, and refused with their number', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'crowd-'));
  try {
    const file = join(directory, 'compose.yaml');
    await writeFile(file, stack(5_000));
    const problems = await crowdsIn([join(directory, 'missing.yaml'), file]);
    expect(problems.map(({ file, key, message }) => [file, key, message])).toEqual([
      [file, 'services', 'has 5000 services; at most 1000 are tried'],
    ]);
    await writeFile(file, stack(1_000));
    expect(await crowdsIn([file])).toEqual([]);
  } finally {
    await rm(directory, { recursive: true });
  }
});
