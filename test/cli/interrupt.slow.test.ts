import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';

const module = join(import.meta.dirname, '../../src/cli/context.ts');

/** A process that says when it listens and when it was interrupted, and takes its time to clean up. */
const program = `
  import { interruptSignal } from '${module}';
  const say = ({ text }) => text === 'asked' ? console.log(text) : console.error(text);
  const interrupt = interruptSignal({ log: say }, { id: 'test', text: 'asked' });
  console.log('listening');
  setTimeout(() => { interrupt[Symbol.dispose](); console.log('cleaned'); }, 2500);
`;

/** Sends signals, each so many ms after the one before (the first after it listens). */
async function after(signals: readonly (readonly [NodeJS.Signals, number])[]) {
  const child = execa(process.execPath, ['--input-type=module', '-e', program], {
    reject: false,
    env: { LC_ALL: 'C' },
  });
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  for (const [signal, ms] of signals) {
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill(signal);
  }
  return child;
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('one %s asks to clean up', async (signal) => {
  const { exitCode, stdout } = await after([[signal, 0]]);
  expect(exitCode).toBe(0);
  expect(stdout).toBe('listening\nasked\ncleaned');
});

test('the same Ctrl-C, handed on by npm, is not a second one', async () => {
  const { exitCode, stdout } = await after([
    ['SIGINT', 0],
    ['SIGINT', 20],
  ]);
  expect(exitCode).toBe(0);
  expect(stdout).toBe('listening\nasked\ncleaned');
});

test('a second one ends at once by the signal, and says who will clean up', async () => {
  const { signal, stdout, stderr } = await after([
    ['SIGINT', 0],
    ['SIGTERM', 500],
  ]);
  expect(signal).toBe('SIGTERM');
  expect(stdout).toBe('listening\nasked');
  expect(stderr).toContain('ocibench clean');
});
