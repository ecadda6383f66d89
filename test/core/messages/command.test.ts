import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import {
  alsoGiven,
  callAs,
  commandText,
  filledCommand,
  type Invocation,
  sayAnywhere,
  sayInFiles,
} from '../../../src/core/messages/command.ts';
import { external, joined } from '../../../src/core/messages/compose.ts';
import { messages } from '../../../src/core/messages/define.ts';
import { localized, recalled, recorded } from '../../../src/core/messages/record.ts';
import { translate, translateRef } from '../../../src/core/messages/translate.ts';

const words = messages('test.command', {
  clean: 'to remove them:  @(sudo clean)',
  report: 'write it:  @(report {run})   or not',
  more: '{n, plural, one {@(nightly pin {name})} other {@(nightly pin {name} --replace)}}, (or not)',
  quoted: '@(nightly notify "mail-alarm root@example.org")',
  guest: '@(lab run -- --resume {run})',
  other: 'prlimit --pid "$(pidof dockerd)"; ocibench holds it (see "(")',
});

const caller: Invocation = {
  program: './ocibench',
  rootProgram: './ocibench',
  sudo: 'asRoot',
  variables: { OCIBENCH_STATE: '/srv/my state' },
  given: { '--in': '/data/$HOME', '--out': '/data/$HOME', '--set insecureTcp': 'true' },
  takes: ([name]) => [name === 'run' || name === 'lab' ? '--out' : '--in', '--set insecureTcp', '--config'],
  own: { name: 'run', words: ['--blocks', '3'] },
};
let restore: (() => void) | null = null;
const called = (changes: Partial<Invocation> = {}) => {
  restore?.();
  restore = callAs({ ...caller, ...changes }, { ...caller, program: '/opt/ocibench/ocibench', own: null });
};
afterEach(() => {
  restore?.();
  restore = null;
});

/** The words that a shell reads. */
const shell = (command: string) =>
  execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
    .trim()
    .split('\n');

test('a record holds the canonical form, however this process was called', () => {
  called();
  expect(words.clean.text).toBe('to remove them:  sudo ocibench clean');
  expect(words.report({ run: 'a' }).text).toBe('write it:  ocibench report a   or not');
  expect(recorded({ said: words.report({ run: 'a' }) })).toMatchObject({
    said: 'write it:  ocibench report a   or not',
  });
  expect(sayAnywhere(() => translate(words.report({ run: 'a' }), 'en'))).toBe(
    'write it:  ocibench report a   or not',
  );
});

test('what is not of ocibench stays as it is', () => {
  called();
  expect(translate(words.other, 'en')).toBe('prlimit --pid "$(pidof dockerd)"; ocibench holds it (see "(")');
});

