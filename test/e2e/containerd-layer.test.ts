import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { listFailures } from './latest-run.ts';
import { blocks, type LayeredRun, layeredRun, layers, runtimes } from './measured-layers.ts';
import { measuredOn } from './measured-run.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, readCsv, workplace } from './support.ts';
import { systemDaemon } from './system-daemon.ts';

/** Measures, and reads what was written. */
async function measured(path: string, args: readonly string[]) {
  const result = await ocibench(
    [
      'run',
      '--set',
      'report=false',
      '--engine',
      'embedded',
      '--out',
      path,
      '--set',
      'progress=false',
      ...args,
    ],
    path,
  );
  const results = join(path, 'results', await readlink(join(path, 'results/latest')));
  const run: RunRecord = JSON.parse(await readFile(join(results, 'run.json'), 'utf8'));
  const lines = (await readFile(join(results, 'trials.jsonl'), 'utf8').catch(() => '')).trim().split('\n');
  const trials: TrialRecord[] = lines.filter(Boolean).map((line) => JSON.parse(line));
  return { result, results, run, trials };
}

describe.skipIf(!canRun)('a run at three layers: Docker, containerd, and the runtime alone', () => {
  let result: LayeredRun;
  let run: RunRecord;
  let trials: readonly TrialRecord[];

  beforeAll(async () => {
    result = await layeredRun();
    ({ run, trials } = result);
  }, 900_000);
  const at = (layer: string) => trials.filter(({ cell }) => cell.layer === layer);

  test('every container of every runtime at every layer does its work', () => {
    expect(result.exitCode, result.stderr).toBe(0);
    expect(run.layerVersions).toMatchObject({ containerd: expect.stringMatching(/^v?\d+\.\d+/) });
    expect(Object.keys(run.commandsAlone ?? {})).toEqual(runtimes);
    expect(listFailures(trials)).toEqual([]);
    for (const block of Array.from({ length: blocks + 1 }, (_, index) => index))
      for (const layer of layers) {
        const own = at(layer).filter(
          (trial) => trial.block === block && trial.cell.workload === 'startup/echo',
        );
        // The warm-up has no second arm of the baseline.
        const arms = block === 0 ? runtimes : [...runtimes, 'runc#2'];
        expect(own.map(({ cell }) => cell.runtime).toSorted()).toEqual(arms.toSorted());
      }
  });

  test('the marks are the same as through Docker, each after those that it follows', () => {
    const names = (trial: TrialRecord | undefined) => trial?.marks.map(({ name }) => name).toSorted();
    for (const trial of at('containerd')) {
      const { workload, params } = trial.cell;
      // The second measurement of the baseline is of some workloads only.
      const runtime = trial.cell.runtime.replace('#2', '');
      const twin = at('docker').find(
        ({ cell }) => cell.workload === workload && cell.runtime === runtime && cell.params === params,
      );
      expect(names(trial), `${workload} ${runtime}`).toEqual(names(twin));
      // The last output and the end come on different ways: either may be first.
      for (const last of ['first-output', 'exit']) {
        const names = ['create-begin', 'create-end', 'start-begin', last, 'remove-begin', 'remove-end'];
        const times = names.map((name) => trial.marks.find((mark) => mark.name === name)?.atNs ?? Number.NaN);
        expect(times, `${workload} ${runtime} ${last}`).toEqual(times.toSorted((one, other) => one - other));
      }
    }
  });

  test('a program prints the same at every layer, and a further one in the container as well', () => {
    const printed = (layer: string) =>
      new Set(
        at(layer)
          .filter(({ cell }) => cell.workload === 'startup/echo')
          .map(({ output }) => output.stdout),
      );
    expect(printed('docker').size).toBe(1);
    expect(printed('containerd')).toEqual(printed('docker'));
    const further = (layer: string) =>
      at(layer)
        .filter(({ cell }) => cell.workload === 'startup/exec')
        .map(({ outputs }) => Object.values(outputs ?? {}).map(({ stdout }) => stdout));
    expect(further('containerd').length).toBeGreaterThanOrEqual((blocks + 1) * runtimes.length);
    for (const outputs of further('containerd')) expect(outputs).toEqual(further('docker')[0]);
  });

  test('container, shim with runtime, and containerd are counted apart', () => {
    const echoes = at('containerd').filter(({ cell }) => cell.workload === 'startup/echo');
    for (const { trialId, cgroup, engineCpu, leaked } of echoes) {
      const trial = `ocibench/${run.runId}/${trialId}`;
      expect(cgroup?.path).toBe(`${trial}/ct`);
      expect(cgroup?.figures['cpu.usage'], trialId).toMatchObject({ value: expect.any(Number) });
      expect(engineCpu, trialId).toMatchObject({
        cgroups: [`/${trial}/rt`, `/ocibench/${run.runId}/containerd`],
      });
      expect('value' in engineCpu && engineCpu.value, trialId).toBeGreaterThan(0);
      expect(leaked).toEqual([]);
    }
  });

  test('compares within the layer, and says what containerd does not do', () => {
    const rows = result.summary;
    const ratios = rows.filter(
      ({ workload, metric, layer, ratio }) =>
        workload === 'startup/echo' &&
        metric === 'startup.first_output' &&
        layer === 'containerd' &&
        ratio !== '',
    );
    expect(ratios.map(({ runtime, baseline }) => [runtime, baseline])).toEqual([
      ['crun', 'runc'],
      ['runsc', 'runc'],
    ]);
    const bridged = rows.filter(
      ({ workload, layer }) => workload === 'network/http' && layer === 'containerd',
    );
    expect(bridged.length).toBeGreaterThan(0);
    for (const { verdict, note } of bridged)
      expect([verdict, note]).toEqual([
        'unavailable',
        'containerd makes no network: its callers do (Docker, CNI plugins)',
      ]);
  });
});

