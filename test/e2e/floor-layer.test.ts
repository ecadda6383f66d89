import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findProgramNow } from '../../src/core/files/programs.ts';
import type { Analysis } from '../../src/core/model/analysis/analysis.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { floorKinds } from '../../src/features/layers/floor/engine.ts';
import { expectApart, type SeenEngines, watchEngines } from './engine-apart.ts';
import { isWhole } from './engines-run.ts';
import { canRun, ocibench, workplace } from './support.ts';

const blocks = 8;
const names = floorKinds.map(({ name }) => name);
const here = floorKinds.flatMap(({ name, tool }) =>
  tool === null || findProgramNow(tool.program) !== null ? [name] : [],
);

describe.skipIf(!canRun)('a run with floors, the runtime alone, and Docker', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let seen: SeenEngines;
  let run: RunRecord;
  let analysis: Analysis;
  let measured: readonly TrialRecord[];
  let report = '';

  beforeAll(async () => {
    place = await workplace();
    const command = ocibench(
      [
        'run',
        '--engine',
        'embedded',
        '--set',
        `daemonJson=${place.daemonJson}`,
        '--out',
        place.path,
        '--layers',
        'floor,oci,docker',
        '--runtimes',
        'runc,crun',
        '--workloads',
        'startup/echo,isolation/facts',
        '--preset',
        'quick',
        '--blocks',
        `${blocks}..${blocks}`,
        '--max-time',
        '15m',
        '--set',
        'seed=7',
        '--set',
        'progress=false',
      ],
      place.path,
    );
    seen = await watchEngines(place.path, command);
    result = await command;
    const results = join(place.path, 'results', await readlink(join(place.path, 'results/latest')));
    run = JSON.parse(await readFile(join(results, 'run.json'), 'utf8'));
    analysis = JSON.parse(await readFile(join(results, 'analysis.json'), 'utf8'));
    report = await readFile(join(results, 'report.md'), 'utf8');
    const lines = (await readFile(join(results, 'trials.jsonl'), 'utf8')).trim().split('\n');
    measured = lines
      .map((line): TrialRecord => JSON.parse(line))
      .filter(isWhole)
      .filter(({ phase, cell }) => phase === 'measure' && cell.layer === 'floor');
  }, 900_000);
  afterAll(() => place.remove());

  test('floors are scheduled for what starts and ends, with a reason for each tool that is not here', () => {
    expect(result.exitCode, result.stderr).toBe(0);
    const subjects = run.subjects.filter(({ layer }) => layer === 'floor');
    expect(subjects.map(({ workload }) => workload)).toEqual(['startup/echo']);
    expect(subjects[0]?.runtimes).toEqual(names);
    const missing = subjects[0]?.unsupported ?? {};
    expect(Object.keys(missing)).toEqual(names.filter((name) => !here.includes(name)));
    for (const reason of Object.values(missing))
      expect(reason).toMatch(/is not installed here; fix: apt-get/);
  });

  test('every tool that is here starts the program in every block, in the marks of a container', () => {
    for (let block = 1; block <= blocks; block++)
      expect(
        measured
          .filter((trial) => trial.block === block)
          .map(({ cell }) => cell.runtime)
          .toSorted(),
      ).toEqual(here.toSorted());
    expect(measured.filter(({ outcome }) => outcome.status !== 'ok').map(({ outcome }) => outcome)).toEqual(
      [],
    );
    for (const { marks, output, cell } of measured) {
      expect(output.stdout, cell.runtime).toBe('ocibench\n');
      expect(marks.map(({ name }) => name).filter((name) => name !== 'start-end')).toEqual([
        'create-begin',
        'create-end',
        'start-begin',
        'first-output',
        'exit',
        'remove-begin',
        'remove-end',
      ]);
    }
  });

  test('what it uses is in a cgroup of its own, and nothing of it is left', () => {
    for (const { trialId, cgroup, leaked, cell } of measured) {
      expect(cgroup?.path, cell.runtime).toBe(`ocibench/${run.runId}/${trialId}/ct`);
      expect(cgroup?.figures['cpu.usage'], cell.runtime).toMatchObject({ value: expect.any(Number) });
      expect(leaked, cell.runtime).toEqual([]);
    }
  });

  test('the layers add up to what was measured through Docker', () => {
    const stacks = analysis.layers ?? [];
    expect(new Set(stacks.map(({ runtime }) => runtime))).toEqual(new Set(['runc', 'crun']));
    for (const { runtime, metric, steps, sum, whole } of stacks) {
      const about = `${runtime} ${metric}: ${sum} of ${whole.estimate}`;
      expect(steps.map(({ parts }) => parts.join())).toEqual([
        'process',
        'namespaces',
        'runtime',
        'containerd,docker',
      ]);
      for (const { n, low } of steps) expect([n, typeof low], about).toEqual([blocks, 'number']);
      const within = whole.low !== null && whole.high !== null && sum > whole.low && sum < whole.high;
      // On a busy host eight values scatter by more than that, and so does their median.
      expect(within || Math.abs(sum / whole.estimate - 1) < 0.05, about).toBe(true);
    }
    expect(report).toContain('## Where the time of a start goes');
    expect(report).not.toMatch(/layer.floor/);
  });

  test('its engine was apart from the host, and nothing is left', async () => {
    expect(seen.marks.runs).toEqual([run.runId]);
    await expectApart(seen, 20_000);
  });
});
