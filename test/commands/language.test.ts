import { Command, Option } from 'commander';
import { afterEach, describe, expect, test } from 'vitest';
import {
  askedLanguage,
  speak,
  spoken,
  spokenProblem,
  translateHelp,
  userLanguage,
} from '../../src/commands/language.ts';

const langOption = () => new Option('--lang <code>', 'print the result only').choices(['en', 'fr']);

afterEach(() => speak('en'));

describe('the language', () => {
  test.each([
    [['run', '--lang', 'fr'], 'fr'],
    [['--lang=fr', 'doctor'], 'fr'],
    [['run', '--lang', 'fr', '--lang=en'], 'en'],
    [['run', '--lang', 'de'], null],
    [['run', '--lang'], null],
    [['run', '--label', 'lang=fr'], null],
    [['lab', 'exec', '--', 'ocibench', 'run', '--lang', 'fr'], null],
    [[], null],
  ])('of %j is %s', (words, lang) => expect(askedLanguage(words)).toBe(lang));

  test.each([
    [{ LANG: 'fr_FR.UTF-8' }, 'fr'],
    [{ LANG: 'fr_CA' }, 'fr'],
    [{ LANG: 'fr_FR.UTF-8', LC_MESSAGES: 'en_GB.UTF-8' }, 'en'],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'fr_FR.UTF-8', LC_MESSAGES: 'C' }, 'fr'],
    [{ LANG: 'fr_FR.UTF-8', LC_ALL: '' }, 'fr'],
    [{ LANG: 'C' }, 'en'],
    [{}, 'en'],
  ])('of the locale %j is %s', (environment, lang) => expect(userLanguage(environment)).toBe(lang));
});

test('a complaint is told with its file, its key and its fix', () => {
  const problem = {
    file: 'command line',
    key: '--blocks',
    message: "must be min..max, but is 'x'",
    fix: 'for example --blocks 7..12',
  };
  expect(spokenProblem(problem)).toBe(
    "command line: --blocks: must be min..max, but is 'x'\n  fix: for example --blocks 7..12",
  );
  speak('fr');
  expect(spokenProblem(problem)).toBe(
    'ligne de commande: --blocks: doit être min..max, mais vaut «\u00a0x\u00a0»\n  remède\u00a0: par exemple --blocks 7..12',
  );
  expect(spoken('nobody knows this')).toBe('nobody knows this');
});

describe('help', () => {
  const made = () => {
    const root = new Command('tool').description('measure and report');
    root
      .command('do')
      .description('runtimes, workloads and metrics')
      .argument('<run>', 'a run id, a path, or latest')
      .option('--seed <n>', 'seed of the random order', '4');
    root.command('say').addOption(langOption());
    return translateHelp(root, langOption);
  };

  test('is in the language that is spoken when it is asked for, and every command can be told which', () => {
    const root = made();
    const [first, second] = root.commands;
    expect(first?.helpInformation()).toContain('--lang <code>');
    expect(second?.options.filter(({ long }) => long === '--lang')).toHaveLength(1);
    speak('fr');
    const help = first?.helpInformation() ?? '';
    expect(help).toContain('Usage\u00a0: tool do');
    expect(help).toContain('runtimes, charges et métriques');
    expect(help).toContain('un identifiant de campagne');
    expect(help).toContain('graine de l’ordre aléatoire (par défaut\u00a0: "4")');
    expect(help).toContain('(au choix\u00a0: "en", "fr")');
    expect(root.helpInformation()).toContain('mesurer et écrire le rapport');
  });

  test('in English is what commander writes', () => {
    const plain = new Command('tool').description('measure and report').option('--json', 'for programs');
    const own = new Command('tool').description('measure and report').option('--json', 'for programs');
    plain.addOption(langOption());
    expect(translateHelp(own, langOption).helpInformation()).toBe(plain.helpInformation());
  });
});
