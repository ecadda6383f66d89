import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadWorkloads } from '../../../../src/core/config/workloads.ts';
import { readHostFacts } from '../../../../src/core/host/facts.ts';
import type { RunRecord } from '../../../../src/core/model/run.ts';
import { definitionNow } from '../../../../src/features/capacity/recording/run-recordings.ts';
import { runRecord, runSubject, runtimeFacts } from '../../../support/records.ts';
import { ScriptedWorld } from '../../../support/scripted-world.ts';

const workloads = await loadWorkloads();
const subject = (workload: string, params: string, image: string) =>
  runSubject(workload, { params, image, definition: definitionNow({ workload, params }, workloads) ?? '' });
const redis = subject('app/redis', 'op=get;pipeline=1', 'servers');
const echo = subject('startup/echo', '', 'base');

async function worldWith(changes: Partial<RunRecord>) {
  const world = await ScriptedWorld.open();
  const host = await readHostFacts();
  const native = { ...runtimeFacts('runc'), family: 'runc' as const };
  const run = runRecord({
    runId: '20260101-000000-0000',
    host,
    runtimes: [native],
    subjects: [redis, echo],
    ...changes,
  });
  const path = join(world.path, 'results', run.runId);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, 'run.json'), JSON.stringify(run));
  await writeFile(join(path, 'schedule.jsonl'), '');
  await writeFile(join(path, 'trials.jsonl'), '');
  return { world, runId: run.runId, path };
}

async function said(changes: Partial<RunRecord>, ...words: readonly string[]): Promise<string> {
  const { world, runId } = await worldWith(changes);
  await using _ = world;
  const { exitCode, stderr } = await world.command(['capacity', 'record', '--run', runId, ...words]);
  expect(exitCode, stderr).toBe(2);
  return stderr;
}

describe('ocibench capacity record --run refuses, with everything that is wrong', () => {
  test('flags of other targets', async () => {
    const text = await said(
      {},
      '--image',
      'redis:8',
      '--for',
      '1m',
      '--tracer',
      'perf',
      '--time-one-of',
      '3',
    );
    for (const option of ['--image', '--for', '--tracer: perf', '--time-one-of'])
      expect(text).toContain(`${option}: `);
  });

  test('an unknown run', async () => {
    await using world = await ScriptedWorld.open();
    const { exitCode, stderr } = await world.command(['capacity', 'record', '--run', 'no-such-run']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('there is no such run');
  });

  test('workloads that it did not measure, or that stamp nothing', async () => {
    const text = await said({}, '--workloads', 'app,app/sqlite,startup/echo');
    expect(text).toContain('--workloads: app/sqlite: the run did not measure it');
    expect(text).toContain('--workloads: startup/echo: it does not mark');
    expect(text).not.toContain('--workloads: app:');
  });

  test('a run in which nothing stamps its work', async () => {
    expect(await said({ subjects: [echo] })).toContain('none of its workloads marks');
  });

  test('another host, another definition, another recipe and a baseline of its own kernel, at once', async () => {
    const host = { ...(await readHostFacts()), kernel: '1.0', arch: 'sparc' };
    const runsc = { ...runtimeFacts('runc'), family: 'runsc' as const };
    const image = { recipe: 'servers', recipeHash: 'old', contentHash: 'c', reference: 'r', bytes: 1 };
    const subjects = [{ ...redis, definition: 'old' }];
    const text = await said({ host, runtimes: [runsc], subjects, images: [image] });
    for (const key of ['host.kernel: was 1.0', 'host.arch: was sparc', 'images.servers.recipeHash: was old'])
      expect(text).toContain(key);
    expect(text).toContain('config.baseline: the baseline runc has a kernel of its own');
    expect(text).toContain('app/redis?op=get;pipeline=1: the workload has changed since the run');
  });

  test('a directory of recordings that is a link', async () => {
    const { world, runId, path } = await worldWith({});
    await using _ = world;
    await symlink('/tmp', join(path, 'recordings'));
    const { exitCode, stderr } = await world.command(['capacity', 'record', '--run', runId]);
    expect(exitCode, stderr).toBe(2);
    expect(stderr).toContain('it is a symbolic link');
  });

  test('flags of a run where none is named', async () => {
    await using world = await ScriptedWorld.open();
    const { exitCode, stderr } = await world.command([
      'capacity',
      'record',
      '--workloads',
      'app',
      '--cgroup',
      '/a',
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--workloads: chooses workloads of a run');
  });
});

test('without root nothing is traced: exit 3', async () => {
  const { world, runId } = await worldWith({});
  await using _ = world;
  world.isRoot = false;
  const { exitCode, stderr } = await world.command(['capacity', 'record', '--run', runId]);
  expect(exitCode, stderr).toBe(3);
  expect(stderr).toMatch(new RegExp(`fix: (sudo )?ocibench capacity record --run ${runId}`));
});
