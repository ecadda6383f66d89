import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { parse } from 'shell-quote';
import { expect, test } from 'vitest';
import { exportFormats } from '../../src/features/nightly/history/export-format.ts';
import { parsesCommand } from '../support/parses-command.ts';

const guide = readFileSync(resolve(import.meta.dirname, '../../docs/nightly.md'), 'utf8');
const shell = [...guide.matchAll(/^```sh[^\n]*\n(.*?)^```$/gms)].map(([, block = '']) => block);
const calls = shell.flatMap((block) =>
  [...block.matchAll(/^(?:sudo )?ocibench ((?:[^\n#'"]|'[^']*'|"[^"]*")*)/gm)].map(([, words = '']) =>
    words.trim(),
  ),
);

test.each(calls)('ocibench %s is a command', async (words) => {
  await parsesCommand(parse(words).map((word) => (typeof word === 'string' ? word : '*')));
});

test('the guide shows commands', () => {
  expect(calls.length).toBeGreaterThanOrEqual(12);
});

test.each(shell)('a shell reads %j', async (script) => {
  await execa('sh', ['-n'], { input: script });
});

test('the guide names every format', () => {
  for (const format of exportFormats) expect(guide).toContain(`\`${format}\``);
});

/** The script of that name in the guide. */
const script = (name: string) =>
  new RegExp(`^\`\`\`sh title="[^"]*/${name}"\n(.*?)^\`\`\`$`, 'ms').exec(guide)?.[1] ?? '';

const hasJq = spawnSync('jq', ['--version']).status === 0;

test.skipIf(!hasJq).each([
  ['mail-alarm', 'mail', ['root@example.org'], /^-s\nalarm 1\nroot@example.org\nIt moved\.\n$/],
  ['post-alarm', 'curl', [], /--json\n@-\n\{ *"text": "It moved\.\\n"\}\n$/],
] as const)('%s hands the alarm on', async (name, program, words, expected) => {
  const place = await mkdtemp(join(tmpdir(), 'ocibench-recipe-'));
  try {
    // Writes down its words, and its stdin in one line.
    const fake = `#!/bin/sh\n(printf '%s\\n' "$@"; tr -d '\\n'; echo) >'${place}/got'\n`;
    for (const [file, content] of [
      [name, script(name)],
      [program, fake],
    ] as const) {
      await writeFile(join(place, file), content);
      await chmod(join(place, file), 0o755);
    }
    const input = JSON.stringify({ subject: 'alarm 1', text: 'It moved.\n' });
    await execa(join(place, name), [...words], { input, env: { PATH: `${place}:${process.env.PATH}` } });
    expect(await readFile(join(place, 'got'), 'utf8')).toMatch(expected);
  } finally {
    await rm(place, { recursive: true });
  }
});
