import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/model/run.ts';
import type { TrialRecord } from '../../src/core/model/trial.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, readCsv, workplace } from './support.ts';

const runtimes = ['runc', 'crun'];
const layers = ['docker', 'oci'];
const blocks = 2;

describe.skipIf(!canRun)('a run at two layers: through Docker, and by the runtime alone', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let run: RunRecord;
  let trials: readonly TrialRecord[];
  let results = '';
  let measured: readonly TrialRecord[];

  beforeAll(async () => {
    place = await workplace();
    result = await ocibench(
      [
        ...[
          'run',
          '--set',
          'report=false',
          '--engine',
          'embedded',
          '--set',
          `daemonJson=${place.daemonJson}`,
          '--out',
          place.path,
        ],
        ...[
          '--layers',
          layers.join(','),
          '--runtimes',
          runtimes.join(','),
          '--workloads',
          'startup/echo,network/http',
        ],
        ...[
          '--blocks',
          `${blocks}..${blocks}`,
          '--max-time',
          '15m',
          '--set',
          'seed=7',
          '--set',
          'progress=false',
        ],
      ],
      place.path,
    );
    results = join(place.path, 'results', await readlink(join(place.path, 'results/latest')));
    run = JSON.parse(await readFile(join(results, 'run.json'), 'utf8'));
    const lines = (await readFile(join(results, 'trials.jsonl'), 'utf8')).trim().split('\n');
    trials = lines.map((line) => JSON.parse(line));
    measured = trials.filter(({ cell }) => cell.workload === 'startup/echo');
  }, 900_000);
  afterAll(() => place.remove());

  test('ends well and says which layers and commands it measured', () => {
    expect(result.exitCode, result.stderr).toBe(0);
    expect(run.config.layers).toEqual(layers);
    expect(run.commandsAlone).toEqual({ runc: ['runc'], crun: ['/usr/bin/crun'] });
  });

  test('holds every runtime at every layer in every block', () => {
    for (let block = 0; block <= blocks; block++) {
      // The warm-up has no second arm of the baseline.
      const arms = block === 0 ? runtimes : [...runtimes, 'runc#2'];
      const cells = layers.flatMap((layer) => arms.map((runtime) => `${layer} ${runtime}`));
      const own = measured.filter((trial) => trial.block === block);
      expect(own.map(({ cell }) => `${cell.layer} ${cell.runtime}`).toSorted(), `block ${block}`).toEqual(
        cells.toSorted(),
      );
    }
    expect(measured.filter(({ outcome }) => outcome.status !== 'ok').map(({ outcome }) => outcome)).toEqual(
      [],
    );
  });

  test('sets the same marks at both layers, each after those that it follows', () => {
    const names = [
      'create-begin',
      'create-end',
      'start-begin',
      'first-output',
      'exit',
      'remove-begin',
      'remove-end',
    ];
    for (const { trialId, marks, output } of measured) {
      expect(output.stdout, trialId).not.toBe('');
      // Docker may answer `start` only after the first output has arrived.
      const ordered = marks.filter(({ name }) => name !== 'start-end');
      expect(
        ordered.map(({ name }) => name),
        trialId,
      ).toEqual(names);
      expect(
        ordered.map(({ atNs }) => atNs),
        trialId,
      ).toEqual(ordered.map(({ atNs }) => atNs).toSorted((a, b) => a - b));
      expect(
        marks.some(({ name }) => name === 'start-end'),
        trialId,
      ).toBe(true);
    }
  });

  test('counts container and runtime apart', () => {
    const alone = measured.filter(({ cell }) => cell.layer === 'oci');
    expect(alone).toHaveLength(2 + blocks * 3);
    for (const { trialId, cgroup, engineCpu, leaked } of alone) {
      const trial = `ocibench/${run.runId}/${trialId}`;
      expect(cgroup?.path).toBe(`${trial}/ct`);
      expect(cgroup?.figures['cpu.usage'], trialId).toMatchObject({ value: expect.any(Number) });
      expect(cgroup?.figures['memory.peak'], trialId).toMatchObject({ value: expect.any(Number) });
      expect(engineCpu, trialId).toMatchObject({ value: expect.any(Number), cgroups: [`/${trial}/rt`] });
      expect('value' in engineCpu && engineCpu.value, trialId).toBeGreaterThan(0);
      expect(leaked).toEqual([]);
    }
    const through = measured.filter(({ cell }) => cell.layer === 'docker');
    for (const { trialId, cgroup } of through) expect(cgroup?.path).toBe(`ocibench/${run.runId}/${trialId}`);
  });

  test('compares within a layer, and says what a layer cannot do', async () => {
    const rows = await readCsv(join(results, 'summary.csv'));
    const headlines = rows.filter(
      ({ workload, metric }) => workload === 'startup/echo' && metric === 'startup.first_output',
    );
    expect(headlines.map(({ layer, runtime, baseline }) => [layer, runtime, baseline])).toEqual([
      ...layers.flatMap((layer) => runtimes.map((runtime) => [layer, runtime, 'runc'])),
    ]);
    const compared = headlines.filter(({ ratio }) => ratio !== '');
    expect(compared.map(({ layer, runtime }) => [layer, runtime])).toEqual([
      ['docker', 'crun'],
      ['oci', 'crun'],
    ]);
    for (const { ratio } of compared) expect(Number(ratio)).toBeGreaterThan(0);
    const bridged = rows.filter(({ workload, layer }) => workload === 'network/http' && layer === 'oci');
    expect(bridged.length).toBeGreaterThan(0);
    for (const { verdict, note } of bridged)
      expect([verdict, note]).toEqual(['unavailable', 'a runtime called directly creates no bridge network']);
    const measurements = await readCsv(join(results, 'measurements.csv'));
    expect(new Set(measurements.map(({ layer }) => layer))).toEqual(new Set(layers));
  });

  test('leaves nothing on this host', async () => {
    expect(await tracesOf(run.runId, 20_000)).toEqual([]);
  });
});
