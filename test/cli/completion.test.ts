import { afterEach, expect, test, vi } from 'vitest';
import { complete, type NamesOf } from '../../src/cli/completion.ts';
import { loadCommands } from '../../src/cli/program.ts';

const commands = await loadCommands();
afterEach(() => {
  vi.restoreAllMocks();
});

const known: NamesOf = async (kind) =>
  ({
    workloads: ['startup', 'startup/echo', 'startup/exec', 'io/fio'],
    runtimes: ['runc', 'crun'],
    runs: ['latest', '20260101-120000-abcd'],
  })[kind];

/** The completions of a line, without their descriptions. */
async function completed(line: string, namesOf = known): Promise<readonly string[]> {
  const printed: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text) => printed.push(String(text)));
  await complete(commands, line.split(' '), { namesOf, lang: 'en', print: (text) => printed.push(text) });
  return printed.map((text) => text.split('\t')[0] ?? '');
}

test.each([
  ['ru', ['run', 'runtimes', ':4']],
  ['run --work', ['--workloads', ':4']],
  ['run --workloads startup/e', ['startup/echo', 'startup/exec', ':4']],
  ['run --workloads=startup/ex', ['startup/exec', ':4']],
  [
    'run --workloads startup/echo,',
    ['startup/echo,startup', 'startup/echo,startup/exec', 'startup/echo,io/fio', ':4'],
  ],
  ['run --quiet --baseline ', ['runc', 'crun', ':4']],
  ['run --preset q', ['quick', ':4']],
  ['run --config ', [':0']],
  ['report --out ', [':0']],
  ['report l', ['latest', ':4']],
  ['compare latest 2', ['20260101-120000-abcd', ':4']],
  ['lab b', ['build', ':4']],
  ['completion z', ['zsh', ':4']],
  ['compl', ['completion', ':4']],
])('%s', async (line, expected) => {
  expect(await completed(line)).toEqual(expected);
});

test('names are looked up only where they are asked for', async () => {
  const namesOf = vi.fn(known);
  await completed('run --pres', namesOf);
  await completed('run --preset ', namesOf);
  expect(namesOf).not.toHaveBeenCalled();
});
