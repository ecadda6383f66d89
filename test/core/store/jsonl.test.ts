import { openSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { holdDirectory } from '../../../src/core/files/held-directory.ts';
import { openJsonl, readJsonl } from '../../../src/core/store/jsonl.ts';

const schema = z.object({ n: z.number() });
let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'jsonl-'));
});
afterEach(() => rm(directory, { recursive: true }));

test('what is appended comes back in order', async () => {
  const path = join(directory, 'a.jsonl');
  using held = holdDirectory(directory);
  const writer = openJsonl(held, 'a.jsonl');
  for (let n = 0; n < 4; n += 2) writer.append({ n }, { n: n + 1 });
  writer.append();
  writer.append({ n: 4 });
  writer.close();
  const content = await readJsonl(path, schema);
  expect(content.values.map((value) => value.n)).toEqual([0, 1, 2, 3, 4]);
  expect(content.isTorn).toBe(false);
});

test('a torn last line is left out and nothing before it is lost', async () => {
  const path = join(directory, 'a.jsonl');
  await writeFile(path, '{"n":1}\n{"n":2}\n{"n":');
  expect(await readJsonl(path, schema)).toEqual({
    values: [{ n: 1 }, { n: 2 }],
    isTorn: true,
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

test('a full disk is reported with the file and what is needed', () => {
  using held = holdDirectory('/dev');
  const writer = openJsonl({ ...held, openToAppend: (name) => openSync(held.at(name), 'a') }, 'full');
  expect(() => writer.append({ n: 1 }, true)).toThrow(
    expect.objectContaining({
      exitCode: 1,
      problems: [
        expect.objectContaining({
          file: '/dev/full',
          message: 'no space is left on its device (ENOSPC)',
          fix: expect.stringContaining('--out'),
        }),
      ],
    }),
  );
  writer.close();
});

test('a file that cannot be made is reported likewise', () => {
  using held = holdDirectory(directory);
  const readOnly = () => {
    throw Object.assign(new Error('injected'), { code: 'EROFS' });
  };
  expect(() => openJsonl({ ...held, openToAppend: readOnly }, 'a.jsonl')).toThrow(
    expect.objectContaining({
      exitCode: 2,
      problems: [expect.objectContaining({ file: join(directory, 'a.jsonl') })],
    }),
  );
});

const source = (file: string) => JSON.stringify(join(import.meta.dirname, '../../../src', file));

/** The part that fits into a file of limited size is written, then the call fails (setrlimit(2)). */
test('of a line that does not fit nothing is left, and what was there can be read', async () => {
  const path = join(directory, 'a.jsonl');
  const program = `
    import { holdDirectory } from ${source('core/files/held-directory.ts')};
    import { openJsonl } from ${source('core/store/jsonl.ts')};
    process.on('SIGXFSZ', () => undefined);
    const writer = openJsonl(holdDirectory(${JSON.stringify(directory)}), 'a.jsonl');
    try { for (let n = 0; ; n++) writer.append({ n, text: 'x'.repeat(700) }); }
    catch (error) { console.log(error.problems[0].message); }`;
  const { stdout } = await execa('bash', [
    '-c',
    'ulimit -f 4; exec "$0" --input-type=module -e "$1"',
    process.execPath,
    program,
  ]);
  expect(stdout).toBe('it would be larger than allowed (EFBIG)');
  const { values, isTorn } = await readJsonl(path, schema);
  expect(isTorn).toBe(false);
  expect(values.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4]);
});