describe('a command that is said', () => {
  test('names the program as it was called, and all that this process was given', () => {
    called();
    expect(translate(words.report({ run: 'a' }), 'en')).toBe(
      "write it:  ./ocibench report a --in '/data/$HOME' --set insecureTcp=true   or not",
    );
    expect(shell(commandText(['run']))).toEqual([
      './ocibench',
      'run',
      '--out',
      '/data/$HOME',
      '--set',
      'insecureTcp=true',
    ]);
  });

  test('has no option twice, and none behind the dashes of another command', () => {
    called();
    expect(commandText(['report', '--in', 'x'])).toBe('./ocibench report --in x --set insecureTcp=true');
    expect(commandText(['report', '--in=x'])).toBe('./ocibench report --in=x --set insecureTcp=true');
    expect(translate(words.guest({ run: 'r' }), 'en')).toBe(
      "./ocibench lab run --out '/data/$HOME' --set insecureTcp=true -- --resume r",
    );
  });

  test('is said as root where that helps, with the state that sudo would forget', () => {
    called();
    expect(translate(words.clean, 'en')).toBe(
      "to remove them:  sudo OCIBENCH_STATE='/srv/my state' ./ocibench clean --in '/data/$HOME' --set insecureTcp=true",
    );

    called({ sudo: 'never', given: {} });
    expect(translate(words.clean, 'en')).toBe(
      "to remove them:  OCIBENCH_STATE='/srv/my state' ./ocibench clean",
    );

    called({ sudo: 'always', given: {}, variables: {} });
    expect(translate(words.report({ run: 'a' }), 'en')).toBe('write it:  sudo ./ocibench report a   or not');
  });

  test('says who may type it where this user is not root and has no sudo', () => {
    called({ sudo: 'missing', variables: {} });
    const own = messages('test.own', { fix: '@(sudo run)', again: '@(sudo)' });
    expect(translate(own.fix, 'en')).toBe('as root:  ./ocibench run --blocks 3');
    expect(translate(own.again, 'en')).toBe('as root:  ./ocibench run --blocks 3');
    const asked = filledCommand({ words: [['run']], asRoot: true }, String, 'fr');
    expect(asked).toBe('en tant que root\u00a0:  ./ocibench run --blocks 3');
    expect(translate(words.report({ run: 'a' }), 'en')).not.toContain('root');

    called({ sudo: 'never', variables: {} });
    expect(translate(own.fix, 'en')).toBe('./ocibench run --blocks 3');
  });

  test('is the same once more where this very command needs root', () => {
    called({ variables: {} });
    expect(commandText(['run'], { asRoot: true })).toBe('sudo ./ocibench run --blocks 3');
    expect(commandText([], { asRoot: true })).toBe('sudo ./ocibench run --blocks 3');
    called({
      variables: {},
      given: {},
      own: { name: 'doctor calibrate', words: [] },
      takes: () => ['--engine'],
    });
    expect(commandText(['run'], { asRoot: true })).toBe('sudo ./ocibench doctor calibrate');
  });

  test('works from any directory where it is read in a file', () => {
    called();
    alsoGiven('--in', null, '/data/run');
    expect(commandText(['report', 'a'])).toBe('./ocibench report a --set insecureTcp=true');
    expect(sayInFiles(() => commandText(['report', 'a']))).toBe(
      '/opt/ocibench/ocibench report a --in /data/run --set insecureTcp=true',
    );
  });

  test('is one word for each value, which is no option', () => {
    called({ given: {} });
    const hostile = `--config=/tmp/e.ts; $(id) 'x'\u001b[31m\n\u202e`;
    expect(shell(translate(words.report({ run: hostile }), 'en').slice('write it:  '.length, -9))).toEqual([
      './ocibench',
      'report',
      "config=/tmp/e.ts; $(id) 'x'",
    ]);
  });

  test('may stand in a branch, and keeps a word together', () => {
    called({ given: {}, variables: {} });
    expect(translate(words.more({ n: 1, name: 'runc' }), 'en')).toBe('./ocibench nightly pin runc, (or not)');
    expect(translate(words.more({ n: 2, name: 'a b' }), 'en')).toBe(
      "./ocibench nightly pin 'a b' --replace, (or not)",
    );
    expect(shell(translate(words.quoted, 'en'))).toEqual([
      './ocibench',
      'nightly',
      'notify',
      'mail-alarm root@example.org',
    ]);
  });
});

describe('a record of another machine', () => {
  test('is said with this program', () => {
    const record = recorded({ fix: joined([words.clean, external('x')], 'semicolon') });
    called({ given: {}, variables: {} });
    expect(localized(record, 'fix', 'en').text).toBe('to remove them:  sudo ./ocibench clean; x');
    expect(translate(recalled(record, 'fix'), 'en')).toBe('to remove them:  sudo ./ocibench clean; x');
    expect(translateRef({ id: 'test.command.report', values: { run: 'b' } }, 'en')).toBe(
      'write it:  ./ocibench report b   or not',
    );
  });

  test('is said as it is where this version does not know the message', () => {
    called();
    const record = { fix: 'ocibench clean', messages: { fix: { id: 'test.gone' } } };
    expect(localized(record, 'fix', 'en').text).toBe('ocibench clean');
  });
});
