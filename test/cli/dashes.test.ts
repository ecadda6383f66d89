import { expect, test } from 'vitest';
import { commandsBefore, defineCommand } from '../../src/cli/command.ts';
import { loadCommands } from '../../src/cli/program.ts';
import { external } from '../../src/core/messages/compose.ts';
import { ScriptedWorld } from '../support/scripted-world.ts';

const named = (name: string) => defineCommand({ name, order: 1, words: external('') });
const all = [named('record'), named('record capacity'), named('run')];
const left = (...words: readonly string[]) => commandsBefore(all, words).map(({ name }) => name);

test('what stands after -- is no command of a group', () => {
  expect(left('record', 'capacity')).toEqual(['record', 'record capacity', 'run']);
  expect(left('record', '--', 'capacity')).toEqual(['record', 'run']);
  expect(left('record', '--for', '5s', '--', 'capacity', '--x')).toEqual(['record', 'run']);
  expect(left('record', '--out', 'capacity', '--', 'capacity')).toEqual(['record', 'run']);
  expect(left('record', '--image', 'capacity', '--', 'help')).toEqual(['record', 'run']);
  expect(left('record', 'capacity', '--', 'x')).toEqual(['record', 'record capacity', 'run']);
});

test('a program named capacity is recorded after --, and the command is the one without', async () => {
  await using world = await ScriptedWorld.open();
  const program = await world.command(['record', '--', 'capacity', '--all']);
  expect(program.exitCode, program.stderr).toBe(2);
  expect(program.stderr).toContain('the program capacity was not found');
  const placed = await world.command(['record', '--out', 'capacity', '--', 'capacity', '--all']);
  expect(placed.stderr).toContain('the program capacity was not found');
  const help = await world.command(['record', 'capacity', '--help']);
  expect(help.stdout).toContain('Usage: ocibench record capacity');
  expect((await loadCommands()).map(({ name }) => name)).toContain('record capacity');
});
