import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { openJsonl, readJsonl } from '../../src/store/jsonl.ts';

const schema = z.object({ n: z.number() });
let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'jsonl-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('what is appended comes back in order', async () => {
  const path = join(directory, 'a.jsonl');
  const writer = openJsonl(path);
  for (let n = 0; n < 4; n += 2) writer.append({ n }, { n: n + 1 });
  writer.append();
  writer.append({ n: 4 });
  writer.close();
  const content = await readJsonl(path, schema);
  expect(content.values.map((value) => value.n)).toEqual([0, 1, 2, 3, 4]);
  expect(content.torn).toBeNull();
});

test('a torn last line is set aside and nothing before it is lost', async () => {
  const path = join(directory, 'a.jsonl');
  await writeFile(path, '{"n":1}\n{"n":2}\n{"n":');
  expect(await readJsonl(path, schema)).toEqual({
    values: [{ n: 1 }, { n: 2 }],
    torn: '{"n":',
    wholeBytes: 16,
  });
});

test.each([
  ['{"n":1}\nnonsense\n{"n":2}\n', 'line 2: not a record of this version: it is not JSON'],
  ['{"n":1}\n{"n":"x"}\n', 'line 2: not a record of this version: n:'],
])('a damaged line in the middle is an error that names it', async (text, message) => {
  const path = join(directory, 'a.jsonl');
  await writeFile(path, text);
  await expect(readJsonl(path, schema)).rejects.toThrow(message);
});

test('a missing file is an empty one', async () => {
  expect((await readJsonl(join(directory, 'none'), schema)).values).toEqual([]);
});
