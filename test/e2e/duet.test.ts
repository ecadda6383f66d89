import { readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readHostCpus } from '../../src/core/host/usable-cpus.ts';
import { parseCpuList } from '../../src/core/model/machine/cpu-list.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, readCsv, root, workplace } from './support.ts';

const blocks = 2;
/** How long the container works, s: whatever runs after it begins later than that. */
const seconds = 2;

/** Says which CPUs it may run on, and works for a while. */
const configuration = `
import { defineConfig } from '${join(root, 'src/core/config/define-config.ts')}';
import echo from '${join(root, 'workloads/startup/echo.ts')}';
export default defineConfig({
  ownWorkloads: [{
    ...echo,
    id: 'startup/cpus',
    presets: { quick: [{}], standard: [{}], full: [{}] },
    parameters: {},
    container: () => ({
      command: ['/bin/sh', '-c', 'grep Cpus_allowed_list /proc/self/status; sleep ${seconds}'],
      timeoutMs: 60_000,
    }),
    parse: () => [],
    facts: undefined,
  }],
});
`;

describe.skipIf(!canRun)('a run in duets', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let trials: readonly TrialRecord[];
  let results = '';
  let runId = '';

  beforeAll(async () => {
    place = await workplace();
    const config = join(place.path, 'cpus.config.ts');
    await writeFile(config, configuration);
    result = await ocibench(
      [
        'run',
        '--set',
        'duet=true',
        '--engine',
        'embedded',
        '--set',
        `daemonJson=${place.daemonJson}`,
        '--out',
        place.path,
        '--config',
        config,
        '--runtimes',
        'runc,crun,runsc',
        '--layers',
        'docker,oci',
        '--workloads',
        'startup/cpus,startup/burst',
        '--blocks',
        `${blocks}..${blocks}`,
        '--max-time',
        '5m',
        '--set',
        'seed=7',
        '--set',
        'progress=false',
        '--set',
        'report=false',
      ],
      place.path,
    );
    runId = await readlink(join(place.path, 'results/latest'));
    results = join(place.path, 'results', runId);
    const lines = (await readFile(join(results, 'trials.jsonl'), 'utf8')).trim().split('\n');
    trials = lines.map((line) => JSON.parse(line));
  }, 400_000);
  afterAll(() => place.remove());

  test('has both arms of every duet, at either layer', () => {
    // startup/burst was named, and no duet has a value of it.
    expect(result.exitCode, result.stderr).toBe(1);
    expect(trials.map(({ outcome }) => outcome.status)).toEqual(trials.map(() => 'ok'));
    const labels = ['crun', 'runc', 'runc#2', 'runc#crun', 'runc#runsc', 'runsc'];
    for (let block = 0; block <= blocks; block++)
      for (const layer of ['docker', 'oci'])
        expect(
          trials
            .filter(({ cell, block: of }) => of === block && cell.layer === layer)
            .map(({ cell }) => cell.runtime)
            .toSorted(),
          `block ${block} at ${layer}`,
        ).toEqual(labels);
  });

  test('keeps either arm on its half of the CPUs, and swaps the halves', async () => {
    const usable = (await readHostCpus()).cpus;
    for (const { trialId, cell, duet, output } of trials) {
      const [, allowed = ''] = /Cpus_allowed_list:\s*(\S+)/.exec(output.stdout) ?? [];
      // gVisor tells its own CPUs.
      if (cell.runtime !== 'runsc')
        expect(parseCpuList(allowed), trialId).toEqual(parseCpuList(duet?.cpus ?? ''));
      const partner = trials.find((trial) => trial.trialId === duet?.partner);
      const both = [duet, partner?.duet].flatMap((each) => parseCpuList(each?.cpus ?? '') ?? []);
      expect(new Set(both).size, trialId).toBe(both.length);
      for (const cpu of both) expect(usable).toContain(cpu);
      const before = trials.find(
        (trial) =>
          trial.cell.runtime === partner?.cell.runtime &&
          trial.cell.layer === partner.cell.layer &&
          trial.block === 0,
      );
      if (partner?.block === 1) expect(before?.duet?.side).toBe(1 - (partner.duet?.side ?? 9));
    }
  });

  test('runs both arms at once', () => {
    for (const { trialId, duet, startedAt } of trials) {
      const partner = trials.find((trial) => trial.trialId === duet?.partner);
      const apartMs = Math.abs(Date.parse(startedAt) - Date.parse(partner?.startedAt ?? ''));
      expect(apartMs, trialId).toBeLessThan(seconds * 1_000);
    }
  });

  test('leaves out what cannot be told apart, and keeps what is each arm’s own', () => {
    for (const { trialId, cell, engineCpu, cgroup, processes, noise } of trials) {
      expect(cgroup?.figures['cpu.usage'], trialId).toMatchObject({ value: expect.any(Number) });
      expect(noise, trialId).not.toBeNull();
      for (const { pssBytes } of processes) expect(pssBytes, trialId).toBeNull();
      // The harness starts the runtime itself at the layer oci, in a cgroup of the trial.
      if (cell.layer === 'docker')
        expect(engineCpu, trialId).toMatchObject({ absent: expect.stringContaining('two trials at once') });
      else expect(engineCpu, trialId).toMatchObject({ value: expect.any(Number) });
    }
  });

  test('compares a runtime with its partner, and says what it cannot measure so', async () => {
    const rows = await readCsv(join(results, 'summary.csv'));
    const totals = rows.filter(
      ({ workload, metric }) => workload === 'startup/cpus' && metric === 'startup.total',
    );
    expect(totals.map(({ runtime, layer, ratio }) => [runtime, layer, ratio !== ''])).toEqual(
      ['docker', 'oci'].flatMap((layer) =>
        ['runc', 'crun', 'runsc'].map((runtime) => [runtime, layer, runtime !== 'runc']),
      ),
    );
    const bursts = rows.filter(({ workload }) => workload === 'startup/burst');
    expect(bursts.length).toBeGreaterThan(0);
    for (const { verdict, note } of bursts) {
      expect(verdict).toBe('unavailable');
      expect(note).toMatch(/measure it without duets|the runtime alone/);
    }
    expect(rows.filter(({ runtime }) => runtime?.includes('#'))).toEqual([]);
  });

  test('leaves nothing on this host', async () => {
    expect(await tracesOf(runId, 20_000)).toEqual([]);
  });
});
