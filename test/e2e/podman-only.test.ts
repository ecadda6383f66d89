import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { expectApart, watchEngines } from './engine-apart.ts';
import { isWhole } from './engines-run.ts';
import { findInState, findOurs } from './ours.ts';
import { canRun, ocibench, readCsv, root, wholeLines, workplace } from './support.ts';

const runtimes = ['runc', 'crun', 'runsc'];

describe.skipIf(!canRun)('podman as the only engine of a run', () => {
  let place: Awaited<ReturnType<typeof workplace>>;

  beforeAll(async () => {
    place = await workplace();
  });
  afterAll(() => place.remove());

  const words = (out: string, ...more: readonly string[]) => [
    'run',
    '--set',
    'report=false',
    '--engine',
    'podman',
    '--set',
    `daemonJson=${place.daemonJson}`,
    '--set',
    'seed=7',
    '--set',
    'progress=false',
    '--runtimes',
    runtimes.join(','),
    '--out',
    join(place.path, out),
    ...more,
  ];
  const call = (args: readonly string[]) =>
    ocibench(args, place.path, { OCIBENCH_LOCK: join(place.path, 'lock') });
  const recorded = async (out: string) => {
    const results = join(place.path, out, 'results');
    const [runId = ''] = (await readdir(results)).filter((name) => name !== 'latest');
    const lines = await wholeLines(join(results, runId, 'trials.jsonl'));
    return {
      runId,
      run: JSON.parse(await readFile(join(results, runId, 'run.json'), 'utf8')) as RunRecord,
      trials: lines.map((line) => JSON.parse(line) as TrialRecord).filter(isWhole),
      results: join(results, runId),
    };
  };

  test('measures at the layer podman what it can, and says what it cannot; nothing stays', async () => {
    const workloads = 'startup/echo,startup/exec,network/http';
    const command = call(words('all', '--blocks', '1..1', '--workloads', workloads));
    const seen = await watchEngines(join(place.path, 'all'), command);
    const result = await command;
    // network/http was named, and has no value here.
    expect(result.exitCode, result.stderr).toBe(1);
    const { runId, run, trials, results } = await recorded('all');
    expect(run.engine).toMatchObject({ kind: 'podman', product: 'Podman', cgroupDriver: 'cgroupfs' });
    expect(run.config).toMatchObject({ engine: 'podman', layers: ['podman'] });
    expect(run.layerRuntimes).toEqual({ podman: Object.fromEntries(runtimes.map((name) => [name, name])) });
    expect(trials.map(({ outcome, cell }) => [outcome.status, cell.layer])).toEqual(
      Array(2 * (3 + 4)).fill(['ok', 'podman']),
    );
    const rows = await readCsv(join(results, 'summary.csv'));
    const unavailable = rows.filter(({ verdict }) => verdict === 'unavailable');
    expect(new Set(unavailable.map(({ workload }) => workload))).toEqual(new Set(['network/http']));
    for (const { note } of unavailable) expect(note).toContain('podman makes another kind of bridge network');
    expect(seen.marks.runs).toEqual([runId]);
    await expectApart(seen, 20_000);
  });

  test('SIGKILL of the harness: services and containers end with it; the next command removes the files', async () => {
    const child = call(words('killed', '--blocks', '20..20', '--workloads', 'startup/echo'));
    const seen = watchEngines(join(place.path, 'killed'), child);
    const trialsNow = async () => (await recorded('killed').catch(() => null))?.trials.length ?? 0;
    let isOver = false;
    child.finally(() => {
      isOver = true;
    });
    while (!isOver && (await trialsNow()) < 4) await sleep(20);
    expect(isOver, 'the run had ended before').toBe(false);
    child.kill('SIGKILL');
    await child;
    const { runId } = await recorded('killed');
    const cleaned = await call(['clean', '--in', join(place.path, 'killed')]);
    expect(cleaned.exitCode, cleaned.stderr).toBe(0);
    expect((await seen).marks.runs).toEqual([runId]);
    await expectApart(await seen, 20_000);
  });

  test('where a program is missing, exit 3 says how to get it', async () => {
    const hidden = 'mount --bind /dev/null /usr/bin/conmon && exec "$@"';
    const cli = [process.execPath, join(root, 'src/cli.ts')];
    const unshared = ['--mount', '--propagation', 'private', 'sh', '-c', hidden, 'sh', ...cli];
    const result = await execa('unshare', [...unshared, ...words('none', '--workloads', 'startup/echo')], {
      cwd: place.path,
      reject: false,
      stdin: 'ignore',
      env: { OCIBENCH_LOCK: join(place.path, 'lock') },
    });
    expect(result.exitCode).toBe(3);
    expect(result.stderr).toContain('apt-get install -y --no-install-recommends conmon');
    expect(await findOurs({ names: [join(place.path, 'none')] })).toEqual([]);
    expect(await findInState()).toEqual([]);
  });
});
