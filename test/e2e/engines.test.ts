import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineProcesses } from '../../src/core/engine/embedded/supervisor-script.ts';
import { engineScratchName, scratchPath } from '../../src/core/engine/scratch.ts';
import { isRunning } from '../../src/core/host/process-identity.ts';
import type { Analysis } from '../../src/core/model/analysis/analysis.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { expectApart, type SeenEngines, watchEngines } from './engine-apart.ts';
import { configured, isWhole, recordOf, resultsIn, trialsOf, runWords as words } from './engines-run.ts';
import { listFailures } from './latest-run.ts';
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
    trials = (await trialsOf(results)).filter(isWhole);
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
    expect(listFailures(trials)).toEqual([]);
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
      'one runc ÷ one runc',
      'one crun ÷ one runc',
      'two runc ÷ two runc',
      'two crun ÷ two runc',
      'two runc ÷ one runc',
      'two crun ÷ one crun',
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
  const most = 4;
  let place: Awaited<ReturnType<typeof workplace>>;
  beforeAll(async () => {
    place = await workplace();
  });
  afterAll(() => place.remove());

  const idNow = async () => (await readdir(join(place.path, 'results')).catch(() => []))[0] ?? '';
  const trialsNow = async () => trialsOf(join(place.path, 'results', await idNow()));
  const twoOf = (second: object) =>
    configured(place, {
      engines: [{ name: 'one' }, { name: 'two', ...second }],
      runtimes: ['runc'],
      workloads: ['startup/echo'],
    });
  const resume = (id: string) => {
    const from = ['--resume', id, '--out', place.path];
    const by = ['--config', join(place.path, 'bench.config.json'), '--set', `daemonJson=${place.daemonJson}`];
    const quiet = ['--set', 'report=false', '--set', 'progress=false'];
    return ocibench(['run', ...quiet, ...from, ...by], place.path);
  };

  /** Waits until both engines run, and have run trials beyond `before`; their processes. */
  async function midway(child: ReturnType<typeof ocibench>, before: number) {
    let isOver = false;
    void child.finally(() => {
      isOver = true;
    });
    for (; !isOver; await sleep(50)) {
      const engines = new Set((await trialsNow()).slice(before).map(({ cell }) => cell.engine));
      if (engines.size < 2) continue;
      const id = await idNow();
      return Promise.all([1, 2].map((number) => engineProcesses(scratchPath(engineScratchName(id, number)))));
    }
    throw new Error(`it had ended before: ${(await child).stderr}`);
  }

  test('kill -9 leaves nothing of either engine; it is finished with the same engines, although one is lost', async () => {
    await twoOf({});
    const child = ocibench(words(place, most), place.path);
    const seen = watchEngines(place.path, child);
    const processes = await midway(child, 0);
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

    await twoOf({ daemonJson: { 'log-level': 'warn' } });
    const refused = await resume(await idNow());
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('engines.two');
    expect(await tracesOf(await idNow(), 30_000)).toEqual([]);

    await twoOf({});
    const resumed = resume(await idNow());
    const [, second = []] = await midway(resumed, (await trialsNow()).length);
    const dockerd = second.find(({ name }) => name === 'dockerd');
    if (dockerd === undefined) throw new Error('no dockerd');
    process.kill(dockerd.pid, 'SIGKILL');
    const { exitCode, stderr } = await resumed;
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain('the engine was lost');
    const run = await recordOf<RunRecord>(join(place.path, 'results', await idNow()), 'run.json');
    expect(run.status).toBe('complete');
    const ended = (await trialsNow()).filter(({ outcome }) => outcome.status === 'ok');
    // The baseline is measured twice in the first engine, but in the warm-up.
    expect(ended).toHaveLength(2 + most * 3);
    expect(await tracesOf(run.runId, 20_000)).toEqual([]);
  }, 900_000);
});
