import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listFailures, readLatestRun } from '../e2e/latest-run.ts';
import { canRun, ocibench, readCsv, workplace } from '../e2e/support.ts';

const limit = 900_000;
const runtimes = { 'runsc-host': { path: '/usr/bin/runsc', runtimeArgs: ['--network=host'] } };

type Place = Awaited<ReturnType<typeof workplace>>;
type Result = Awaited<ReturnType<typeof ocibench>>;

describe.skipIf(!canRun)('a service of one’s own on the embedded engine', () => {
  let place: Place;
  let result: Result;
  const redis = (load: string, ...words: readonly string[]) =>
    ocibench(
      [
        'run',
        '--set',
        'report=false',
        '--blocks',
        '1..1',
        '--engine',
        'embedded',
        '--set',
        `daemonJson=${place.daemonJson}`,
        '--image',
        'recipe:servers',
        '--set',
        'service.name=redis',
        '--set',
        "service.cmd=redis-server --save '' --protected-mode no",
        '--ready',
        '6379',
        '--load',
        `redis-benchmark -h {address} ${load}`,
        ...words,
      ],
      place.path,
    );

  beforeAll(async () => {
    place = await workplace();
    await writeFile(place.daemonJson, JSON.stringify({ runtimes }));
    result = await redis('-n 2000 -c 4 -t get --csv', '--runtimes', 'runc,runsc-host');
  }, limit);
  afterAll(() => place.remove());

  test('start, memory and load have values under every runtime', async () => {
    expect(result.exitCode, result.stderr).toBe(0);
    const { path, trials } = await readLatestRun(place.path);
    expect(listFailures(trials)).toEqual([]);
    const found = (await readCsv(join(path, 'measurements.csv'))).map(
      ({ runtime, workload, metric }) => `${runtime} ${workload} ${metric}`,
    );
    for (const runtime of ['runc', 'runsc-host'])
      for (const [workload, ...metrics] of [
        ['startup/own-redis', 'startup.to_serving', 'startup.stop', 'cpu.usage'],
        ['memory/own-redis', 'memory.resident'],
        ['app/own-redis', 'load.rate', 'load.latency_p50', 'load.latency_p99'],
      ])
        for (const metric of metrics) expect(found).toContain(`${runtime} ${workload} ${metric}`);
  });

  test(
    'its record says what it was: reports need no configuration',
    async () => {
      const again = await ocibench(['report'], place.path);
      expect(again.exitCode, again.stderr).toBe(0);
      expect(again.stdout).toContain('app/own-redis (requests per second, higher is better)');
    },
    limit,
  );

  test(
    'a load whose report cannot be read is left out before the warm-up, with its reason',
    async () => {
      const workloads = 'memory/own-redis,app/own-redis';
      const broken = await redis('-n 100', '--runtimes', 'runc', '--workloads', workloads);
      expect(broken.exitCode, broken.stderr).toBe(1);
      const reason = 'its load was tried before the run and gave no figure (parse: redis-benchmark reports';
      const [before = ''] = broken.stderr.split('Measuring');
      expect(before).toContain(`app/own-redis is not measured: ${reason}`);
      expect(broken.stdout.replaceAll(/\s+/g, ' ')).toContain(reason);
      expect(broken.stdout).not.toContain('()');
      const { trials } = await readLatestRun(place.path);
      expect(listFailures(trials)).toEqual([]);
      expect(new Set(trials.map(({ cell }) => cell.workload))).toEqual(new Set(['memory/own-redis']));
    },
    limit,
  );
});
