// Proves: measuring
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configured, resultsIn, runWords, trialsOf } from './engines-run.ts';
import { canRun, ocibench, readCsv, workplace } from './support.ts';

/** One that reads the image, and the one with the most demanding program. */
const works = ['sandbox/agent-ripgrep', 'sandbox/agent-chromium'];

describe.skipIf(!canRun)('work that agents do, under each runtime', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let results = '';

  beforeAll(async () => {
    place = await workplace();
    const runtimes = ['runc', 'crun', 'runsc'];
    await configured(place, { preset: 'full', engine: 'embedded', runtimes, workloads: works });
    const { exitCode, stderr } = await ocibench(runWords(place, 1), place.path);
    expect(exitCode, stderr).toBe(0);
    results = await resultsIn(place);
  }, 300_000);
  afterAll(() => place.remove());

  test('ends with its answer', async () => {
    const trials = (await trialsOf(results)).filter(({ phase }) => phase === 'measure');
    expect(trials).toHaveLength(6);
    for (const { outcome } of trials) expect(outcome).toMatchObject({ status: 'ok' });
  });

  test('has its CPU and memory beside the time', async () => {
    const rows = await readCsv(`${results}/summary.csv`);
    const metrics = new Set(rows.map(({ metric }) => metric));
    for (const metric of ['task.time', 'cpu.usage', 'memory.peak']) expect(metrics).toContain(metric);
  });
});
