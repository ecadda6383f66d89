import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { engineProcesses } from '../../src/core/engine/embedded/supervisor-script.ts';
import { engineScratchName, scratchPath } from '../../src/core/engine/scratch.ts';
import { isRunning } from '../../src/core/host/process-identity.ts';
import type { Analysis } from '../../src/core/model/analysis.ts';
import type { RunRecord } from '../../src/core/model/run.ts';
import type { TrialRecord } from '../../src/core/model/trial.ts';
import { expectApart, type SeenEngines, watchEngines } from './engine-apart.ts';
import { configured, recordOf, resultsIn, trialsOf, runWords as words } from './engines-run.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, readCsv, workplace } from './support.ts';
import { untilNone } from './until-none.ts';

const runtimes = ['runc', 'crun'];
const blocks = 2;

describe.skipIf(!canRun)('two engines of the same programs in one run', () => {
  const engines = [{ name: 'one' }, { name: 'two', daemonJson: { 'log-level': 'warn' } }];
  let place: Awaited<ReturnType<typeof workplace>>;
  let seen: SeenEngines;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let results = '';
  let run: RunRecord;
  let trials: readonly TrialRecord[];

  beforeAll(async () => {
    place = await workplace();
    await configured(place, { engines, runtimes, workloads: ['startup/echo'] });
    const command = ocibench(words(place, blocks), place.path);
    seen = await watchEngines(place.path, command);
    result = await command;
    results = await resultsIn(place);
    run = await recordOf(results, 'run.json');
    trials = await trialsOf(results);
  }, 900_000);
  afterAll(() => place.remove());

  test('ends well and records which programs each engine really ran', () => {
    expect(result.exitCode, result.stderr).toBe(0);
    expect(run.config.engine).toBe('embedded');
    expect(run.engines?.map(({ name }) => name)).toEqual(['one', 'two']);
    for (const { name, programs, runtimes: found, facts } of run.engines ?? []) {
      expect(
        programs.map(({ role }) => role),
        name,
      ).toEqual(['dockerd', 'containerd', 'shim']);
      for (const { path, version, sha256 } of programs) {
        expect(path).toMatch(/^\//);
        expect(version, path).toBeTruthy();
        expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      }
      expect(found.map(({ name: runtime, path }) => [runtime, path !== null])).toEqual([
        ['runc', true],
        ['crun', true],
      ]);
      expect(facts.version).toBe(run.engine.version);
    }
    const [one, two] = (run.engines ?? []).map(({ facts }) => facts.endpoint);
    expect(one).not.toBe(two);
  });

  test('holds every runtime of both engines in every block', () => {
    for (let block = 0; block <= blocks; block++) {
      // The warm-up has no second arm of the baseline.
      const arms = block === 0 ? runtimes : [...runtimes, 'runc#2'];
      const cells = ['one', 'two'].flatMap((engine) => arms.map((runtime) => `${engine} ${runtime}`));
      const own = trials.filter((trial) => trial.block === block);
      expect(own.map(({ cell }) => `${cell.engine} ${cell.runtime}`).toSorted(), `block ${block}`).toEqual(
        cells.toSorted(),
      );
    }
    expect(trials.filter(({ outcome }) => outcome.status !== 'ok').map(({ outcome }) => outcome)).toEqual([]);
  });

  test('charges each trial’s engine with its own CPU time', () => {
    for (const { trialId, cell, cgroup, engineCpu } of trials) {
      const tree = `/ocibench/${run.runId}${cell.engine === 'one' ? '' : '/engine2'}/engine`;
      expect(engineCpu, trialId).toMatchObject({ value: expect.any(Number), cgroups: [tree] });
      expect('value' in engineCpu && engineCpu.value, trialId).toBeGreaterThan(0);
      expect(cgroup?.path).toBe(`ocibench/${run.runId}/${trialId}`);
    }
  });

  test('compares within each engine, and each runtime between the engines', async () => {
    const rows = (await readCsv(join(results, 'summary.csv'))).filter(
      ({ metric }) => metric === 'startup.first_output',
    );
    expect(
      rows.map(
        (row) => `${row.engine} ${row.runtime} ÷ ${row.baseline_engine || row.engine} ${row.baseline}`,
      ),
    ).toEqual([
      ...['one runc ÷ one runc', 'one crun ÷ one runc', 'two runc ÷ two runc', 'two crun ÷ two runc'],
      ...['two runc ÷ one runc', 'two crun ÷ one crun'],
    ]);
    for (const { ratio } of rows.slice(4)) expect(Number(ratio)).toBeGreaterThan(0);
    const { engines: between = [] } = await recordOf<Analysis>(results, 'analysis.json');
    expect(between.filter(({ headline }) => headline)).toHaveLength(2);
  });

  test('its files follow from its records, and a dry run knows what it cost', async () => {
    const verified = await ocibench(['verify', run.runId, '--in', place.path], place.path);
    expect(verified.exitCode, verified.stdout + verified.stderr).toBe(0);
    const dry = await ocibench([...words(place, blocks), '--dry-run'], place.path);
    expect(dry.exitCode, dry.stderr).toBe(0);
    expect(dry.stdout).toMatch(/startup\/echo.* one /);
    expect(dry.stdout).toMatch(/startup\/echo.* two /);
    expect(dry.stdout).not.toMatch(/unknown/);
  });

  test('leaves nothing on this host', async () => {
    expect(seen.marks.runs).toEqual([run.runId]);
    await expectApart(seen, 20_000);
  });
});

describe.skipIf(!canRun)('a run of two engines that is cut off', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  beforeEach(async () => {
    place = await workplace();
    await configured(place, {
      engines: [{ name: 'one' }, { name: 'two' }],
      runtimes: ['runc'],
      workloads: ['startup/echo'],
    });
  });
  afterEach(() => place.remove());

  /** Starts it, and waits until both engines have run a trial. */
  async function midway(most: number) {
    const child = ocibench(words(place, most), place.path);
    const seen = watchEngines(place.path, child);
    const deadline = performance.now() + 300_000;
    for (;;) {
      const [id] = await readdir(join(place.path, 'results')).catch(() => []);
      const trials = id === undefined ? [] : await trialsOf(join(place.path, 'results', id));
      if (id !== undefined && new Set(trials.map(({ cell }) => cell.engine)).size === 2) {
        const all = [1, 2].map((number) => engineProcesses(scratchPath(engineScratchName(id, number))));
        return { child, id, seen, processes: await Promise.all(all) };
      }
      if (performance.now() > deadline) throw new Error(`it did not get that far: ${(await child).stderr}`);
      await sleep(50);
    }
  }

  test('kill -9 of the harness leaves nothing of either engine, and the run can be finished', async () => {
    const { child, id, seen, processes } = await midway(6);
    for (const own of processes) expect(own.map(({ name }) => name)).toContain('dockerd');
    child.kill('SIGKILL');
    await child;
    const left = await untilNone(30_000, async () =>
      processes
        .flat()
        .filter(isRunning)
        .map(({ name }) => name),
    );
    expect(left).toEqual([]);
    await expectApart(await seen, 30_000);
    const resumed = await ocibench(
      [
        ...['run', '--set', 'report=false', '--set', 'progress=false', '--resume', id, '--out', place.path],
        ...['--config', join(place.path, 'bench.config.json'), '--set', `daemonJson=${place.daemonJson}`],
      ],
      place.path,
    );
    expect(resumed.exitCode, resumed.stderr).toBe(0);
    const run = await recordOf<RunRecord>(join(place.path, 'results', id), 'run.json');
    expect(run.status).toBe('complete');
    const ended = (await trialsOf(join(place.path, 'results', id))).filter(
      ({ outcome }) => outcome.status === 'ok',
    );
    // The baseline is measured twice in the first engine, but in the warm-up.
    expect(ended).toHaveLength(2 + 6 * 3);
    expect(await tracesOf(id, 20_000)).toEqual([]);
  }, 900_000);

  test('the loss of the second engine’s dockerd is recovered from', async () => {
    const { child, id, processes } = await midway(6);
    const dockerd = processes[1]?.find(({ name }) => name === 'dockerd');
    if (dockerd === undefined) throw new Error('no dockerd');
    process.kill(dockerd.pid, 'SIGKILL');
    const { exitCode, stderr } = await child;
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('the engine was lost');
    const run = await recordOf<RunRecord>(join(place.path, 'results', id), 'run.json');
    expect(run.status).toBe('complete');
    expect(await tracesOf(id, 20_000)).toEqual([]);
  }, 900_000);

  test('another engine than the run measured is refused', async () => {
    const { child, id } = await midway(3);
    child.kill('SIGKILL');
    await child;
    await configured(place, {
      engines: [{ name: 'one' }, { name: 'two', daemonJson: { 'log-level': 'warn' } }],
    });
    const refused = await ocibench(
      ['run', '--resume', id, '--out', place.path, '--config', join(place.path, 'bench.config.json')],
      place.path,
    );
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('engines.two');
    expect(await tracesOf(id, 30_000)).toEqual([]);
  }, 900_000);
});
