import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { captured } from '../cli/support.ts';
import { ocibench } from './cli.ts';

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'contract-'));
});
afterAll(() => rm(place, { recursive: true }));

const help = join(import.meta.dirname, 'help');

/** Options and arguments of a help text, each with its value's name: what scripts rely on. Descriptions may change. */
function promises(text: string): readonly string[] {
  const usage = text.split('\n').filter((line) => line.startsWith('Usage:'));
  const options = [...text.matchAll(/^ {2}((?:-\w, )?--[\w-]+(?: [<[][^>\]]+[>\]])?)/gm)].map(
    ([, each]) => each ?? '',
  );
  const commands = [...text.matchAll(/^ {2}([a-z][\w-]*)(?: |$)/gm)].map(([, each]) => each ?? '');
  return [...usage, ...options, ...commands];
}

describe('help', async () => {
  const names = (await readdir(help)).map((file) => file.replace(/\.txt$/, ''));

  /** In this process, which is quicker; that a started program says the same is a test of its own. */
  async function helpOf(name: string) {
    const { streams, stdout, stderr } = captured();
    const words = [...(name === 'ocibench' ? [] : name.split(' ')), '--help'];
    const variables = { HOME: place, LC_ALL: 'C.UTF-8', NO_COLOR: '1' };
    const exitCode = await main({ words, version: '0.0.0', streams, variables });
    return { exitCode, stdout: stdout(), stderr: stderr() };
  }

  test.each(names)('of `%s` has every option, argument and command that it had', async (name) => {
    const result = await helpOf(name);
    expect(result.exitCode, result.stderr).toBe(0);
    const before = promises(await readFile(join(help, `${name}.txt`), 'utf8'));
    expect(before.length).toBeGreaterThan(0);
    expect(before.filter((each) => !promises(result.stdout).includes(each))).toEqual([]);
  });

  test('of a started program is the same', async () => {
    const { exitCode, stdout, stderr } = await ocibench(['run', '--help'], place);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toBe((await helpOf('run')).stdout.trimEnd());
  });
});

test('the owner of a daemon.json reads its values on the terminal', async () => {
  const file = join(place, 'own.json');
  await writeFile(file, '{"runtimes":{"own":{"path":"/usr/bin/runc","runtimeArgs":["--own=word"]}}}');
  const { stdout, stderr } = await ocibench(['list', 'runtimes', '--set', `daemonJson=${file}`], place);
  expect(stdout, stderr).toContain('/usr/bin/runc --own=word');
});

describe('exit codes', () => {
  test.each<readonly [number, readonly string[]]>([
    [0, ['--version']],
    [0, ['list', 'workloads', '--json']],
    [0, ['list', 'metrics', '--json']],
    [2, ['nonsense']],
    [2, ['run', '--nonsense']],
    [2, ['run', '--preset', 'nonsense']],
    [2, ['run', '--workloads', 'nonsense']],
    [2, ['run', '--resume', 'nonsense']],
    [2, ['run', '--set', 'daemonJson=nonsense']],
    [2, ['run', '--config', 'nonsense.ts']],
    [2, ['report', 'nonsense']],
    [2, ['compare', 'nonsense', 'nonsense']],
    [2, ['doctor', 'calibrate', '--checks', 'nonsense']],
    [3, ['run', '--engine', 'docker', '--workloads', 'startup/echo', '--quiet']],
    [3, ['doctor', '--engine', 'docker']],
  ])(
    '%d of `ocibench %j`',
    async (code, words) => {
      const result = await ocibench(words, place);
      expect(result.exitCode, `${result.stdout}${result.stderr}`).toBe(code);
      expect(result.stderr).not.toMatch(/bug in ocibench|\n\s+at /);
    },
    60_000,
  );
});
