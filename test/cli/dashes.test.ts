import { expect, test } from 'vitest';
import { ScriptedWorld } from '../support/scripted-world.ts';

test('what stands after -- is a program, whatever it is called', async () => {
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
