import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { exitCodes } from '../../src/core/model/failure/error.ts';
import { parsesCommand } from '../support/parses-command.ts';

const root = resolve(import.meta.dirname, '../..');
const guide = readFileSync(join(root, 'docs/ci.md'), 'utf8');
const blocks = [...guide.matchAll(/^```(\w+)[^\n]*\n(.*?)^```$/gms)].map(([, kind = '', text = '']) => ({
  kind,
  text,
}));
const textOf = (kind: string) => blocks.filter((block) => block.kind === kind).map(({ text }) => text);

/** Every piece of shell in a value of a pipeline: the texts under `run`, `script` and `after_script`. */
function shellOf(value: unknown, key = ''): readonly string[] {
  if (typeof value === 'string') return /^(run|script|after_script)$/.test(key) ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => shellOf(item, key));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => shellOf(inner, name));
}

const documents = textOf('yaml').flatMap((text) => parseAllDocuments(text));
const shell = [
  ...documents.flatMap((document) => shellOf(document.toJS())),
  ...textOf('ini').flatMap((text) => [...text.matchAll(/^ExecStart=(.*)$/gm)].map(([, line = '']) => line)),
  ...textOf('text').map((line) => line.replace(/^(\S+ ){5}root /, '')),
  ...textOf('sh'),
];

test('the YAML of the pipelines is YAML, without errors or warnings', () => {
  expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  expect(documents.length).toBe(3);
});

test('every recipe measures', () => {
  expect(shell.filter((script) => script.includes('examples/ci.sh')).length).toBe(5);
});

test.each(shell)('bash reads %j', async (script) => {
  await execa('bash', ['-n'], { input: script });
});

test('every option that a recipe gives is one of ocibench run', async () => {
  const calls = shell.flatMap((script) => [
    ...script.matchAll(/examples\/ci\.sh (?:"[^"]*"|\S+)((?: [^\n>&|]+)?)/g),
  ]);
  expect(calls.length).toBe(5);
  for (const [, options = ''] of calls)
    await parsesCommand(['run', '--out', 'x', '--set', 'progress=false', ...options.trim().split(/\s+/)]);
  await expect(parsesCommand(['run', '--no-such-option'])).rejects.toThrow();
});

test('the table has the exit codes of ocibench', () => {
  const rows = [...guide.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  expect(rows).toEqual(Object.values(exitCodes));
});

describe('examples/ci.sh', () => {
  const directory = mkdtempSync(join(tmpdir(), 'ci-'));
  afterAll(() => rmSync(directory, { recursive: true, force: true }));
  const fake = join(directory, 'ocibench');
  const calls = join(directory, 'calls');
  // Its exit codes are those of RUN, VERIFY and COMPARE; a run leaves a directory that `latest` points to.
  writeFileSync(
    fake,
    `#!/bin/sh
printf '%s\\n' "$*" >>"$CALLS"
case $1 in
  run) mkdir -p "$3/results/$ID"; ln -sfn "$ID" "$3/results/latest"; exit "\${RUN:-0}" ;;
  verify) exit "\${VERIFY:-0}" ;;
  compare) echo changes; exit "\${COMPARE:-0}" ;;
esac
`,
  );
  chmodSync(fake, 0o755);
  const kept = join(directory, 'runs');

  async function ci(
    id: string,
    codes: Readonly<Record<string, string>> = {},
    options: readonly string[] = [],
  ) {
    writeFileSync(calls, '');
    const env = { ...codes, OCIBENCH: fake, CALLS: calls, ID: id };
    const { exitCode } = await execa(join(root, 'examples/ci.sh'), [kept, ...options], {
      env,
      reject: false,
    });
    return { exitCode, calls: readFileSync(calls, 'utf8').trim().split('\n') };
  }

  test('without a directory it says how it is used', async () => {
    const { exitCode, stderr } = await execa(join(root, 'examples/ci.sh'), [], { reject: false });
    expect(exitCode).toBe(exitCodes.misuse);
    expect(stderr).toContain('usage: ci.sh DIRECTORY');
  });

  test('the first run has nothing to be compared with', async () => {
    expect(await ci('first', {}, ['--preset', 'quick'])).toEqual({
      exitCode: 0,
      calls: [`run --out ${kept} --set progress=false --preset quick`, `verify latest --in ${kept}`],
    });
  });

  test('the next one is compared with it, and keeps what was found', async () => {
    const next = await ci('second');
    expect(next.exitCode).toBe(0);
    expect(next.calls).toContain(`compare first latest --in ${kept}`);
    expect(readFileSync(join(kept, 'comparison.txt'), 'utf8')).toBe('changes\n');
    expect(existsSync(join(kept, 'comparison.json'))).toBe(true);
  });

  test.each([
    [{ RUN: '1' }, 1, 'second'],
    [{ RUN: '2' }, 2, 'second'],
    [{ RUN: '3' }, 3, 'second'],
    [{ RUN: '4' }, 4, 'second'],
    [{ RUN: '5' }, 5, 'third'],
    [{ RUN: '130' }, 130, 'second'],
    [{ VERIFY: '1' }, 1, 'second'],
    [{ RUN: '1', COMPARE: '2' }, 2, 'second'],
    [{ COMPARE: '1' }, 1, 'third'],
    [{ COMPARE: '2' }, 2, 'third'],
  ])('%j ends with %s, and the next run is compared with the %s', async (codes, exitCode, next) => {
    writeFileSync(join(kept, 'last-complete'), 'second\n');
    expect((await ci('third', codes)).exitCode).toBe(exitCode);
    expect(readFileSync(join(kept, 'last-complete'), 'utf8').trim()).toBe(next);
  });

  test('what may differ is handed on', async () => {
    const { calls: made } = await ci('fourth', { ACCEPT: 'host.kernel' });
    expect(
      made
        .filter((line) => line.startsWith('compare'))
        .every((line) => line.includes('--accept host.kernel')),
    ).toBe(true);
  });
});
