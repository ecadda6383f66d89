import { chmodSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, loadDaemonJson } from '../../../src/core/config/load-config.ts';
import { OcibenchError } from '../../../src/core/model/failure/error.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'ocibench-config-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function refusal(call: Promise<unknown>): Promise<OcibenchError> {
  const error = await call.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof OcibenchError)) throw new Error(`no OcibenchError but ${String(error)}`);
  return error;
}

describe('loadConfig', () => {
  it('gives null where the directory has no bench.config.ts', async () => {
    expect(await loadConfig(null, directory)).toBeNull();
  });

  it('loads TypeScript and JSON', async () => {
    writeFileSync(
      join(directory, 'typed.ts'),
      "const preset: string = 'full';\nexport default { preset };\n",
    );
    expect(await loadConfig('typed.ts', directory)).toEqual({ config: { preset: 'full' }, file: 'typed.ts' });
    writeFileSync(join(directory, 'plain.json'), '{"seed": 4}');
    expect((await loadConfig('plain.json', directory))?.config).toEqual({ seed: 4 });
  });

  it("loads the repository's own", async () => {
    const loaded = await loadConfig(null, join(import.meta.dirname, '../../..'));
    expect(loaded?.config).toMatchObject({ preset: 'quick', baseline: 'runc' });
  });

  it('loads a file that was not named only where no other user could have written it', async () => {
    const own = mkdtempSync(join(directory, 'own-'));
    const file = join(own, 'bench.config.ts');
    writeFileSync(file, "throw new Error('executed');\n");
    const modes = [
      [file, 0o666, 0o644],
      [own, 0o1777, 0o755],
    ] as const;
    for (const [path, loose, strict] of modes) {
      chmodSync(path, loose);
      expect((await refusal(loadConfig(null, own))).problems).toMatchObject([
        {
          file,
          message: expect.stringContaining(
            `not loaded unless you name it: ${path} can be written by every user`,
          ),
          fix: expect.stringContaining(`--config ${file}`),
        },
      ]);
      expect((await refusal(loadConfig(file, own))).problems[0]?.message).toContain('executed');
      chmodSync(path, strict);
    }
    expect((await refusal(loadConfig(null, own))).problems[0]?.message).toContain('executed');
  });

  it('goes by what a link leads to, too', async () => {
    const [own, open] = [mkdtempSync(join(directory, 'own-')), mkdtempSync(join(directory, 'open-'))];
    writeFileSync(join(open, 'config.ts'), "throw new Error('executed');\n");
    symlinkSync(join(open, 'config.ts'), join(own, 'bench.config.ts'));
    chmodSync(open, 0o777);
    expect((await refusal(loadConfig(null, own))).problems[0]?.message).toContain(
      `${open} can be written by every user`,
    );
  });

  it.each([
    ['missing.ts', null, 'does not exist'],
    ['broken.ts', 'export default {', 'cannot be loaded'],
    ['nothing.ts', 'export const a = 1;', 'must export an object'],
    ['twice.json', '{"seed": 1, "seed": 2}', 'appears twice'],
    ['wrong.json', '{"seed": "x", "lang": "de"}', 'must be a'],
  ])('refuses %s with exit code 2, the file and a fix', async (file, text, message) => {
    if (text !== null) writeFileSync(join(directory, file), text);
    const error = await refusal(loadConfig(file, directory));
    expect(error.exitCode).toBe(2);
    expect(error.problems[0]).toMatchObject({ file, message: expect.stringContaining(message) });
    expect(error.problems[0]?.fix).not.toBe('');
  });
});

describe('loadDaemonJson', () => {
  it('gives null only where the default file does not exist', async () => {
    const absent = join(directory, 'absent.json');
    expect(await loadDaemonJson(null, absent)).toBeNull();
    const error = await refusal(loadDaemonJson(absent));
    expect(error.exitCode).toBe(2);
    expect(error.problems).toMatchObject([{ file: absent, message: 'does not exist' }]);
  });

  it('reads and checks', async () => {
    const file = join(directory, 'daemon.json');
    writeFileSync(file, '{"runtimes": {"a": {"path": "/x"}}}');
    expect(await loadDaemonJson(file)).toMatchObject({ file, config: { runtimes: { a: { path: '/x' } } } });
    writeFileSync(file, '{"runtimes": {"a": {}}, "debug": 1}');
    expect((await refusal(loadDaemonJson(file))).problems).toHaveLength(2);
    expect((await refusal(loadDaemonJson(directory))).problems[0]?.message).toContain('cannot be read');
  });
});
