import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readCmdline, userProcesses } from '../../src/core/collect/process/read.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { expectApart, watchEngines } from './engine-apart.ts';
import { tracesOf } from './ours.ts';
import { canRun, nightly, ocibench, readCsv, root, wholeLines, workplace } from './support.ts';

const hangLimitMs = 180_000;

describe.skipIf(!canRun)('podman in trouble', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  beforeEach(async () => {
    place = await workplace();
  });
  afterEach(() => place.remove());

  const words = (...more: readonly string[]) => [
    'run',
    '--set',
    'report=false',
    '--engine',
    'embedded',
    '--set',
    `daemonJson=${place.daemonJson}`,
    '--out',
    place.path,
    '--layers',
    'podman',
    '--runtimes',
    'runc,crun',
    '--workloads',
    'startup/echo',
    '--set',
    'seed=7',
    '--set',
    'progress=false',
    ...more,
  ];
  const runIdNow = async () => (await readdir(join(place.path, 'results')).catch(() => []))[0] ?? '';
  const trialsNow = async () => wholeLines(join(place.path, 'results', await runIdNow(), 'trials.jsonl'));
  const recorded = async () => {
    const run = join(place.path, 'results', await readlink(join(place.path, 'results/latest')));
    return {
      run: JSON.parse(await readFile(join(run, 'run.json'), 'utf8')) as RunRecord,
      trials: (await wholeLines(join(run, 'trials.jsonl'))).map((line) => JSON.parse(line) as TrialRecord),
      rows: await readCsv(join(run, 'summary.csv')),
    };
  };
  const untilMeasuring = async (child: ReturnType<typeof ocibench>) => {
    let over = false;
    child.finally(() => {
      over = true;
    });
    while ((await trialsNow()).length < 3 && !over) await sleep(20);
    expect(over, 'the run had ended before').toBe(false);
  };
  /** Pid of the service of a runtime. */
  const service = async (runtime: string) => {
    const runId = await runIdNow();
    const found = userProcesses('/proc').filter(({ pid }) => {
      const argv = readCmdline('/proc', pid);
      return (
        argv[0] === 'podman' &&
        argv[argv.indexOf('--runtime') + 1] === runtime &&
        argv.some((word) => word.includes(`/${runId}/podman`))
      );
    });
    expect(found).toHaveLength(1);
    return found[0]?.pid ?? 0;
  };

  test.each<NodeJS.Signals>(nightly ? ['SIGKILL', 'SIGSTOP'] : ['SIGKILL'])(
    '%s of a service: that is not the runtime’s fault; the run goes on with new ones',
    async (signal) => {
      const child = ocibench(words('--blocks', '3..3', '--set', 'stepLimit=5s'), place.path);
      const seen = watchEngines(place.path, child);
      await untilMeasuring(child);
      process.kill(await service('crun'), signal);
      const result = await Promise.race([child, sleep(hangLimitMs, null, { ref: false })]);
      expect(result?.exitCode, result?.stderr).toBe(0);
      expect(result?.stderr).toMatch(/the engine was lost: .*; opening a new one/);
      const { run, trials } = await recorded();
      // A host that stands still has a trial repeated, too.
      const stoodStill = ({ outcome }: TrialRecord) =>
        outcome.status === 'interrupted' && outcome.messages?.reason?.id === 'pause.stoodStill';
      const others = trials.filter((trial) => trial.outcome.status !== 'ok' && !stoodStill(trial));
      expect(others.map(({ outcome }) => outcome.status)).toEqual(['interrupted']);
      expect(trials.filter(({ outcome }) => outcome.status === 'ok')).toHaveLength(2 + 3 * 3);
      expect((await seen).marks.runs).toEqual([run.runId]);
      // Every process of podman is in a cgroup of the run, which could not be removed while it had one.
      await expectApart(await seen, 30_000);
    },
  );

  test('SIGKILL of the harness: services, containers and files end with it', async () => {
    const child = ocibench(words('--blocks', '20..20'), place.path);
    const seen = watchEngines(place.path, child);
    await untilMeasuring(child);
    const runId = await runIdNow();
    await service('runc');
    child.kill('SIGKILL');
    await child;
    expect((await seen).marks.runs).toEqual([runId]);
    await expectApart(await seen, 30_000);
  });

  test('where a program of podman is missing the rows say so, and how to get it; the rest is measured', async () => {
    const hidden = 'mount --bind /dev/null /usr/bin/conmon && exec "$@"';
    const cli = [process.execPath, join(root, 'src/cli.ts')];
    const result = await execa(
      'unshare',
      [
        '--mount',
        '--propagation',
        'private',
        'sh',
        '-c',
        hidden,
        'sh',
        ...cli,
        ...words('--blocks', '1..1', '--layers', 'docker,podman'),
      ],
      { cwd: place.path, reject: false, stdin: 'ignore', env: { OCIBENCH_LOCK: `${place.path}/lock` } },
    );
    expect(result.exitCode, result.stderr).toBe(0);
    const { run, trials, rows } = await recorded();
    expect(new Set(trials.map(({ cell }) => cell.layer))).toEqual(new Set(['docker']));
    const missing = rows.filter(({ layer }) => layer === 'podman');
    expect(missing.length).toBeGreaterThan(0);
    for (const { note } of missing)
      expect(note).toBe(
        'not installed here: conmon; fix:  apt-get install -y --no-install-recommends conmon',
      );
    expect(run.layerRuntimes).toBeUndefined();
    expect(await tracesOf(run.runId, 30_000)).toEqual([]);
  });
});
