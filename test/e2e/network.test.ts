import { readFile, readlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analysis } from '../../src/core/model/analysis/analysis.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { isWhole } from './engines-run.ts';
import { listFailures } from './latest-run.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, readCsv, workplace } from './support.ts';

const limit = 600_000;
const runtimes = { 'runsc-host': { path: '/usr/bin/runsc', runtimeArgs: ['--network=host'] } };

describe.skipIf(!canRun)('peers and probes on the real embedded engine', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let trials: TrialRecord[];
  let results = '';

  beforeAll(async () => {
    place = await workplace();
    await writeFile(place.daemonJson, JSON.stringify({ runtimes }));
    const what = [
      '--set',
      'report=false',
      '--workloads',
      'network/redis,startup/serving',
      '--preset',
      'standard',
      '--blocks',
      '1..1',
    ];
    const where = ['--engine', 'embedded', '--set', `daemonJson=${place.daemonJson}`, '--out', place.path];
    result = await ocibench(['run', ...what, '--runtimes', 'runc,runsc-host', ...where], place.path);
    results = join(place.path, 'results', await readlink(join(place.path, 'results/latest')));
    trials = (await readFile(join(results, 'trials.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line): TrialRecord => JSON.parse(line))
      .filter(isWhole);
  }, limit);
  afterAll(() => place.remove());

  /** Without the baseline's second arm. */
  const of = (workload: string) =>
    trials.filter(({ cell }) => cell.workload === workload && cell.runtime !== 'runc#2');
  const at = (trial: TrialRecord, name: string) =>
    trial.marks.find((mark) => mark.name === name)?.atNs ?? Number.NaN;

  test('every trial went well under both runtimes', () => {
    expect(result.stderr).not.toContain('bug in ocibench');
    expect(result.exitCode).toBe(0);
    expect(listFailures(trials)).toEqual([]);
    expect(new Set(trials.map((trial) => trial.cell.runtime))).toEqual(
      new Set(['runc', 'runc#2', 'runsc-host']),
    );
    expect(of('network/redis')).toHaveLength(4);
    expect(of('startup/serving')).toHaveLength(8);
  });

  test('the server under test was asked from the peer, and CPU was read around that alone', () => {
    for (const trial of of('network/redis')) {
      expect(trial.outputs['redis-benchmark']?.stdout).toContain('"GET"');
      const { window, cgroup } = trial;
      const total = cgroup?.figures['cpu.usage'];
      const totalNs = total !== undefined && 'value' in total ? total.value : Number.NaN;
      expect(window?.cpuNs).toBeGreaterThan(0);
      expect(window?.cpuNs).toBeLessThan(totalNs);
      const asked = at(trial, 'redis-benchmark-end') - at(trial, 'redis-benchmark-begin');
      expect(window?.hostNs).toBeGreaterThanOrEqual(asked);
      expect(window?.hostNs).toBeLessThan(asked * 1.5 + 50e6);
    }
  });

  test('serving lies between the start and the stop, however it was seen', () => {
    for (const trial of [...of('startup/serving'), ...of('network/redis')]) {
      const order = ['create-end', 'start-begin', 'serving', 'stop-begin', 'stop-end', 'remove-begin'];
      const times = order.map((name) => at(trial, name));
      expect(times, JSON.stringify(trial.cell)).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  test('servers ended by themselves on SIGTERM', () => {
    for (const trial of trials) expect(trial.exitCode, JSON.stringify(trial.cell)).toBe(0);
  });

  test('the reader is told whose network stack it was', async () => {
    const facts = await readCsv(join(results, 'facts.csv'));
    const modes = facts.filter(({ fact }) => fact === 'network.mode');
    expect(modes.map(({ runtime, workload }) => `${runtime} ${workload}`).toSorted()).toEqual([
      'runc network/redis',
      'runsc-host network/redis',
    ]);
    const { warnings } = JSON.parse(await readFile(join(results, 'analysis.json'), 'utf8')) as Analysis;
    expect(warnings.map(({ code }) => code)).toContain('host-network');
    expect(result.stdout.replace(/\s+/g, ' ')).toContain('runsc-host: registered with --network=host');
  });

  test('neither peers nor anything else of this run is left on the host', async () => {
    expect(await tracesOf(basename(results), 10_000)).toEqual([]);
  });
});