describe.skipIf(!canRun)('a run at the layer of containerd alone', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  beforeAll(async () => {
    place = await workplace();
  });
  afterAll(() => place.remove());

  test('a runtime that is registered as a shim is tried there, and its row says what is missing', async () => {
    const { result, results, run, trials } = await measured(place.path, [
      '--set',
      `daemonJson=${place.daemonJson}`,
      '--layers',
      'containerd',
      '--runtimes',
      'runc,kata',
      '--workloads',
      'startup/echo',
      '--blocks',
      '1..1',
      '--set',
      'seed=7',
    ]);
    // A runtime that was asked for is not there.
    expect(result.exitCode, result.stderr).toBe(1);
    const [runc, kata] = run.runtimes.map(({ preflight }) => preflight);
    expect(runc?.status).toBe('available');
    expect(kata).toMatchObject({ status: 'unavailable', code: 'kata-shim-missing' });
    expect(kata?.status === 'unavailable' && kata.error).toContain('containerd-shim-kata-v2');
    expect(new Set(trials.map(({ cell, outcome }) => `${cell.layer} ${outcome.status}`))).toEqual(
      new Set(['containerd ok']),
    );
    const rows = await readCsv(join(results, 'summary.csv'));
    const notes = rows
      .filter(({ runtime }) => runtime === 'kata')
      .map(({ layer, verdict }) => [layer, verdict]);
    expect(notes.length).toBeGreaterThan(0);
    for (const note of notes) expect(note).toEqual(['containerd', 'unavailable']);
    expect(await tracesOf(run.runId, 20_000)).toEqual([]);
  }, 300_000);
});

test.skipIf(!canRun)(
  'beside a Docker that is there already, containerd is the run’s own all the same',
  async () => {
    await using machine = await systemDaemon({ images: ['base'] });
    const args = [
      '--workloads',
      'startup/echo',
      '--runtimes',
      'runc',
      '--blocks',
      '1..1',
      '--set',
      'report=false',
    ];
    const { run, trials } = await measuredOn(machine, await machine.place(), [
      '--layers',
      'docker,containerd',
      ...args,
    ]);
    const own = trials.filter(({ cell }) => cell.layer === 'containerd');
    expect(own.map(({ outcome }) => outcome.status)).toEqual(Array(3).fill('ok'));
    for (const { trialId, cgroup, engineCpu } of own) {
      expect(cgroup?.path).toBe(`ocibench/${run.runId}/${trialId}/ct`);
      expect(engineCpu).toMatchObject({
        cgroups: [`/ocibench/${run.runId}/${trialId}/rt`, `/ocibench/${run.runId}/containerd`],
      });
    }
    expect(run.engine.kind).toBe('docker');
    expect(run.layerVersions).toHaveProperty('containerd');
    expect(await tracesOf(run.runId, 20_000)).toEqual([]);
  },
  600_000,
);
