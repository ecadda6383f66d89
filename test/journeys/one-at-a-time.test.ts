import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockHolder } from '../../src/core/host/lock/file.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import { openLockedPlace, smallestRun, waitFor } from '../e2e/locked-place.ts';
import { canRun, root } from '../e2e/support.ts';

const limit = 600_000;

let place: Awaited<ReturnType<typeof openLockedPlace>>;
beforeEach(async () => {
  place = await openLockedPlace();
});
afterEach(() => place.remove());

/** A process that is ocibench by its command line, as the lock wants it, and holds the lock until it is released. */
async function startHolder(path: string) {
  const script = `
import { lockHost } from ${JSON.stringify(join(root, 'src/core/host/host-lock.ts'))};
const lock = await lockHost({ command: 'ocibench run', runId: '20260101-000000-abcd' }, ${JSON.stringify(path)});
process.stdin.on('end', () => lock[Symbol.asyncDispose]()).resume();
`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, 'ocibench'], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = once(child, 'exit');
  const owner = await waitFor(async () => (await lockHolder(path))?.by ?? null);
  return {
    owner,
    async release() {
      child.stdin.end();
      await ended;
    },
  };
}

describe.skipIf(!canRun)('one measurement at a time on a host', () => {
  const embedded = () => ['--engine', 'embedded', '--set', `daemonJson=${place.daemonJson}`];

  test(
    'a second one is refused and told who measures; with wait=true it waits, can be interrupted, and then runs',
    async () => {
      const args = ['run', ...embedded(), ...smallestRun];
      const mine = await startHolder(place.lock);
      const { runId, pid, since } = mine.owner;
      for (const command of [args, ['doctor', 'calibrate', ...embedded()]]) {
        const refused = await place.start(command);
        expect(refused.exitCode).toBe(4);
        expect(refused.stderr).toContain(`ocibench run, run ${runId}, pid ${pid}, since ${since}`);
        expect(refused.stderr).toContain('--set wait=true');
      }
      expect(await readdir(place.path)).toEqual(['daemon.json']);

      const both = [
        place.start([...args, '--set', 'wait=true']),
        place.start([...args, '--set', 'wait=true']),
      ] as const;
      await Promise.all(both.map((child) => once(child.stderr ?? child, 'data')));
      both[0].kill('SIGINT');
      const given = await both[0];
      expect(given.exitCode).toBe(130);
      expect(given.stderr).toContain(`waiting for ocibench run, run ${runId}`);
      expect(await readdir(place.path)).toEqual(['daemon.json']);

      const released = Date.now();
      await mine.release();
      const second = await both[1];
      expect(second.exitCode, second.stderr).toBe(0);
      expect(second.stderr.match(/waiting for .* to end/g)).toHaveLength(1);
      const id = await readlink(join(place.path, 'results/latest'));
      const record = JSON.parse(
        await readFile(join(place.path, 'results', id, 'run.json'), 'utf8'),
      ) as RunRecord;
      expect(Date.parse(record.startedAt)).toBeGreaterThanOrEqual(released);
      expect(await lockHolder(place.lock)).toBeNull();
    },
    limit,
  );
});
