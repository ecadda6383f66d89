import { execa } from 'execa';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { bashCompletion } from '../../src/cli/commands/completion.ts';
import { complete, type FindNames } from '../../src/cli/completion.ts';
import { loadCommands } from '../../src/cli/program.ts';

const commands = await loadCommands();
afterEach(() => {
  vi.restoreAllMocks();
});

const known: FindNames = async (kind) =>
  ({
    workloads: ['startup', 'startup/echo', 'startup/exec', 'io/fio'],
    runtimes: ['runc', 'crun'],
    profiles: ['plain', 'read-only'],
    keys: ['seed=', 'services='],
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
  ['run --quiet --runtimes ', ['runc', 'crun', ':4']],
  ['run --set see', ['seed=', ':4']],
  ['run --preset q', ['quick', ':4']],
  ['run --config ', [':0']],
  ['report --out ', [':0']],
  ['report l', ['latest', ':4']],
  ['compare latest 2', ['20260101-120000-abcd', ':4']],
  ['lab b', ['build', ':4']],
  ['capacity m', ['measure', ':4']],
  ['compl', [':4']],
])('%s', async (line, expected) => {
  expect(await completed(line)).toEqual(expected);
});

test('names are looked up only where they are asked for', async () => {
  const namesOf = vi.fn(known);
  await completed('run --pres', namesOf);
  await completed('run --preset ', namesOf);
  expect(namesOf).not.toHaveBeenCalled();
});

describe('in bash', () => {
  /** What bash offers for a line that it has split into words, as `ocibench` of these lines answers. */
  async function offered(words: readonly string[], answer: string) {
    const { stdout } = await execa('bash', ['--norc', '-c', bashScript, 'bash', ...words], {
      env: { ANSWER: answer },
    });
    const [asked = '', ...replies] = stdout.split('\n');
    return { asked, replies };
  }
  const bashScript = `
    ocibench() { printf '%s|' "$@" >&3; printf '%s\\n' "$ANSWER"; }
    compopt() { echo "compopt $*"; }
    ${bashCompletion('ocibench')}
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
    exec 3>&1
    __ocibench_complete
    printf '\\n'; printf '%s\\n' "\${COMPREPLY[@]}"
  `;

  test.each<readonly [readonly string[], string, string, readonly string[]]>([
    [['ocibench', 'ru'], 'run\tmeasure\nruntimes\tregister\n:4', 'complete|--|ru|', ['run', 'runtimes']],
    [['ocibench', 'run', ''], 'x\n:4', 'complete|--|run||', ['x']],
    [
      ['ocibench', 'run', '--workloads', '=', 'io/f'],
      'io/fio\t\n:4',
      'complete|--|run|--workloads=io/f|',
      ['io/fio'],
    ],
    [['ocibench', 'x', 'a', ':', 'b'], 'a:bc\n:4', 'complete|--|x|a:b|', ['bc']],
    [
      ['ocibench', 'run', '--cmd', '"$(touch /tmp/never)'],
      ':4',
      'complete|--|run|--cmd|"$(touch /tmp/never)|',
      [''],
    ],
  ])('%j', async (words, answer, asked, replies) => {
    expect(await offered(words, answer)).toEqual({ asked, replies });
  });

  test('files are left to bash', async () => {
    expect((await offered(['ocibench', 'run', '--config', ''], ':0')).asked).toContain('compopt -o default');
  });
});
