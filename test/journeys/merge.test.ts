import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeManifest } from '../../src/core/store/manifest.ts';
import { fleetSchema } from '../../src/features/fleet/merge/fleet-record.ts';
import { canRun, ocibench, workplace } from '../e2e/support.ts';

describe.skipIf(!canRun)('real runs, of two hosts as it were, become a fleet', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  const limit = 300_000;
  const small = ['--runtimes', 'runc,crun', '--workloads', 'startup/echo', '--blocks', '6..6'];
  const host = (name: string) => join(place.path, 'in', name);

  async function runOf(name: string): Promise<string> {
    const results = join(host(name), 'results');
    const [run = ''] = (await readdir(results)).filter((each) => /^\d/.test(each));
    return join(results, run);
  }

  beforeAll(async () => {
    place = await workplace();
    for (const name of ['a', 'b']) {
      const { exitCode, stderr } = await ocibench(
        [
          'run',
          ...small,
          '--engine',
          'embedded',
          '--set',
          `daemonJson=${place.daemonJson}`,
          '--set',
          'report=false',
          '--set',
          'progress=false',
          '--set',
          'seed=7',
          '--out',
          host(name),
        ],
        place.path,
      );
      if (exitCode !== 0) throw new Error(stderr);
    }
    // The second as another machine would have written it.
    const path = await runOf('b');
    const record = JSON.parse(await readFile(join(path, 'run.json'), 'utf8'));
    const altered = { ...record, host: { ...record.host, id: 'fedcba9876543210', hostname: 'b' } };
    await writeFile(join(path, 'run.json'), JSON.stringify(altered));
    await writeManifest(path);
  }, limit);
  afterAll(async () => {
    await rm(place.path, { recursive: true, force: true });
  }, limit);

  const merge = async (...words: readonly string[]) => {
    const end = await ocibench(['fleet', 'merge', 'in', '--out', 'fleet', ...words], place.path);
    const json = await readFile(join(place.path, 'fleet/fleet.json'), 'utf8');
    return { end, fleet: fleetSchema.parse(JSON.parse(json)) };
  };

  test(
    'two hosts, one vote each, from their records',
    async () => {
      const { end, fleet } = await merge();
      expect(end.exitCode, end.stderr).toBe(0);
      expect(fleet.hosts.map(({ known, runs }) => [known, runs.map(({ from }) => from)])).toEqual([
        ['id', ['records']],
        ['id', ['records']],
      ]);
      const startup = fleet.categories.find(({ runtime }) => runtime === 'crun');
      const costs = startup?.votes.map(({ cost }) => cost) ?? [];
      expect(costs).toHaveLength(2);
      expect(startup?.cost).toBeCloseTo(Math.sqrt((costs[0] ?? 0) * (costs[1] ?? 0)), 9);
      expect(startup?.verdict).toBe('inconclusive');
    },
    limit,
  );

  test(
    'figures made again from the records are the published ones',
    async () => {
      const { fleet: published } = await merge();
      for (const name of ['a', 'b']) await rm(join(await runOf(name), 'MANIFEST.sha256'));
      const { end, fleet } = await merge();
      expect(end.exitCode, end.stderr).toBe(0);
      expect(fleet.hosts.flatMap(({ runs }) => runs.map(({ from }) => from))).toEqual(['records', 'records']);
      expect(fleet.told.map(({ code }) => code)).toContain('fleet.noManifest');
      expect(fleet.comparisons).toEqual(published.comparisons);
      expect(fleet.categories).toEqual(published.categories);
    },
    limit,
  );
});
