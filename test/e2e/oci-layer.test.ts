import { beforeAll, describe, expect, test } from 'vitest';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { expectApart } from './engine-apart.ts';
import { blocks, type LayeredRun, layeredRun, layers, runtimes } from './measured-layers.ts';
import { canRun } from './support.ts';

/** Through Docker, and by the runtime alone. */
const ends = ['docker', 'oci'];

describe.skipIf(!canRun)('a run at two layers: through Docker, and by the runtime alone', () => {
  let result: LayeredRun;
  let measured: readonly TrialRecord[];

  beforeAll(async () => {
    result = await layeredRun();
    measured = result.trials.filter(
      ({ cell }) => cell.workload === 'startup/echo' && ends.includes(cell.layer),
    );
  }, 900_000);

  test('ends well and says which layers and commands it measured', () => {
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.run.config.layers).toEqual(layers);
    expect(result.run.commandsAlone).toMatchObject({ runc: ['runc'], crun: ['/usr/bin/crun'] });
    expect(Object.keys(result.run.commandsAlone ?? {})).toEqual(runtimes);
  });

  test('holds every runtime at every layer in every block', () => {
    for (let block = 0; block <= blocks; block++) {
      // The warm-up has no second arm of the baseline.
      const arms = block === 0 ? runtimes : [...runtimes, 'runc#2'];
      const cells = ends.flatMap((layer) => arms.map((runtime) => `${layer} ${runtime}`));
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
    expect(alone).toHaveLength(runtimes.length + blocks * (runtimes.length + 1));
    for (const { trialId, cgroup, engineCpu, leaked } of alone) {
      const trial = `ocibench/${result.run.runId}/${trialId}`;
      expect(cgroup?.path).toBe(`${trial}/ct`);
      expect(cgroup?.figures['cpu.usage'], trialId).toMatchObject({ value: expect.any(Number) });
      expect(cgroup?.figures['memory.peak'], trialId).toMatchObject({ value: expect.any(Number) });
      expect(engineCpu, trialId).toMatchObject({ value: expect.any(Number), cgroups: [`/${trial}/rt`] });
      expect('value' in engineCpu && engineCpu.value, trialId).toBeGreaterThan(0);
      expect(leaked).toEqual([]);
    }
    const through = measured.filter(({ cell }) => cell.layer === 'docker');
    for (const { trialId, cgroup } of through)
      expect(cgroup?.path).toBe(`ocibench/${result.run.runId}/${trialId}`);
  });

  test('compares within a layer, and says what a layer cannot do', () => {
    const rows = result.summary.filter(({ layer = '' }) => ends.includes(layer));
    const headlines = rows.filter(
      ({ workload, metric }) => workload === 'startup/echo' && metric === 'startup.first_output',
    );
    expect(headlines.map(({ layer, runtime, baseline }) => [layer, runtime, baseline])).toEqual([
      ...ends.flatMap((layer) => runtimes.map((runtime) => [layer, runtime, 'runc'])),
    ]);
    const compared = headlines.filter(({ ratio }) => ratio !== '');
    expect(compared.map(({ layer, runtime }) => [layer, runtime])).toEqual([
      ['docker', 'crun'],
      ['docker', 'runsc'],
      ['oci', 'crun'],
      ['oci', 'runsc'],
    ]);
    for (const { ratio } of compared) expect(Number(ratio)).toBeGreaterThan(0);
    const bridged = rows.filter(({ workload, layer }) => workload === 'network/http' && layer === 'oci');
    expect(bridged.length).toBeGreaterThan(0);
    for (const { verdict, note } of bridged)
      expect([verdict, note]).toEqual(['unavailable', 'a runtime called directly creates no bridge network']);
    expect(new Set(result.measurements.map(({ layer }) => layer))).toEqual(new Set(layers));
  });

  test('its engines are apart from the host, and leave nothing on it', async () => {
    expect(result.seen.marks.runs).toEqual([result.run.runId]);
    await expectApart(result.seen, 20_000);
  });
});
