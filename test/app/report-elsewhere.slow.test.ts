import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goldenRun } from '../core/analyze/golden-run.ts';

const root = join(import.meta.dirname, '../..');
const runId = '20260101-120000-abcd';
const user = 4242;

describe.runIf(process.getuid?.() === 0)('a run that its reader may not write, as after sudo', () => {
  let directory = '';

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ocibench-elsewhere-'));
    await chmod(directory, 0o755);
    const run = join(directory, 'results', runId);
    await mkdir(run, { recursive: true });
    const record = { ...goldenRun().run, runId, subjects: [] };
    await writeFile(join(run, 'run.json'), JSON.stringify(record));
    await writeFile(join(run, 'trials.jsonl'), '');
    await mkdir(join(directory, 'home'));
    await chown(join(directory, 'home'), user, user);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test('has its report in the working directory, which is said', async () => {
    const [results, home] = [join(directory, 'results', runId), join(directory, 'home')];
    const as = ['--reuid', String(user), '--regid', String(user), '--clear-groups', process.execPath];
    const { status, stderr } = spawnSync('setpriv', [...as, join(root, 'src/cli.ts'), 'report', results], {
      cwd: home,
      env: { PATH: process.env.PATH, HOME: home },
      encoding: 'utf8',
    });
    expect(stderr).toContain(`the report is in ${join(home, `report-${runId}`)}`);
    expect(status, stderr).toBe(0);
    expect(await readdir(join(home, `report-${runId}`, 'results', runId))).toContain('report.md');
    expect(await readdir(results)).toEqual(['run.json', 'trials.jsonl']);
  });
});
