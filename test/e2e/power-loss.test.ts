import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findProgram } from '../../src/host/programs.ts';
import { labNeeds } from '../../src/lab/needs.ts';
import type { PlannedBlock } from '../../src/model/plan.ts';
import type { RunRecord } from '../../src/model/run.ts';
import type { TrialRecord } from '../../src/model/trial.ts';
import { canRun, ocibench, workplace } from './support.ts';

/** Two boots and a run, under emulation, on a machine that may be slow. */
const limit = 25 * 60_000;
const programs = await Promise.all(labNeeds.map((need) => findProgram(need.program)));
const canBoot = canRun && process.arch === 'x64' && programs.every((program) => program !== null);

/** The QEMU that a process started. */
async function machineOf(pid: number | undefined): Promise<number | null> {
  for (const name of (await readdir('/proc')).filter((each) => /^\d+$/.test(each))) {
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (line.startsWith('qemu-system-x86_64') && line.includes(`/guest-${pid}-`)) return Number(name);
  }
  return null;
}

async function lines<T>(path: string): Promise<T[]> {
  return (await readFile(path, 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as T);
}

test.skipIf(!canBoot)(
  'a machine whose power goes in the middle of a run has every recorded trial on its disk, and the run goes on from there',
  async () => {
    const place = await workplace();
    try {
      const measured = ['--engine', 'embedded', '--runtimes', 'runc,crun', '--workloads', 'startup/echo'];
      const plan = [...measured, '--blocks', '4..4', '--seed', '7', '--max-time', '20m'];
      const first = ocibench(['lab', 'run', '--out', place.path, '--', ...plan], place.path);
      let said = '';
      await new Promise<void>((resolve) => {
        // A plain line ends each block: two of them are over.
        first.stderr?.on('data', (chunk: Buffer) => {
          said += chunk;
          if (/block 1 of .*trials in/.test(said)) resolve();
        });
        first.finally(resolve);
      });
      const qemu = await machineOf(first.pid);
      expect(qemu, said).not.toBeNull();
      process.kill(qemu ?? 0, 'SIGKILL');
      expect((await first).exitCode).toBe(1);
      const [id = ''] = (await readdir(join(place.path, 'results'))).filter((name) => name !== 'latest');
      const directory = join(place.path, 'results', id);
      const before = await readFile(join(directory, 'trials.jsonl'), 'utf8');
      const whole = before.slice(0, before.lastIndexOf('\n') + 1);
      // Both blocks that were told of: runc, its second arm, and crun.
      expect(whole.split('\n').length - 1).toBeGreaterThanOrEqual(6);

      const second = await ocibench(['lab', 'run', '--out', place.path, '--', '--resume', id], place.path);
      expect(second.exitCode, second.stderr).toBe(0);
      const run = JSON.parse(await readFile(join(directory, 'run.json'), 'utf8')) as RunRecord;
      expect(run.status).toBe('complete');
      expect((await readFile(join(directory, 'trials.jsonl'), 'utf8')).startsWith(whole)).toBe(true);
      const planned = (await lines<PlannedBlock>(join(directory, 'plan.jsonl'))).flatMap(
        ({ trials }) => trials,
      );
      const trials = await lines<TrialRecord>(join(directory, 'trials.jsonl'));
      const ended = trials.filter(({ outcome }) => outcome.status === 'ok').map(({ trialId }) => trialId);
      expect(ended).toEqual(planned.map(({ trialId }) => trialId));
    } finally {
      await place.remove();
    }
  },
  limit,
);
