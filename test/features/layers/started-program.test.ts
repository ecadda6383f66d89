import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../../src/core/engine/engine.ts';
import { foreground, launchWaiting } from '../../../src/features/layers/started-program.ts';

const directory = mkdtempSync(join(tmpdir(), 'ocibench-waiting-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** A command with a directory in place of a cgroup: joining it writes a file. */
const waitingFor = (command: readonly string[], cgroups: readonly string[] = [directory]) =>
  launchWaiting({ prefix: [], cgroups, command });

async function outputOf(command: readonly string[]) {
  const run = foreground(await waitingFor(command));
  const chunks: string[] = [];
  const { closed } = await run.attach(
    {
      onFirstByte: () => chunks.push('first'),
      onData: (stream, chunk) => chunks.push(`${stream}: ${chunk}`),
    },
    AbortSignal.timeout(10_000),
  );
  const { exited } = await run.waitForExit(AbortSignal.timeout(10_000));
  await run.start(AbortSignal.timeout(10_000));
  const code = await exited;
  await closed;
  return { code, chunks };
}

describe('a program that waits', () => {
  test('has joined its cgroups when it is ready, and does nothing before it is told', async () => {
    const file = join(directory, 'done');
    const waiting = await waitingFor(['sh', '-c', `echo > ${file}`]);
    expect(readFileSync(join(directory, 'cgroup.procs'), 'utf8')).toBe('0\n');
    expect(existsSync(file)).toBe(false);
    waiting.go();
    expect(await waiting.exited).toBe(0);
    expect(existsSync(file)).toBe(true);
  });

  test('becomes the command: its output, its exit code, and nothing on standard input', async () => {
    expect(await outputOf(['sh', '-c', 'read -r line || echo nothing; exit 3'])).toEqual({
      code: 3,
      chunks: ['first', 'stdout: nothing\n'],
    });
    const { code, chunks } = await outputOf(['/nowhere/program']);
    expect(code).toBe(127);
    expect(chunks.join()).toContain('/nowhere/program');
  });

  test('ends without the command where it is abandoned, as it does when the harness ends', async () => {
    const file = join(directory, 'abandoned');
    const waiting = await waitingFor(['sh', '-c', `echo > ${file}`]);
    await waiting.abandon();
    expect(await waiting.exited).toBe(125);
    expect(existsSync(file)).toBe(false);
  });

  test('that cannot be made ready says why', async () => {
    const gone = waitingFor(['true'], [join(directory, 'gone')]);
    await expect(gone).rejects.toThrow(EngineError);
    await expect(gone).rejects.toThrow(/could not be prepared: .*gone\/cgroup\.procs/);
    const nowhere = launchWaiting({ prefix: ['/nowhere/nsenter', '--'], cgroups: [], command: ['true'] });
    await expect(nowhere).rejects.toThrow(EngineError);
  });
});
