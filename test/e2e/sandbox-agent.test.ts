import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadWorkloads } from '../../src/core/config/workloads.ts';
import { configured, isWhole, resultsIn, runWords, trialsOf } from './engines-run.ts';
import { canRun, ocibench, readCsv, workplace } from './support.ts';

/** Ids of all of them. */
const works = (await loadWorkloads()).map(({ id }) => id).filter((id) => id.startsWith('agent/'));
const runtimes = ['runc', 'crun', 'runsc'];

describe.skipIf(!canRun)('work that agents do, under each runtime', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let results = '';

  beforeAll(async () => {
    place = await workplace();
    await configured(place, { preset: 'full', engine: 'embedded', runtimes, workloads: works });
    const { exitCode, stderr } = await ocibench(runWords(place, 1), place.path);
    expect(exitCode, stderr).toBe(0);
    results = await resultsIn(place);
  });
  afterAll(() => place.remove());

  test('ends with its answer', async () => {
    const trials = (await trialsOf(results)).filter((trial) => trial.phase === 'measure' && isWhole(trial));
    expect(works.length).toBeGreaterThanOrEqual(7);
    // One of them also has the baseline twice.
    const first = trials.filter(({ cell }) => !cell.runtime.includes('#'));
    expect(
      first.map(({ cell, outcome }) => `${cell.workload} ${cell.runtime} ${outcome.status}`).toSorted(),
    ).toEqual(works.flatMap((id) => runtimes.map((runtime) => `${id} ${runtime} ok`)).toSorted());
  });

  test('has its CPU and memory beside the time', async () => {
    const rows = await readCsv(`${results}/summary.csv`);
    const metrics = new Set(rows.map(({ metric }) => metric));
    for (const metric of ['task.time', 'cpu.usage', 'memory.peak']) expect(metrics).toContain(metric);
  });
});
