import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analysis } from '../../src/model/analysis.ts';
import type { RunRecord } from '../../src/model/run.ts';
import type { TrialRecord } from '../../src/model/trial.ts';
import { canRun, ocibench, root, tracesAfter, workplace } from './support.ts';

const limit = 900_000;
const runtimes = ['runc', 'runsc'] as const;

/**
 * The whole standard preset and the documented example of a workload of one's own, once each: every cell has numbers, or a
 * reason. Two runtimes are enough for that: one that is the host's kernel and one that brings its own.
 */
describe.skipIf(!canRun)('the standard suite', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let run: RunRecord;
  let trials: TrialRecord[];
  let analysis: Analysis;

  beforeAll(async () => {
    place = await workplace();
    const example = join(root, 'examples/own-workload.config.ts');
    result = await ocibench(
      [
        ...['run', '--preset', 'standard', '--config', example, '--runtimes', runtimes.join(',')],
        ...['--blocks', '1..1', '--max-time', '30m', '--engine', 'embedded', '--seed', '3'],
        ...['--daemon-json', place.daemonJson, '--out', place.path],
      ],
      place.path,
    );
    const directory = join(place.path, 'results', await readlink(join(place.path, 'results/latest')));
    const read = (name: string) => readFile(join(directory, name), 'utf8');
    run = JSON.parse(await read('run.json'));
    analysis = JSON.parse(await read('analysis.json'));
    trials = (await read('trials.jsonl'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  }, limit);
  afterAll(() => place.remove());

  test('no trial fails under either runtime', () => {
    const failed = trials.filter(
      ({ outcome }) => outcome.status === 'failed' || outcome.status === 'timed-out',
    );
    expect(failed.map(({ cell, outcome }) => [cell.runtime, cell.workload, cell.params, outcome])).toEqual(
      [],
    );
    expect(result.stderr).not.toContain('fault of ocibench');
    expect(result.exitCode).toBe(0);
  });

  test('every category is measured, and the workload of bench.config.ts with them', () => {
    expect(new Set(run.subjects.map(({ category }) => category))).toEqual(
      new Set(['startup', 'syscall', 'io', 'memory', 'cpu', 'network', 'app', 'isolation']),
    );
    expect(run.subjects.map(({ workload }) => workload)).toContain('app/orders');
  });

  test('every cell has a number, or a reason in words', () => {
    const headlines = analysis.rows.filter((row) => row.headline);
    for (const { workload, params } of run.subjects)
      for (const runtime of runtimes) {
        const row = headlines.find(
          (one) => one.runtime === runtime && one.workload === workload && one.params === params,
        );
        const name = `${runtime} ${workload} ${params}`;
        if (row === undefined) throw new Error(`${name} has no row`);
        if (row.n > 0) expect(row.median, name).not.toBeNull();
        else expect(row.note.length, name).toBeGreaterThan(15);
      }
    // runc is the host's own kernel: whatever it cannot do here is refused to every container.
    const without = headlines.filter((row) => row.runtime === 'runc' && row.n === 0);
    expect(without.map(({ workload, params }) => `${workload} ${params}`)).toEqual([]);
  });

  test('work that is stamped was seen by two clocks, and CPU was counted in it', () => {
    const stamped = trials.filter(({ window }) => window !== null);
    expect(stamped.length).toBeGreaterThan(run.subjects.length / 2);
    for (const { window, cell } of stamped) {
      expect(window?.containerNs, cell.workload).toBeGreaterThan(0);
      expect(window?.cpuNs, cell.workload).toBeGreaterThan(0);
    }
  });

  test('what a container sees differs between runtimes, and is told', () => {
    const release = (runtime: string) =>
      analysis.facts.find((fact) => fact.runtime === runtime && fact.id.includes('kernel'))?.value;
    expect(release('runc')).toContain(run.host.kernel);
    expect(release('runsc')).not.toContain(run.host.kernel);
  });

  test('nothing is left on the host', async () => {
    expect(await tracesAfter(10_000)).toEqual([]);
  });
});
