import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadRecipes } from '../../src/core/config/workloads.ts';
import { buildImage } from '../../src/core/images/build.ts';
import { type OtherDaemon, startOtherDaemon } from './docker-daemon.ts';
import { listFailures, readLatestRun } from './latest-run.ts';
import { canRun, ocibench, workplace } from './support.ts';

const limit = 900_000;

type Place = Awaited<ReturnType<typeof workplace>>;

describe.skipIf(!canRun)('an image that a Docker daemon has', () => {
  let daemon: OtherDaemon;
  let place: Place;
  const run = (...words: readonly string[]) =>
    ocibench(
      ['run', '--set', 'report=false', '--blocks', '1..1', '--runtimes', 'runc', ...words],
      place.path,
      {
        DOCKER_HOST: daemon.host,
      },
    );

  beforeAll(async () => {
    daemon = await startOtherDaemon();
    place = await workplace();
    const recipe = (await loadRecipes()).find(({ id }) => id === 'base');
    if (recipe === undefined) throw new Error('the recipe base is missing');
    const cacheDir = join(homedir(), '.cache/ocibench/images');
    const { tarPath } = await buildImage({ recipe, cacheDir, log: () => undefined });
    // Its own entrypoint and command; it ignores SIGTERM, as a shell does that is process 1.
    const changes = ['ENTRYPOINT ["/bin/sh","-c"]', 'CMD ["echo booting; echo ready in 12 ms; sleep 600"]'];
    const stream = await daemon.docker.importImage(tarPath, { repo: 'shop', tag: '1', changes });
    await new Promise<void>((resolve, reject) => {
      daemon.docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
    });
  }, limit);
  afterAll(async () => {
    await place.remove();
    await daemon.stop();
  });

  test(
    'runs with its own command until a line matches',
    async () => {
      const result = await run('--image', 'shop:1', '--ready', '^ready in \\d+ ms$');
      expect(result.exitCode, result.stderr).toBe(0);
      const { trials } = await readLatestRun(place.path);
      expect(listFailures(trials)).toEqual([]);
      expect(new Set(trials.map(({ cell }) => cell.workload))).toEqual(
        new Set(['startup/own-shop', 'memory/own-shop']),
      );
    },
    limit,
  );

  test(
    'runs as a job, by --set and by a configuration the same',
    async () => {
      const cmd = "'echo done'";
      const job = { name: 'batch', image: 'shop:1', cmd };
      const file = join(place.path, 'bench.config.json');
      await writeFile(file, JSON.stringify({ services: [job], workloads: ['app/own-batch'] }));
      expect((await run()).exitCode).toBe(0);
      const { path, trials } = await readLatestRun(place.path);
      expect(listFailures(trials)).toEqual([]);
      expect(trials[0]?.cell.workload).toBe('app/own-batch');
      const record = JSON.parse(await readFile(join(path, 'run.json'), 'utf8'));
      await rm(file);
      const service = ['--image', 'shop:1', '--set', 'service.name=batch', '--set', `service.cmd=${cmd}`];
      expect((await run(...service)).exitCode).toBe(0);
      const again = JSON.parse(
        await readFile(join((await readLatestRun(place.path)).path, 'run.json'), 'utf8'),
      );
      expect(again.config.services).toEqual(record.config.services);
    },
    limit,
  );

  test('is looked for before anything starts, and not pulled', async () => {
    const before = await readdir(join(place.path, 'results')).catch(() => []);
    const result = await run('--image', 'shop:2', '--ready', '80');
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('docker pull shop:2');
    expect(await readdir(join(place.path, 'results')).catch(() => [])).toEqual(before);
  });
});
