import { cp, lchown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ocibench } from '../contracts/cli.ts';

const runId = '20261125-205804-e1d4';
const nobody = 65_534;

let place: string;
beforeEach(async () => {
  place = await mkdtemp(join(tmpdir(), 'ocibench-others-run-'));
  await cp(join(import.meta.dirname, '../contracts/stored-run'), join(place, 'results'), { recursive: true });
});
afterEach(() => rm(place, { recursive: true, force: true }));

test.runIf(process.geteuid?.() === 0)(
  'a run that another user could have changed is read as one’s own is, in a process with limits',
  async () => {
    const own = await ocibench(['verify', runId, '--json'], place);
    const run = join(place, 'results', runId);
    for (const name of ['', ...(await readdir(run))]) await lchown(join(run, name), nobody, nobody);
    const others = await ocibench(['verify', runId, '--json'], place);
    expect(others.exitCode, others.stderr).toBe(own.exitCode);
    expect(JSON.parse(others.stdout)).toEqual(JSON.parse(own.stdout));
  },
  600_000,
);
