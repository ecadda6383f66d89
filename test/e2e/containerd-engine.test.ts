import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { isWhole } from './engines-run.ts';
import { hostContainerd } from './host-containerd.ts';
import { tracesOf } from './ours.ts';
import { canRun, nightly, ocibench, readCsv, wholeLines, workplace } from './support.ts';

describe.skipIf(!canRun)('the containerd of a host as the engine of a run', () => {
  const most = 3;
  let directory = '';
  let place: Awaited<ReturnType<typeof workplace>>;
  let containerd: Awaited<ReturnType<typeof hostContainerd>>;
  let before: object;

  const hostNow = async () => ({
    shims: (await containerd.sockets()).there,
    theirs: await containerd.theirs(),
    namespaces: await containerd.namespaces(),
  });

  beforeAll(async () => {
    place = await workplace();
    directory = await mkdtemp(join(tmpdir(), 'containerd-of-host-'));
    containerd = await hostContainerd(directory);
    before = await hostNow();
  }, 300_000);
  afterAll(async () => {
    await containerd.close();
    await rm(directory, { recursive: true, force: true });
    await place.remove();
  });

  const call = (words: readonly string[], out: string, environment: Readonly<Record<string, string>> = {}) =>
    ocibench([...words, words[0] === 'clean' ? '--in' : '--out', join(place.path, out)], place.path, {
      CONTAINERD_ADDRESS: containerd.address,
      OCIBENCH_LOCK: join(place.path, 'lock'),
      ...environment,
    });
  const run = (out: string, ...more: readonly string[]) =>
    call(
      [
        'run',
        '--set',
        'report=false',
        '--engine',
        'containerd',
        '--set',
        'seed=7',
        ...(more.some((word) => word.startsWith('daemonJson='))
          ? []
          : ['--set', `daemonJson=${place.daemonJson}`]),
        '--set',
        'progress=false',
        '--runtimes',
        'runc,runsc',
        '--workloads',
        'startup/echo',
        ...more,
      ],
      out,
    );
  const recorded = async (out: string) => {
    const results = join(place.path, out, 'results');
    const [runId = ''] = (await readdir(results)).filter((name) => name !== 'latest');
    const lines = await wholeLines(join(results, runId, 'trials.jsonl'));
    return {
      runId,
      run: JSON.parse(await readFile(join(results, runId, 'run.json'), 'utf8')) as RunRecord,
      trials: lines.map((line) => JSON.parse(line) as TrialRecord),
      results: join(results, runId),
    };
  };
  const isAsBefore = async (runId: string) => {
    expect(await tracesOf(runId, 20_000)).toEqual([]);
    expect(await containerd.left(runId)).toEqual([]);
    expect(await hostNow()).toEqual(before);
  };
  /** Starts a run, and waits until some trials are there. */
  const begun = async (out: string, ...more: readonly string[]) => {
    const child = run(out, '--blocks', `${most}..${most}`, ...more);
    let isOver = false;
    child.finally(() => {
      isOver = true;
    });
    const trialsNow = async () => (await recorded(out).catch(() => null))?.trials.length ?? 0;
    while (!isOver && (await trialsNow()) < 4) await sleep(20);
    expect(isOver, 'the run had ended before').toBe(false);
    return { child };
  };

  test('measures at the layer containerd what it can, and says what it cannot', async () => {
    const result = await run(
      'all',
      '--blocks',
      '1..1',
      '--workloads',
      'startup/echo,startup/exec,network/http',
    );
    // network/http was named, and has no value here.
    expect(result.exitCode, result.stderr).toBe(1);
    const { runId, run: record, trials, results } = await recorded('all');
    expect(record.engine).toMatchObject({
      kind: 'containerd',
      product: 'containerd',
      endpoint: `unix://${containerd.address}`,
      local: true,
      conditions: { otherContainers: 1 },
    });
    expect(record.config).toMatchObject({ engine: 'containerd', layers: ['containerd'] });
    expect(trials.filter(isWhole).map(({ outcome, cell }) => [outcome.status, cell.layer])).toEqual(
      Array(2 * (2 + 3)).fill(['ok', 'containerd']),
    );
    for (const { cgroup } of trials)
      expect(cgroup?.figures['cpu.usage']).toMatchObject({ value: expect.any(Number) });
    const rows = await readCsv(join(results, 'summary.csv'));
    const unavailable = rows.filter(({ verdict }) => verdict === 'unavailable');
    expect(new Set(unavailable.map(({ workload }) => workload))).toEqual(new Set(['network/http']));
    for (const { note } of unavailable) expect(note).toMatch(/^containerd makes no network/);
    await isAsBefore(runId);
    // That of their container, and of each of the run’s.
    expect((await containerd.sockets()).told).toBeGreaterThan(trials.length);
  });

  test('SIGKILL of the harness: the next command removes what is that run’s, and nothing else', async () => {
    const { child } = await begun('killed', '--workloads', 'memory/idle');
    child.kill('SIGKILL');
    await child;
    const { runId } = await recorded('killed');
    expect(await containerd.namespaces()).toContain(`ocibench-${runId}`);
    // The record says where: the environment of this command does not.
    const cleaned = await call(['clean'], 'killed', { CONTAINERD_ADDRESS: '/nowhere' });
    expect(cleaned.exitCode, cleaned.stderr).toBe(0);
    expect(cleaned.stdout + cleaned.stderr).toContain(`namespace ocibench-${runId}`);
    await isAsBefore(runId);
  });

  test('SIGKILL of containerd: the run waits until it is back, and goes on', async () => {
    const { child } = await begun('restarted');
    await containerd.kill();
    await sleep(1_000);
    await containerd.restart();
    const result = await child;
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stderr).toMatch(/the engine was lost: .*; opening a new one/);
    const { runId, trials } = await recorded('restarted');
    const ended = trials.filter(({ outcome }) => outcome.status !== 'interrupted');
    expect(ended.map(({ outcome }) => outcome.status)).toEqual(Array(2 + most * 3).fill('ok'));
    await isAsBefore(runId);
  });

  test('SIGKILL of containerd in the middle of a creation: what goes on without it is ended', async () => {
    const mark = join(directory, 'creating');
    const slow = join(directory, 'slow');
    const daemonJson = join(directory, 'slow.json');
    const words = [
      '#!/bin/sh',
      `case "$*" in *" create "*) : >${mark}; sleep 2 ;; esac`,
      'exec runc "$@"',
      '',
    ];
    await writeFile(slow, words.join('\n'), { mode: 0o755 });
    await writeFile(daemonJson, JSON.stringify({ runtimes: { slow: { path: slow } } }));
    const { child } = await begun('creating', '--set', `daemonJson=${daemonJson}`, '--runtimes', 'runc,slow');
    await rm(mark, { force: true });
    while (!existsSync(mark)) await sleep(20);
    await containerd.kill();
    await containerd.restart();
    const result = await child;
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stderr).toContain('the engine was lost');
    await isAsBefore((await recorded('creating')).runId);
  });

  test.runIf(nightly)('SIGSTOP of containerd: the trial is not the runtime’s fault', async () => {
    // So short only here: on a loaded host gVisor takes longer to start, and would count as lost.
    const { child } = await begun('stopped', '--set', 'stepLimit=5s');
    process.kill(containerd.pid(), 'SIGSTOP');
    for (const until = performance.now() + 60_000; performance.now() < until; await sleep(100))
      if ((await recorded('stopped')).run.status === 'interrupted') break;
    process.kill(containerd.pid(), 'SIGCONT');
    const result = await child;
    expect(result.exitCode, result.stderr).toBe(0);
    const { runId, trials } = await recorded('stopped');
    expect(trials.filter(({ outcome }) => outcome.status === 'ok')).toHaveLength(2 + most * 3);
    await isAsBefore(runId);
  });

  test('where nothing answers, exit 3 says what helps', async () => {
    const result = await call(['run', '--engine', 'containerd', '--workloads', 'startup/echo'], 'none', {
      CONTAINERD_ADDRESS: join(directory, 'nobody.sock'),
    });
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain('systemctl start containerd');
    expect(result.stderr).toContain('CONTAINERD_ADDRESS');
    expect(await readlink(join(place.path, 'none/results/latest')).catch(() => null)).toBeNull();
    expect(await hostNow()).toEqual(before);
  });
});
