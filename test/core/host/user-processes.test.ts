import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { killSeen, processesOfUser } from '../../../src/core/host/process-identity.ts';

test('the processes of this user are found by their command lines, with their parents', async () => {
  const child = spawn('sh', ['-c', 'read -r line', 'wanted-by-a-test'], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  await once(child, 'spawn');
  const ended = once(child, 'exit');
  const [found, ...more] = await processesOfUser((argv) => argv.includes('wanted-by-a-test'));
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    pid: child.pid,
    parent: process.pid,
    argv: ['sh', '-c', expect.any(String), 'wanted-by-a-test'],
  });
  // Whoever has the id of one that has ended is somebody else.
  killSeen(found === undefined ? [] : [{ ...found, startTime: '1' }]);
  expect(child.exitCode ?? child.signalCode).toBeNull();
  killSeen(found === undefined ? [] : [found]);
  expect((await ended)[1]).toBe('SIGKILL');
});
