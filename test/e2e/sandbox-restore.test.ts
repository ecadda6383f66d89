import { globSync } from 'node:fs';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchPath } from '../../src/core/engine/scratch.ts';
import { findLibrary, findProgramNow } from '../../src/core/files/programs.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import type { TrialRecord } from '../../src/core/model/trial/trial.ts';
import { criuPackages } from '../../src/features/sandbox/restore/support.ts';
import { expectApart, type SeenEngines, watchEngines } from './engine-apart.ts';
import { isWhole } from './engines-run.ts';
import { tracesOf } from './ours.ts';
import { canRun, ocibench, wholeLines, workplace } from './support.ts';

const argsFor = (
  place: { readonly path: string; readonly daemonJson: string },
  layers: string,
  runtimes: string,
) => [
  'run',
  '--engine',
  'embedded',
  '--set',
  `daemonJson=${place.daemonJson}`,
  '--out',
  place.path,
  '--set',
  'report=false',
  '--set',
  'progress=false',
  '--set',
  'seed=3',
  '--preset',
  'sandbox',
  '--workloads',
  'restore/node',
  '--layers',
  layers,
  '--runtimes',
  runtimes,
  '--blocks',
  '1..1',
  '--max-time',
  '10m',
];

async function recordsIn(results: string) {
  const run = JSON.parse(await readFile(join(results, 'run.json'), 'utf8')) as RunRecord;
  const lines = await wholeLines(join(results, 'trials.jsonl'));
  return { run, trials: lines.map((line) => JSON.parse(line) as TrialRecord).filter(isWhole) };
}

describe.skipIf(!canRun)('a service that is stored and restored', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  let seen: SeenEngines;
  let run: RunRecord;
  let trials: readonly TrialRecord[];
  let counted: readonly string[];

  beforeAll(async () => {
    const install = `apt-get install -y ${criuPackages.join(' ')}`;
    expect(findProgramNow('criu'), install).not.toBeNull();
    expect(await findLibrary('libcriu.so.2'), install).not.toBeNull();
    place = await workplace();
    const command = ocibench(argsFor(place, 'docker,oci', 'runc,crun,runsc'), place.path);
    seen = await watchEngines(place.path, command);
    const result = await command;
    expect(result.exitCode, result.stderr).toBe(0);
    const results = join(place.path, 'results', await readlink(join(place.path, 'results/latest')));
    ({ run, trials } = await recordsIn(results));
    counted = await wholeLines(join(results, 'checkpoints.csv'));
  }, 600_000);
  afterAll(() => place?.remove());

  const of = (layer: string, runtime: string) =>
    trials.filter(({ cell }) => cell.layer === layer && cell.runtime === runtime);

  test.each([
    ['oci', 'runc'],
    ['oci', 'crun'],
    ['oci', 'runsc'],
    ['docker', 'runc'],
    ['docker', 'runsc'],
  ])('%s, %s: the restored service goes on with its state', (layer, runtime) => {
    const own = of(layer, runtime);
    expect(own.length).toBeGreaterThan(0);
    for (const { outcome, copies, figures, leaked } of own) {
      expect(outcome).toEqual({ status: 'ok' });
      expect(leaked).toEqual([]);
      expect(copies.map(({ marks }) => marks.some(({ name }) => name === 'answer'))).toEqual([true, true]);
      // 16 MiB of random bytes are in every image.
      expect(figures['checkpoint.image']).toMatchObject({ value: expect.any(Number) });
      const image = figures['checkpoint.image'];
      expect(image !== undefined && 'value' in image ? image.value : 0).toBeGreaterThan(16 * 2 ** 20);
    }
  });

  test('crun through Docker: unsupported with its reason, and not a failure', () => {
    const own = of('docker', 'crun');
    expect(own.length).toBeGreaterThan(0);
    for (const { outcome } of own)
      expect(outcome).toMatchObject({
        status: 'unsupported',
        reason: 'dockerd gives crun a directory for CRIU that does not exist',
      });
  });

  test('checkpoints.csv counts the calls of every layer and runtime, with the versions', () => {
    const [columns = '', ...rows] = counted.map((line) => line.split(','));
    const table = rows.map((row) => Object.fromEntries(row.map((value, i) => [columns[i], value])));
    expect(table.map(({ layer, runtime }) => `${layer} ${runtime}`)).toEqual(
      ['docker', 'oci'].flatMap((layer) => ['runc', 'crun', 'runsc'].map((runtime) => `${layer} ${runtime}`)),
    );
    for (const row of table) {
      const never = row.layer === 'docker' && row.runtime === 'crun';
      // Both arms of the baseline are the same runtime.
      const own = trials.filter(
        ({ cell }) => cell.layer === row.layer && cell.runtime.split('#')[0] === row.runtime,
      );
      const n = String(own.length);
      expect(row).toMatchObject({ checkpoint_calls: n, stored: never ? '0' : n, restored: never ? '0' : n });
      expect(Number(row.restore_calls)).toBeGreaterThanOrEqual(Number(row.restored));
      expect(row.criu_version).toMatch(row.runtime === 'runsc' ? /^$/ : /^\d+\.\d+/);
      if (row.layer === 'docker') expect(row.engine_version).toBe(run.engine.version);
    }
  });

  test('its engine was apart from the host, and nothing is left', async () => {
    expect(seen.marks.runs).toEqual([run.runId]);
    await expectApart(seen, 20_000);
  });
});

describe.skipIf(!canRun)('a run that is killed while a service is stored', () => {
  test.each(['runc', 'runsc'])(
    '%s: leaves nothing',
    async (runtime) => {
      const place = await workplace();
      try {
        const child = ocibench(argsFor(place, 'oci', runtime), place.path);
        const ids = async () =>
          (await readdir(join(place.path, 'results'))).filter((name) => /^\d/.test(name));
        const stores = async () => {
          const [runId = ''] = await ids();
          return globSync(join(scratchPath(runId), 'oci/bundles/*/checkpoint/image'));
        };
        // Made just before the runtime is called.
        await expect
          .poll(() => stores().catch(() => []), { timeout: 120_000, interval: 10 })
          .not.toHaveLength(0);
        child.kill('SIGKILL');
        await child;
        const [runId = ''] = await ids();
        const { run } = await recordsIn(join(place.path, 'results', runId));
        expect(run.status).not.toBe('complete');
        expect(await tracesOf(runId, 60_000)).toEqual([]);
      } finally {
        await place.remove();
      }
    },
    600_000,
  );
});
