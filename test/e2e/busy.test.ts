import { existsSync } from 'node:fs';
import { test } from 'vitest';
import { systemDaemon } from './system-daemon.ts';
test('busy host', async () => {
  await using machine = await systemDaemon({ images: [] });
  await machine.foreign.start('idle', 2);
  await machine.foreign.start('busy', 1);
  console.log('UP');
  while (!existsSync('/var/tmp/db-tmp/stop-busy')) await new Promise((r) => setTimeout(r, 500));
}, 3_600_000);
