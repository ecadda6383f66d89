import { readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { isWhole } from './engines-run.ts';
import { registerFaulty } from './faulty-runtimes.ts';
import { canRun, ocibench, workplace } from './support.ts';

describe.skipIf(!canRun)('a run with a runtime that hangs from its second container on', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let run: RunRecord;
  let trials: TrialRecord[];
  let report = '';

  beforeAll(async () => {
    place = await workplace();
    const [faulty] = await registerFaulty(place.path, ['start-hangs'], 1);
    await writeFile(
      place.daemonJson,
      JSON.stringify({
        runtimes: { faulty: { ...faulty, name: undefined, origin: undefined }, crun: { path: 'crun' } },
      }),
    );
    result = await ocibench(
      [
        'run',
        '--engine',
        'embedded',
        '--set',
        `daemonJson=${place.daemonJson}`,
        '--out',
        place.path,
        '--runtimes',
        'runc,crun,faulty',
        '--workloads',
        'startup/echo',
        '--blocks',
        '6..6',
        '--set',
        'stepLimit=3s',
        '--set',
        'seed=11',
      ],
      place.path,
    );
    const results = join(place.path, 'results', await readlink(join(place.path, 'results/latest')));
    run = JSON.parse(await readFile(join(results, 'run.json'), 'utf8'));
    report = await readFile(join(results, 'report.md'), 'utf8');
    trials = (await readFile(join(results, 'trials.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line): TrialRecord => JSON.parse(line))
      .filter(isWhole);
  }, 600_000);
  afterAll(() => place.remove());

  const of = (runtime: string) => trials.filter(({ cell }) => cell.runtime === runtime);

  test('it is given up after three trials, the others go on to the end', () => {
    expect(result.stderr).not.toContain('bug in ocibench');
    expect(run.runtimes.map(({ preflight }) => preflight.status)).toEqual(Array(3).fill('available'));
    expect(of('faulty').map(({ outcome }) => outcome)).toEqual(
      Array(3).fill({ status: 'timed-out', step: 'start', limitMs: 3_000 }),
    );
    for (const runtime of ['runc', 'crun'])
      expect(of(runtime).map(({ outcome }) => outcome.status)).toEqual(Array(7).fill('ok'));
    expect(run.status).toBe('complete');
    expect(result.exitCode).toBe(1);
  });

  test('the report tells the step, the reason, and that it was given up', () => {
    expect(report).toMatch(/faulty.*startup\/echo.*starting.*timed out after 3/);
    expect(report).toContain('Given up after 3 failures in a row');
  });

  test('the trials beside a hanging one are as fast as the others', () => {
    const startNs = (trial: TrialRecord) => {
      const at = Object.fromEntries(trial.marks.map((mark) => [mark.name, mark.atNs]));
      return (at['first-output'] ?? Number.NaN) - (at['start-begin'] ?? Number.NaN);
    };
    const hung = new Set(of('faulty').map(({ block }) => block));
    const beside = of('crun')
      .filter(({ block, phase }) => phase === 'measure' && hung.has(block))
      .map(startNs);
    const alone = of('crun')
      .filter(({ block }) => !hung.has(block))
      .map(startNs);
    expect(beside).toHaveLength(2);
    expect(Math.min(...beside)).toBeLessThan(3 * Math.max(...alone));
  });
});
