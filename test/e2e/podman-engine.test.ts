import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { dockerClient } from '../../src/core/engine/docker/client.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { type PodmanNamespace, startNamespace } from '../../src/features/layers/podman/namespace.ts';
import { containersConf, storageConf } from '../../src/features/layers/podman/support.ts';
import { isWhole } from './engines-run.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, readCsv } from './support.ts';

/** A service of podman that was there before, whose default runtime is crun. */
describe.skipIf(!canRun)('podman as the engine of a run, at the socket that DOCKER_HOST names', () => {
  let directory = '';
  let namespace: PodmanNamespace;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let results = '';
  let run: RunRecord;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ocibench-podman-'));
    const top = join(directory, 'podman');
    for (const name of ['home', 'tmp', 'tmpdir', 'networks'])
      await mkdir(join(top, name), { recursive: true });
    const entry = (name: string) => ({ name, path: name, origin: 'built-in' as const });
    const runtimes = [
      { entry: entry('crun'), path: '/usr/bin/crun' },
      { entry: entry('runc'), path: '/usr/sbin/runc' },
    ];
    await writeFile(join(top, 'containers.conf'), containersConf(top, runtimes));
    await writeFile(join(top, 'storage.conf'), storageConf(top));
    const socket = join(directory, 'podman.sock');
    namespace = startNamespace(directory, top, [], [{ runtime: 'crun', socket }]);
    const docker = dockerClient({ socketPath: socket });
    for (const until = performance.now() + 60_000; ; )
      try {
        await docker.ping();
        break;
      } catch (error) {
        if (performance.now() > until) throw new Error(namespace.log(), { cause: error });
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    result = await ocibench(
      [
        'run',
        '--set',
        'report=false',
        '--engine',
        'docker',
        '--out',
        directory,
        '--runtimes',
        'crun,runc',
        '--set',
        'baseline=crun',
        '--workloads',
        'startup/echo',
        '--blocks',
        '1..1',
        '--set',
        'progress=false',
      ],
      directory,
      { DOCKER_HOST: `unix://${socket}` },
    );
    results = join(directory, 'results', await readlink(join(directory, 'results/latest')));
    run = JSON.parse(await readFile(join(results, 'run.json'), 'utf8'));
  }, 300_000);
  afterAll(async () => {
    await namespace.close();
    await rm(directory, { recursive: true, force: true });
    expect(await tracesOf(run.runId, 20_000)).toEqual([]);
  });

  test('is called by its name, and its default runtime is measured', async () => {
    // 1: a runtime that was asked for could not be measured.
    expect(result.exitCode, result.stderr).toBe(1);
    expect(run.engine).toMatchObject({ kind: 'docker', product: 'Podman', defaultRuntime: 'crun' });
    expect(result.stderr).toMatch(/engine: docker, Podman \d/);
    const lines = (await readFile(join(results, 'trials.jsonl'), 'utf8')).trim().split('\n');
    const trials = lines.map((line) => JSON.parse(line) as TrialRecord).filter(isWhole);
    expect(trials.map(({ outcome, cell }) => [outcome.status, cell.runtime.replace(/#2$/, '')])).toEqual(
      trials.map(() => ['ok', 'crun']),
    );
    expect(trials.length).toBeGreaterThan(1);
  });

  test('any other runtime has the reason in its rows: podman would start the default one in its place', async () => {
    const rows = (await readCsv(join(results, 'summary.csv'))).filter(({ runtime }) => runtime === 'runc');
    expect(rows.length).toBeGreaterThan(0);
    for (const { verdict, note } of rows) {
      expect(verdict).toBe('unavailable');
      expect(note).toContain('podman starts every container with its default runtime, crun');
    }
    expect(run.runtimes.find(({ entry }) => entry.name === 'runc')?.preflight).toMatchObject({
      status: 'unavailable',
      code: 'podman-default-runtime',
    });
  });
});
