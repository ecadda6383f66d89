import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { loadRun, newestRun } from '../../src/store/run-directory.ts';
import { canRun, ocibench, workplace } from './support.ts';

const limit = 120_000;
const pauseMs = 3_000;

test.skipIf(!canRun)(
  'a trial in which the harness was stopped for a while is no value, and is measured again',
  async () => {
    const place = await workplace();
    try {
      const run = ['run', '--engine', 'embedded', '--daemon-json', place.daemonJson, '--out', place.path];
      const what = [
        '--runtimes',
        'runc,crun',
        '--workloads',
        'startup/echo',
        '--blocks',
        '6..6',
        '--seed',
        '5',
      ];
      const child = ocibench([...run, ...what], place.path);
      const results = join(place.path, 'results');
      const recorded = async () => {
        const path = await newestRun(results);
        return path === null ? [] : (await loadRun(path)).trials;
      };
      let over = false;
      void child.then(() => {
        over = true;
      });
      while (!over && (await recorded()).length < 3) await sleep(20);
      // The next trial has begun, and takes longer than that.
      await sleep(50);
      child.kill('SIGSTOP');
      await sleep(pauseMs);
      child.kill('SIGCONT');
      const { exitCode, stderr } = await child;
      expect(exitCode, stderr).toBe(0);

      const trials = await recorded();
      const paused = trials.filter(({ outcome }) => outcome.status === 'interrupted');
      expect(paused.map(({ outcome }) => outcome)).toEqual([
        { status: 'interrupted', reason: expect.stringContaining('SIGSTOP') },
      ]);
      const again = trials.filter(({ trialId }) => trialId === paused[0]?.trialId);
      expect(again.map(({ attempt, outcome }) => [attempt, outcome.status])).toEqual([
        [1, 'interrupted'],
        [2, 'ok'],
      ]);
      const ok = trials.filter(({ outcome }) => outcome.status === 'ok');
      expect(ok).toHaveLength(3 * 7);
      for (const { iterationNs } of ok) expect(iterationNs).toBeLessThan(pauseMs * 1e6);
      expect(await readdir(results)).toContain('latest');
    } finally {
      await place.remove();
    }
  },
  limit,
);
