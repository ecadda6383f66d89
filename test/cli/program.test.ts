import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { canRun } from '../../src/cli/command.ts';
import { loadCommands, program } from '../../src/cli/program.ts';
import type { Lang } from '../../src/core/messages/message.ts';

const commands = await loadCommands();
const helpDirectory = join(import.meta.dirname, '../contracts/help');

/** What a command line prints, and what it does. */
async function typed(words: readonly string[], lang: Lang = 'en') {
  let out = '';
  let err = '';
  const acted: { name: string; flags: object; words: readonly string[] }[] = [];
  const made = program({
    version: '1.2.3',
    lang,
    commands,
    act: async ({ name }, flags, given) => {
      acted.push({ name, flags, words: given });
    },
    writeOut: (text) => {
      out += text;
    },
    writeErr: (text) => {
      err += text;
    },
  });
  const error = await made.parseAsync(words, { from: 'user' }).then(
    () => null,
    (thrown: { code: string; exitCode: number }) => thrown,
  );
  return { out, err, acted, error };
}

describe('help', async () => {
  test.each((await readdir(helpDirectory)).map((file) => file.replace(/\.txt$/, '')))(
    'of %s reads as it did',
    async (name) => {
      const { out } = await typed([...(name === 'ocibench' ? [] : name.split(' ')), '--help']);
      expect(out).toBe(await readFile(join(helpDirectory, `${name}.txt`), 'utf8'));
    },
  );

  test('is in the language, every piece of it', async () => {
    const { out } = await typed(['report', '--help'], 'fr');
    expect(out).toContain('Usage\u00a0: ocibench report [options] [run]');
    expect(out).toContain('un identifiant de campagne, un chemin, une archive, "latest" (par défaut)');
    expect(out).toMatch(/\(au choix\u00a0:\s+"en", "fr"\)/);
    expect(out).toContain('afficher l’aide de la commande');
    expect((await typed(['run', '--help'], 'fr')).out).toContain(
      'Combien de temps, avec quelle précision\u00a0:',
    );
    expect((await typed(['run', '--help'], 'fr')).out).toContain(
      '  # tous les runtimes déclarés, en trois minutes\n  ocibench run\n',
    );
    expect((await typed(['--help'], 'fr')).out).toContain('mesurer les runtimes et écrire le rapport');
  });

  test.each(commands.filter(canRun).map(({ name }) => name))('%s can be told the language', async (name) => {
    expect((await typed([...name.split(' '), '--help'])).out).toContain('--lang <code>');
  });
});

test('a command gets its flags and its arguments', async () => {
  const { acted } = await typed(['runtimes', 'add', 'x', '--path', '/x', '--dry-run', '--', '-a', '-b']);
  expect(acted).toEqual([
    { name: 'runtimes add', flags: { path: '/x', dryRun: true, reload: true }, words: ['x', '-a', '-b'] },
  ]);
  const pairs = await typed(['run', '--set', 'labels.a=1', '--set', 'labels.b=2=3']);
  expect(pairs.acted).toMatchObject([{ name: 'run', flags: { set: ['labels.a=1', 'labels.b=2=3'] } }]);
});

const groups = ['lab', 'capacity', 'nightly', 'fleet', 'doctor', 'runtimes'];

