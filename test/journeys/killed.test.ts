import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { expectApart, watchEngines } from '../e2e/engine-apart.ts';
import { findInState } from '../e2e/ours.ts';
import { canRun, ocibench, wholeLines, workplace } from '../e2e/support.ts';

const blocks = 3;

// What SIGTERM does is also in test/app/measure/interrupt.slow.test.ts.
const signals = [
  ['SIGINT', 130],
  ['SIGKILL', undefined],
] as const;

test.skipIf(!canRun)(
  `after ${signals.map(([signal]) => signal).join(' and ')} the host is clean, and the run is finished by its schedule`,
  async () => {
    await using place = await disposable();
    const results = join(place.path, 'results');
    const runs = async () => (await readdir(results).catch(() => [])).filter((name) => /^\d/.test(name));
    const trialsNow = async () => {
      const [id = ''] = await runs();
      return (await wholeLines(join(results, id, 'trials.jsonl'))).map(
        (line) => JSON.parse(line) as TrialRecord,
      );
    };
    const start = async (...more: readonly string[]) => {
      const [id] = await runs();
      const what = ['--engine', 'embedded', '--workloads', 'startup', '--runtimes', 'runc,crun'];
      const small = ['--blocks', `${blocks}..${blocks}`, '--set', 'seed=7'];
      const words = id === undefined ? [...what, ...small, ...more] : ['--resume', id];
      const all = ['run', '--set', 'report=false', ...words, '--out', place.path];
      const child = ocibench(all, place.path);
      return { child, seen: watchEngines(place.path, child) };
    };
    for (const [signal, exitCode] of signals) {
      const before = (await trialsNow()).length;
      const { child, seen } = await start('--set', `daemonJson=${place.daemonJson}`);
      let isOver = false;
      void child.finally(() => {
        isOver = true;
      });
      while (!isOver && (await trialsNow()).length < before + 3) await sleep(20);
      expect(isOver, 'the run had ended before').toBe(false);
      child.kill(signal);
      const result = await child;
      expect(result.exitCode, `${signal}: ${result.stderr}`).toBe(exitCode);
      await expectApart(await seen, 20_000);
      expect(await findInState()).toEqual([]);
    }
    const { child } = await start();
    const resumed = await child;
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    const [id = '', ...others] = await runs();
    expect(others).toEqual([]);
    const run = JSON.parse(await readFile(join(results, id, 'run.json'), 'utf8')) as RunRecord;
    expect(run.status).toBe('complete');
    const ok = (await trialsNow()).filter(({ outcome }) => outcome.status === 'ok');
    expect(new Set(ok.map(({ trialId }) => trialId)).size).toBe(ok.length);
    // Two runtimes, and the baseline a second time for one subject.
    expect(ok).toHaveLength((blocks + 1) * 2 * run.subjects.length + blocks);
    expect(await findInState()).toEqual([]);
  },
  600_000,
);

async function disposable() {
  const place = await workplace();
  return { ...place, [Symbol.asyncDispose]: place.remove };
}
