import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseParams } from '../../src/core/model/trial/cell.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { kneeIn } from '../../src/features/sandbox/density/knee.ts';
import { stepsIn } from '../../src/features/sandbox/density/step.ts';
import { parseDensity } from '../../src/features/sandbox/density/workload.ts';
import { isWhole } from './engines-run.ts';
import { expectNothingLeft } from './killed-crowd.ts';
import { canRun, ocibench, workplace } from './support.ts';

const flags = (place: { readonly path: string; readonly daemonJson: string }, runtimes: string) => [
  'run',
  '--engine',
  'embedded',
  '--preset',
  'sandbox',
  '--workloads',
  'density/idle',
  '--runtimes',
  runtimes,
  '--blocks',
  '1..1',
  '--out',
  place.path,
  '--set',
  `daemonJson=${place.daemonJson}`,
  '--set',
  'progress=false',
];

describe.skipIf(!canRun)('sandboxes added to a host step by step', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let trials: readonly TrialRecord[];
  let report = '';

  beforeAll(async () => {
    place = await workplace();
    result = await ocibench(flags(place, 'runc,runsc'), place.path);
    const results = join(place.path, 'results', await readlink(join(place.path, 'results/latest')));
    report = await readFile(join(results, 'report.md'), 'utf8');
    const lines = (await readFile(join(results, 'trials.jsonl'), 'utf8')).trim().split('\n');
    trials = lines
      .map((line): TrialRecord => JSON.parse(line))
      .filter((trial) => trial.phase === 'measure' && isWhole(trial));
  }, 600_000);
  afterAll(() => place.remove());

  test('every trial says how many ran, why it ended, and what one more takes', () => {
    expect(result.exitCode, result.stderr).toBe(0);
    expect(new Set(trials.map(({ cell }) => cell.runtime))).toEqual(new Set(['runc', 'runc#2', 'runsc']));
    for (const trial of trials) {
      expect(trial.outcome).toEqual({ status: 'ok' });
      const [steps, knee] = [stepsIn(trial.figures), kneeIn(trial.figures)];
      expect(steps.at(-1)?.count).toBe(trial.copies.length);
      // A trial that met everything has all of them, another one those of an earlier step.
      expect([0, ...steps.map(({ count }) => count)]).toContain(knee?.fit);
      const { upTo } = parseParams(trial.cell.params);
      if (knee?.cause === 'end') expect(knee.fit).toBe(Number(upTo));
      else expect(knee?.fit).toBeLessThan(Number(upTo));
      expect(trial.leaked).toEqual([]);
      // Memory only grows.
      const held = steps.map(({ resident }) => resident ?? Number.NaN);
      expect(held).toEqual(held.toSorted((a, b) => a - b));
    }
  });

  test('one more sandbox of gVisor takes more memory than one more of runc', () => {
    const next = (runtime: string) => {
      const trial = trials.find(({ cell }) => cell.runtime === runtime);
      const values = trial === undefined ? [] : parseDensity(trial);
      return values.find(({ metric }) => metric === 'density.next_memory')?.value ?? Number.NaN;
    };
    expect(next('runsc')).toBeGreaterThan(next('runc'));
    expect(next('runc')).toBeGreaterThan(2 ** 20);
    expect(report).toContain('One more idle sandbox takes');
  });

  test(
    'killed half-way, nothing is left',
    () => expectNothingLeft((killed) => flags(killed, 'runsc'), 4),
    240_000,
  );
});