describe('the help on one screen', () => {
  test('is of thirteen commands, by what they are for', async () => {
    const { out } = await typed(['--help']);
    const listed = [...out.matchAll(/^(?:([A-Z].*):| {2}([a-z]+) {2}.*)$/gm)].map(
      ([, title, name]) => title ?? name,
    );
    expect(listed.filter((each) => each !== 'Options')).toEqual([
      'Measure',
      'run',
      'lab',
      'Read what was measured',
      'report',
      'list',
      'compare',
      'verify',
      'Decide before you move services',
      'move',
      'capacity',
      'Measure every night',
      'nightly',
      'Measure on many hosts, or with a class of students',
      'fleet',
      'Look after this host',
      'doctor',
      'runtimes',
      'clean',
    ]);
    expect(out.trimEnd().split('\n').at(-1)).toBe('More about a command:  ocibench COMMAND --help');
    expect(out.split('\n').length).toBeLessThanOrEqual(40);
  });

  test.each(groups.flatMap((name) => [[name, 'en'] as const, [name, 'fr'] as const]))(
    'of the group %s (%s) begins with an example, and then has its commands',
    async (name, lang) => {
      const { out } = await typed([name, '--help'], lang);
      const [title, comment, example, ...rest] = out.split('\n');
      expect(title).toMatch(/^(Examples|Exemples\u00a0):$/);
      expect(comment).toMatch(/^ {2}# ./);
      expect(example).toMatch(new RegExp(`^ {2}(sudo )?ocibench ${name}( |$)`));
      const own = commands.filter((command) => command.name.startsWith(`${name} `));
      const [, listed = ''] = rest.join('\n').split(/^(?:Commands|Commandes\u00a0):\n/m);
      expect([...(listed.split('\n\n')[0] ?? '').matchAll(/^ {2}(\w+)/gm)].map(([, each]) => each)).toEqual(
        own.map((command) => command.name.split(' ')[1]),
      );
      expect(out.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
    },
  );
});

describe('a word that is no command', () => {
  const meant = async (...words: readonly string[]) =>
    /\(Did you mean (.*)\?\)/.exec((await typed(words)).err)?.[1] ?? null;

  test.each([
    ['rnu', 'run'],
    ['lst', 'list'],
    ['night', 'nightly'],
    ['capacity pln', 'capacity plan'],
    ['nightly lst --json', 'nightly list'],
    ['nightly shwo --all', 'nightly show'],
    ['doctor calibrat', 'doctor calibrate'],
    ['ovrehead', 'capacity overhead'],
    ['plan services.yaml --seed 1', 'capacity plan'],
    ['capacity merge in', 'fleet merge'],
    ['gate', 'nightly gate'],
    ['calibrate --quiet', 'doctor calibrate'],
    ['history accept 1', 'nightly accept'],
    ['history show', 'nightly show, runtimes show'],
    ['anonymous', 'report --anonymous'],
    ['setup', 'doctor --install'],
    ['start --quiet', 'run'],
  ])('%s is %s', async (line, expected) => {
    expect(await meant(...line.split(' '))).toBe(expected);
  });

  test('is said to be none where nothing is like it', async () => {
    expect(await meant('xyzzy')).toBeNull();
    expect((await typed(['nightly', 'xyzzy'])).err).toContain("unknown command 'xyzzy'");
  });

  const words = commands.map(({ name }) => name.split(' '));
  test.each(words.map((each) => [each.join(' '), each] as const))(
    '%s is understood with two letters swapped, or without its last',
    async (name, all) => {
      const last = all.at(-1) ?? '';
      const swapped = [...last].slice(1).map((letter, i) => {
        const before = last[i] ?? '';
        return `${last.slice(0, i)}${letter}${before}${last.slice(i + 2)}`;
      });
      const wrong = [...swapped, last.slice(0, -1)].filter((word) => word !== last);
      for (const word of wrong) expect(await meant(...all.slice(0, -1), word), word).toBe(name);
    },
  );
});

test('an option after the name of a command in a group is its own, one before it counts for it', async () => {
  const { acted } = await typed(['nightly', '--out', 'x', 'list', '--json']);
  expect(acted).toEqual([{ name: 'nightly list', flags: { out: 'x', json: true }, words: [] }]);
  const other = await typed(['nightly', 'list', '--quiet']);
  expect(other.err).toContain("unknown option '--quiet'");
});

describe('a complaint', () => {
  test.each<readonly [readonly string[], string, string]>([
    [
      ['run', '--preste', 'quick'],
      "error: unknown option '--preste'\n(Did you mean --preset?)",
      'erreur\u00a0: option inconnue «\u00a0--preste\u00a0»\n(Vouliez-vous dire --preset\u00a0?)',
    ],
    [['-x'], "error: unknown option '-x'", 'erreur\u00a0: option inconnue «\u00a0-x\u00a0»'],
    [
      ['reprot'],
      "error: unknown command 'reprot'\n(Did you mean report?)",
      'erreur\u00a0: commande inconnue «\u00a0reprot\u00a0»\n(Vouliez-vous dire report\u00a0?)',
    ],
    [
      ['runtimes', 'remove'],
      "error: missing required argument 'name'",
      'erreur\u00a0: il manque l’argument «\u00a0name\u00a0»',
    ],
    [
      ['lab', 'run', '--preset', 'quick'],
      "error: unknown option '--preset'\n(Options for what is started go after --:  ocibench lab run -- --preset)",
      'erreur\u00a0: option inconnue «\u00a0--preset\u00a0»\n(Les options de ce qui est lancé viennent après --\u00a0:  ocibench lab run -- --preset)',
    ],
    [
      ['run', '--step-limit', '5s'],
      "error: unknown option '--step-limit'\n(It is a key:  --set stepLimit=10s)",
      'erreur\u00a0: option inconnue «\u00a0--step-limit\u00a0»\n(C’est une clé\u00a0:  --set stepLimit=10s)',
    ],
    [
      ['--dry-run'],
      "error: unknown option '--dry-run'\n(It is an option of: run.  ocibench run --dry-run)",
      'erreur\u00a0: option inconnue «\u00a0--dry-run\u00a0»\n(C’est une option de\u00a0: run.  ocibench run --dry-run)',
    ],
    [
      ['run', '--set'],
      "error: option '--set <key=value>' argument missing",
      'erreur\u00a0: il manque la valeur de l’option «\u00a0--set <key=value>\u00a0»',
    ],
    [
      ['runtimes', 'add', 'x'],
      "error: required option '--path <file>' not specified",
      'erreur\u00a0: l’option «\u00a0--path <file>\u00a0» est obligatoire',
    ],
    [
      ['run', '--engine', 'lxc'],
      "error: option '--engine <kind>' argument 'lxc' is invalid. Allowed choices are auto, docker, embedded, podman, containerd.",
      'erreur\u00a0: l’option «\u00a0--engine <kind>\u00a0» n’admet pas «\u00a0lxc\u00a0», mais seulement auto, docker, embedded, podman, containerd.',
    ],
    [
      ['report', 'a', 'b'],
      "error: too many arguments for 'report'. Expected 1 argument but got 2: a, b.",
      'erreur\u00a0: trop d’arguments pour «\u00a0report\u00a0»\u00a0: 1 attendu, 2 donnés\u00a0: a, b.',
    ],
    [
      ['run', 'a'],
      "error: too many arguments for 'run'. Expected 0 arguments but got 1: a.\n(Did you mean --workloads a?)",
      'erreur\u00a0: trop d’arguments pour «\u00a0run\u00a0»\u00a0: 0 attendu, 1 donné\u00a0: a.\n(Vouliez-vous dire --workloads a\u00a0?)',
    ],
  ])('about %j is in the language', async (words, english, french) => {
    const inEnglish = await typed(words);
    const named = commands.filter(({ name }) => name.split(' ').every((word, at) => words[at] === word));
    const path = ['ocibench', named.at(-1)?.name ?? ''].join(' ').trim();
    expect(inEnglish.err).toBe(`${english}\n(see ${path} --help)\n`);
    expect(inEnglish.error?.exitCode).not.toBe(0);
    expect(inEnglish.acted).toEqual([]);
    expect((await typed(words, 'fr')).err).toBe(`${french}\n(voir ${path} --help)\n`);
  });
});

test('--version beside other words says the version', async () => {
  const { out, error } = await typed(['--version', 'run']);
  expect(out).toBe('1.2.3\n');
  expect(error?.exitCode).toBe(0);
});
