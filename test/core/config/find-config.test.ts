import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../../src/core/config/load-config.ts';

let top: string;
let below: string;
beforeEach(async () => {
  top = await mkdtemp(join(tmpdir(), 'ocibench-find-'));
  below = join(top, 'a/b');
  await mkdir(below, { recursive: true });
});
afterEach(() => rm(top, { recursive: true, force: true }));

const contents = {
  ts: 'const seed: number = 7;\nexport default { seed };\n',
  json: '{"$schema": "x", "seed": 7}',
};

describe('a configuration that is not named', () => {
  test.each(Object.entries(contents))('is found above, as .%s', async (end, text) => {
    await writeFile(join(top, `bench.config.${end}`), text);
    const found = await loadConfig(null, below);
    expect(found).toMatchObject({ config: { seed: 7 }, file: `../../bench.config.${end}` });
  });

  test('is the nearest', async () => {
    await writeFile(join(top, 'bench.config.json'), '{"seed": 1}');
    await writeFile(join(top, 'a/bench.config.json'), '{"seed": 2}');
    expect((await loadConfig(null, below))?.config).toEqual({ seed: 2 });
  });

  test('is not one of two', async () => {
    for (const end of ['ts', 'json'] as const)
      await writeFile(join(top, `bench.config.${end}`), contents[end]);
    await expect(loadConfig(null, below)).rejects.toMatchObject({
      exitCode: 2,
      problems: [{ message: expect.stringContaining('bench.config.ts, bench.config.json') }],
    });
  });

  test('is not sought where another user could have put it', async () => {
    await writeFile(join(top, 'bench.config.ts'), "throw new Error('executed');\n");
    await chmod(top, 0o1777);
    expect(await loadConfig(null, below)).toBeNull();
  });
});

test('an error says its line', async () => {
  await writeFile(join(top, 'bench.config.ts'), 'export default {\n  runtimes: [,\n  foo\n};\n');
  await expect(loadConfig(null, top)).rejects.toMatchObject({
    problems: [{ message: expect.stringMatching(/^line 4: cannot be loaded: /) }],
  });
});

test('a number for a duration is told what a duration is', async () => {
  await writeFile(join(top, 'bench.config.json'), '{"maxTime": 600}');
  await expect(loadConfig(null, top)).rejects.toMatchObject({
    problems: [{ fix: "correct the value: it must be a duration such as '90s', '10m' or '1h30m'" }],
  });
});
