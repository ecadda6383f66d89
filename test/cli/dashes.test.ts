import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ScriptedWorld } from '../support/scripted-world.ts';

test('what stands after -- is an argument, whatever it is called', async () => {
  await using world = await ScriptedWorld.open();
  const file = join(world.path, 'daemon.json');
  for (const argument of ['measure', 'capacity', 'help']) {
    const { exitCode, stdout, stderr } = await world.command([
      'runtimes',
      'add',
      'mine',
      '--path',
      '/bin/true',
      '--daemon-json',
      file,
      '--dry-run',
      '--',
      argument,
      '--help',
    ]);
    expect(exitCode, stderr).toBe(0);
    expect(`${stdout}${stderr}`).toMatch(new RegExp(`"${argument}",\\s*\\S*\\s*"--help"`));
  }
});
