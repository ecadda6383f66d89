import { createServer } from 'node:net';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { stamped, untilListening } from '../../../../src/core/model/trial/stamped.ts';

/** What the command prints, each run of equal stamps as one word. */
async function run(command: readonly string[]) {
  const [file = '', ...args] = command;
  const { stdout, exitCode, stderr } = await execa(file, args, { reject: false });
  const lines = stdout.split('\n').map((line) => /^@ocibench (begin|end) \d+\.\d+$/.exec(line)?.[1] ?? line);
  return { lines: lines.filter((line, i) => line !== lines[i - 1]), exitCode, stderr };
}

test('the program runs between the stamps, and its exit code is the last word', async () => {
  expect(await run(stamped(['/bin/sh', '-c', 'echo work; exit 7']))).toMatchObject({
    lines: ['begin', 'work', 'end'],
    exitCode: 7,
  });
});

test('what is prepared is outside the stamps, and its functions can be the work', async () => {
  const command = stamped(['work', 'a b'], { before: 'echo prepared\nwork() { echo "does $1"; false; }' });
  expect(await run(command)).toMatchObject({ lines: ['prepared', 'begin', 'does a b', 'end'], exitCode: 1 });
});

test('a preparation that fails ends everything before a stamp', async () => {
  const command = stamped(['/bin/echo', 'work'], { before: '(exit 3)\necho never' });
  expect(await run(command)).toMatchObject({ lines: [''], exitCode: 3 });
});

test('a server that accepts connections is seen', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const before = untilListening(address.port);
  expect(await run(stamped(['/bin/echo', 'work'], { before }))).toMatchObject({
    lines: ['begin', 'work', 'end'],
    exitCode: 0,
  });
  server.close();
});

test('a server that never comes up is an exit code with words', async () => {
  // Port 1 of a machine that runs tests has nobody; the wait is cut to one try.
  const before = untilListening(1).replace('+ 20', '+ 0');
  expect(await run(stamped(['/bin/echo', 'work'], { before }))).toMatchObject({
    lines: [''],
    exitCode: 69,
    stderr: 'nothing listens on port 1',
  });
});
