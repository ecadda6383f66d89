import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { expectApart, type SeenEngines, watchEngines } from './engine-apart.ts';
import { isWhole } from './engines-run.ts';
import { listFailures } from './latest-run.ts';
import { canRun, ocibench, readCsv, workplace } from './support.ts';

const runtimes = ['runc', 'crun', 'runsc'];
const layers = ['docker', 'podman'];
const blocks = 1;
const workloads = ['startup/echo', 'startup/exec', 'startup/stop', 'network/http'];

describe.skipIf(!canRun)('a run through Docker and through podman', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let seen: SeenEngines;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let run: RunRecord;
  let results = '';
  let trials: readonly TrialRecord[];
  let echoes: readonly TrialRecord[];

  beforeAll(async () => {
    place = await workplace();
    const command = ocibench(
      [
        'run',
        '--set',
        'report=false',
        '--engine',
        'embedded',
        '--set',
        `daemonJson=${place.daemonJson}`,
        '--out',
        place.path,
        '--layers',
        layers.join(','),
        '--runtimes',
        runtimes.join(','),
        '--workloads',
        workloads.join(','),
        '--blocks',
        `${blocks}..${blocks}`,
        '--max-time',
        '15m',
        '--set',
        'seed=7',
        '--set',
        'progress=false',
      ],
      place.path,
    );
    seen = await watchEngines(place.path, command);
    result = await command;
    results = join(place.path, 'results', await readlink(join(place.path, 'results/latest')));
    run = JSON.parse(await readFile(join(results, 'run.json'), 'utf8'));
    const lines = (await readFile(join(results, 'trials.jsonl'), 'utf8')).trim().split('\n');
    trials = lines.map((line): TrialRecord => JSON.parse(line)).filter(isWhole);
    echoes = trials.filter(({ cell }) => cell.workload === 'startup/echo');
  }, 900_000);
  afterAll(() => place.remove());

  test('ends well, and every runtime works at both layers', () => {
    expect(result.exitCode, result.stderr).toBe(0);
    expect(listFailures(trials)).toEqual([]);
    for (const layer of layers)
      for (const runtime of [...runtimes, 'runc#2'])
        expect(
          echoes.filter(({ cell }) => cell.layer === layer && cell.runtime === runtime),
          `${layer} ${runtime}`,
        ).toHaveLength(runtime === 'runc#2' ? blocks : blocks + 1);
  });

  test('records which runtime podman gave to the containers of each', () => {
    expect(run.layerVersions).toEqual({ podman: expect.stringMatching(/^\d+\.\d+/) });
    expect(run.layerRuntimes).toEqual({ podman: { runc: 'runc', crun: 'crun', runsc: 'runsc' } });
  });

  test('sets every mark at both layers, each after those that it follows', () => {
    const names = [
      'create-begin',
      'create-end',
      'start-begin',
      'first-output',
      'exit',
      'remove-begin',
      'remove-end',
    ];
    for (const { trialId, marks, output } of echoes) {
      expect(output.stdout, trialId).not.toBe('');
      // An engine may answer `start` only after the first output has arrived.
      const ordered = marks.filter(({ name }) => name !== 'start-end');
      expect(
        ordered.map(({ name }) => name),
        trialId,
      ).toEqual(names);
      const times = ordered.map(({ atNs }) => atNs);
      expect(times, trialId).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  test('counts the container alone in the cgroup of its trial, and podman in its own', () => {
    const own = trials.filter(({ cell }) => cell.layer === 'podman');
    expect(own.length).toBeGreaterThan(0);
    for (const { trialId, cell, cgroup, engineCpu, leaked } of own) {
      expect(cgroup?.path).toBe(`ocibench/${run.runId}/${trialId}`);
      expect(cgroup?.figures['cpu.usage'], trialId).toMatchObject({ value: expect.any(Number) });
      expect(engineCpu, trialId).toMatchObject({ cgroups: [`/ocibench/${run.runId}/podman`] });
      expect('value' in engineCpu && engineCpu.value, trialId).toBeGreaterThan(0);
      expect(leaked).toEqual([]);
      const peak = cgroup?.figures['memory.peak'];
      // podman's processes have tens of megabytes: conmon or podman in there would show.
      if (cell.workload === 'startup/echo' && cell.runtime === 'crun')
        expect(peak !== undefined && 'value' in peak && peak.value).toBeLessThan(20_000_000);
    }
  });

  test('compares within a layer, and says what podman is not asked for', async () => {
    const rows = await readCsv(join(results, 'summary.csv'));
    const headlines = rows.filter(
      ({ workload, metric }) => workload === 'startup/echo' && metric === 'startup.first_output',
    );
    expect(headlines.map(({ layer, runtime, baseline }) => [layer, runtime, baseline])).toEqual(
      layers.flatMap((layer) => runtimes.map((runtime) => [layer, runtime, 'runc'])),
    );
    const bridged = rows.filter(({ workload, layer }) => workload === 'network/http' && layer === 'podman');
    expect(bridged.length).toBeGreaterThan(0);
    for (const { verdict, note } of bridged)
      expect([verdict, note]).toEqual([
        'unavailable',
        'podman makes another kind of bridge network, which is not measured',
      ]);
  });

  test('leaves nothing on this host', async () => {
    // Every process of podman is in a cgroup of the run, which could not be removed while it had one.
    expect(seen.marks.runs).toEqual([run.runId]);
    await expectApart(seen, 20_000);
  });
});
