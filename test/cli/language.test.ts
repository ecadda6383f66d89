import { describe, expect, test } from 'vitest';
import { askedLanguage, userLanguage } from '../../src/cli/environment.ts';
import { parseFlags } from '../../src/core/config/command-line.ts';
import { formatProblem } from '../../src/core/model/failure/error.ts';

describe('the language', () => {
  test.each([
    [['run', '--lang', 'fr'], 'fr'],
    [['--lang=fr', 'doctor'], 'fr'],
    [['run', '--lang', 'fr', '--lang=en'], 'en'],
    [['run', '--lang', 'de'], null],
    [['run', '--lang'], null],
    [['run', '--set', 'labels.lang=fr'], null],
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

test('a complaint about a flag is said in the reader’s language', () => {
  const [problem, ...others] = parseFlags({ blocks: 'x' }).problems;
  if (problem === undefined) throw new Error('--blocks x was taken');
  expect(others).toEqual([]);
  expect(formatProblem(problem, 'en')).toBe(
    "command line: --blocks: must be min..max, but is 'x'\n  fix: for example --blocks 7..12",
  );
  expect(formatProblem(problem, 'fr')).toBe(
    'ligne de commande: --blocks: doit être min..max, mais vaut «\u00a0x\u00a0»\n  remède\u00a0: par exemple --blocks 7..12',
  );
});
