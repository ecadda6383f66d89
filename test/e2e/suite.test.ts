import { readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { ScheduledBlock } from '../../src/core/model/run/schedule.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, root, wholeLines, workplace } from './support.ts';

const limit = 900_000;
const runtimes = ['runc', 'runsc'] as const;

/** Where files are measured, and how, beside what the standard preset has. */
const targets = ['rootfs', 'bind', 'volume', 'tmpfs'].flatMap((target) =>
  ['randread', 'randwrite'].map((op) => ({ target, op })),
);

/** The workload of the documented example, and files on every target. */
const config = `
  import example from '${join(root, 'examples/own-workload.config.ts')}';
  import fio from '${join(root, 'workloads/io/fio.ts')}';
  const files = { ...fio, id: 'io/targets', presets: { ...fio.presets, standard: ${JSON.stringify(targets)} } };
  export default { ...example, ownWorkloads: [...example.ownWorkloads, files] };
`;

/**
 * The whole standard preset and those workloads of one's own, once: every cell works, or has a reason.
 * An interrupt ends the run behind its warm-up block, which holds every cell. Two runtimes are enough: one that is the
 * host's kernel and one that brings its own.
 */
describe.skipIf(!canRun)('the standard suite', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let run: RunRecord;
  let block: ScheduledBlock;
  let trials: TrialRecord[];

  beforeAll(async () => {
    place = await workplace();
    const file = join(place.path, 'suite.config.ts');
    await writeFile(file, config);
    const running = ocibench(
      [
        'run',
        '--set',
        'report=false',
        '--preset',
        'standard',
        '--config',
        file,
        '--runtimes',
        runtimes.join(','),
        '--max-time',
        '2h',
        '--engine',
        'embedded',
        '--set',
        'seed=3',
        '--set',
        `daemonJson=${place.daemonJson}`,
        '--out',
        place.path,
      ],
      place.path,
    );
    let over = false;
    void running.then(() => {
      over = true;
    });
    const scheduled = async () => {
      const [id = ''] = await readdir(join(place.path, 'results')).catch(() => []);
      return (await wholeLines(join(place.path, 'results', id, 'schedule.jsonl'))).length;
    };
    // The second block is scheduled when the first one is over.
    while (!over && (await scheduled()) < 2) await sleep(50);
    running.kill('SIGINT');
    result = await running;
    const directory = join(place.path, 'results', await readlink(join(place.path, 'results/latest')));
    const read = (name: string) => readFile(join(directory, name), 'utf8');
    run = JSON.parse(await read('run.json'));
    block = JSON.parse((await read('schedule.jsonl')).split('\n')[0] ?? '');
    trials = (await wholeLines(join(directory, 'trials.jsonl')))
      .map((line) => JSON.parse(line) as TrialRecord)
      .filter(({ phase }) => phase === 'warmup');
  }, limit);
  afterAll(() => place.remove());

  test('one block of everything was run, and the interrupt ended it', () => {
    expect(result.stderr).not.toContain('bug in ocibench');
    expect(run.stopReason).toBe('interrupted');
    expect(trials.map(({ trialId }) => trialId)).toEqual(block.trials.map(({ trialId }) => trialId));
  });

  test('no trial fails under either runtime', () => {
    const failed = trials.filter(
      ({ outcome }) => outcome.status === 'failed' || outcome.status === 'timed-out',
    );
    expect(failed.map(({ cell, outcome }) => [cell.runtime, cell.workload, cell.params, outcome])).toEqual(
      [],
    );
  });

  test('every category is measured, and the workload of bench.config.ts with them', () => {
    expect(new Set(run.subjects.map(({ category }) => category))).toEqual(
      new Set(['startup', 'syscall', 'io', 'memory', 'cpu', 'network', 'app', 'isolation']),
    );
    expect(run.subjects.map(({ workload }) => workload)).toContain('app/orders');
  });

  test('every cell worked, or says in words why it cannot', () => {
    for (const { workload, params, unsupported } of run.subjects)
      for (const runtime of runtimes) {
        const trial = trials.find(
          ({ cell }) => cell.runtime === runtime && cell.workload === workload && cell.params === params,
        );
        const name = `${runtime} ${workload} ${params}`;
        if (trial === undefined) expect(unsupported[runtime]?.length, name).toBeGreaterThan(15);
        else if (trial.outcome.status === 'unsupported')
          expect(trial.outcome.reason.length, name).toBeGreaterThan(15);
        else expect(trial.outcome.status, name).toBe('ok');
      }
    // runc is the host's own kernel: what it cannot do here no container can.
    expect(run.subjects.flatMap(({ unsupported }) => unsupported.runc ?? [])).toEqual([]);
  });

  test('files were measured on the root file system, a bind mount, a volume and a tmpfs', () => {
    const own = trials.filter(({ cell }) => cell.workload === 'io/targets');
    const cells = runtimes.flatMap((runtime) =>
      targets.map(({ target, op }) => `${runtime} op=${op};target=${target}`),
    );
    expect(own.map(({ cell }) => `${cell.runtime} ${cell.params}`).toSorted()).toEqual(cells.toSorted());
    expect(own.map(({ outcome }) => outcome)).toEqual(own.map(() => ({ status: 'ok' })));
  });

  test('work that is stamped was seen by two clocks, and CPU was counted in it', () => {
    const windows = trials.flatMap(({ window, cell }) => (window === null ? [] : { window, cell }));
    expect(windows.length).toBeGreaterThan(run.subjects.length / 2);
    for (const { window, cell } of windows) {
      expect(window.containerNs, cell.workload).toBeGreaterThan(0);
      expect(window.cpuNs, cell.workload).toBeGreaterThan(0);
    }
  });

  test('nothing is left on the host', async () => {
    expect(await tracesOf(run.runId, 10_000)).toEqual([]);
  });
});
