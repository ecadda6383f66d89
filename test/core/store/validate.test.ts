import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadRun } from '../../../src/core/store/run-directory.ts';

const stored = join(import.meta.dirname, '../../contracts/stored-run/20261125-205804-e1d4');
let place = '';
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'validate-'));
  await cp(stored, place, { recursive: true });
});
afterEach(() => rm(place, { recursive: true }));

/** A message in a message, as text: JSON.stringify gives up before the reader does. */
const nested = (depth: number) => `${'{"id":"list","values":{"x":'.repeat(depth)}"x"${'}}'.repeat(depth)}`;

test.each([100, 5_000])(
  'messages that somebody nested %i deep are refused by file, with exit code 2',
  async (depth) => {
    const run = await readFile(join(place, 'run.json'), 'utf8');
    await writeFile(
      join(place, 'run.json'),
      run.replace('"checks": [\n    {', `"checks": [{"unknown": ${nested(depth)},`),
    );
    await expect(loadRun(place)).rejects.toMatchObject({
      exitCode: 2,
      problems: [
        { file: join(place, 'run.json'), message: expect.stringContaining('nested more than 64 deep') },
      ],
    });

    await writeFile(join(place, 'run.json'), run);
    const [first = '', ...rest] = (await readFile(join(place, 'trials.jsonl'), 'utf8')).split('\n');
    const hostile = first.replace('{', `{"messages":{"x":${nested(depth)}},`);
    await writeFile(join(place, 'trials.jsonl'), [hostile, ...rest].join('\n'));
    await expect(loadRun(place)).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ file: join(place, 'trials.jsonl'), key: 'line 1' }],
    });
  },
);
