import { expect, test } from 'vitest';
import { ScriptedWorld } from '../support/scripted-world.ts';

test('what stands after -- is a program, whatever it is called', async () => {
  await using world = await ScriptedWorld.open();
  for (const program of ['measure', 'capacity', 'help']) {
    const plain = await world.command(['capacity', 'record', '--', program, '--all']);
    expect(plain.exitCode, plain.stderr).toBe(2);
    expect(plain.stderr).toContain(`the program ${program} was not found`);
    const placed = await world.command(['capacity', 'record', '--out', 'measure', '--', program, '--help']);
    expect(placed.stderr).toContain(`the program ${program} was not found`);
  }
});
