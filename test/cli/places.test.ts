import { describe, expect, test } from 'vitest';
import { commandOf, givenPlaces, placesOf } from '../../src/cli/command.ts';
import { isSet } from '../../src/cli/environment.ts';
import { loadCommands } from '../../src/cli/program.ts';
import { parseSet } from '../../src/core/config/set.ts';

const commands = await loadCommands();
const taken = (line: string) => placesOf(commands, line.split(' '));
const given = (name: string, flags: object) => {
  const command = commandOf(commands, name.split(' '));
  if (command === undefined) throw new Error(`there is no command ${name}`);
  return givenPlaces(commands, command, { ...flags });
};

describe('what a follow-up command takes over', () => {
  test.each([
    ['run', ['--config', '--out', '--engine', '--set daemonJson', '--set context', '--set insecureTcp']],
    ['run --resume R', ['--config', '--out', '--set daemonJson', '--set context', '--set insecureTcp']],
    ['report R', ['--config', '--in']],
    ['report --anonymous R', ['--config', '--in']],
    ['capacity record --container web', ['--out', '--set daemonJson', '--set context', '--set insecureTcp']],
    ['runtimes explain f --from R', ['--in', '--set daemonJson', '--set context', '--set insecureTcp']],
    ['nightly show', ['--in', '--history']],
    ['fleet merge a', []],
  ])('%s', (line, places) => {
    expect(taken(line)).toEqual(places);
  });
});

describe('what was given', () => {
  test('where one command writes, the next one reads', () => {
    expect(given('run', { out: 'x' })).toEqual({ '--in': 'x', '--out': 'x' });
    expect(given('report', { in: 'x', out: 'y' })).toEqual({ '--in': 'x', '--out': 'x' });
  });

  test('an engine in both forms', () => {
    for (const flags of [{ engine: 'podman' }, { set: ['engine=podman'] }])
      expect(given('run', flags)).toEqual({ '--engine': 'podman' });
  });

  test('keys of --set', () => {
    const set = ['seed=1', 'contextual=x', 'context=web', 'insecureTcp=true', 'daemonJson=a=b.json'];
    expect(given('run', { set, engine: 'docker' })).toEqual({
      '--engine': 'docker',
      '--set daemonJson': 'a=b.json',
      '--set context': 'web',
      '--set insecureTcp': 'true',
    });
  });
});

test.each([
  ['progress=false', true],
  // As `--set` reads it: JSON.
  ['progress= false', true],
  ['progress=false\t', true],
  ['progress=true', false],
  ['progress=fal se', false],
  ['progress', false],
  ['progress.x=false', false],
  ['labels.progress=false', false],
])('--set %j makes progress plain: %s', (pair, is) => {
  expect(isSet({ set: ['seed=1', pair] }, 'progress', false)).toBe(is);
  expect(parseSet([pair]).values.progress === false).toBe(is);
});

test('no command has more than 20 options, and none --out where it only reads', () => {
  const many = commands.filter(({ options = [] }) => {
    const lang = options.some(({ flags }) => flags.startsWith('--lang ')) ? 0 : 1;
    return options.length + lang > 20;
  });
  expect(many.map(({ name }) => name)).toEqual([]);
  const both = commands.filter(({ options = [] }) =>
    ['--in <dir>', '--out <dir>'].every((flag) => options.some(({ flags }) => flags === flag)),
  );
  expect(both.map(({ name }) => name).toSorted()).toEqual(['report', 'runtimes explain']);
});
