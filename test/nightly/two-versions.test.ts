import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Analysis } from '../../src/core/model/analysis/analysis.ts';
import type { RunRecord } from '../../src/core/model/run/run.ts';
import { configured, recordOf, resultsIn, runWords } from '../e2e/engines-run.ts';
import { tracesOf } from '../e2e/ours.ts';
import { canRun, ocibench, workplace } from '../e2e/support.ts';

const blocks = 2;

/** The root of another version of Docker with its own usr/bin and usr/sbin, where this machine has one. */
const second = process.env.OCIBENCH_SECOND_ENGINE ?? '/srv/docker-28';
const hasSecond = await access(join(second, 'usr/sbin/dockerd')).then(
  () => true,
  () => false,
);

describe.skipIf(!canRun || !hasSecond)('two versions of Docker, of containerd and of runc in one run', () => {
  const path = [join(second, 'usr/bin'), join(second, 'usr/sbin')];
  const engines = [
    { name: 'host' },
    { name: 'other', path, env: { LD_LIBRARY_PATH: join(second, 'usr/lib/x86_64-linux-gnu') } },
    { name: 'mixed', path, containerd: 'host' },
  ];
  let place: Awaited<ReturnType<typeof workplace>>;
  let result: Awaited<ReturnType<typeof ocibench>>;
  let results = '';
  let run: RunRecord;

  beforeAll(async () => {
    place = await workplace();
    await configured(place, {
      engines,
      runtimes: { runc: {}, 'runc-other': { path: join(second, 'usr/bin/runc') } },
      workloads: ['startup/echo'],
    });
    result = await ocibench(runWords(place, blocks), place.path);
    results = await resultsIn(place);
    run = await recordOf(results, 'run.json');
  }, 900_000);
  afterAll(() => place.remove());

  test('each engine runs the programs that it asks for', () => {
    expect(result.exitCode, result.stderr).toBe(0);
    const digest = (engine: string, role: string) =>
      run.engines?.find(({ name }) => name === engine)?.programs.find((each) => each.role === role)?.sha256;
    for (const role of ['dockerd', 'containerd', 'shim'])
      expect(digest('host', role)).not.toBe(digest('other', role));
    expect(digest('mixed', 'dockerd')).toBe(digest('other', 'dockerd'));
    expect(digest('mixed', 'containerd')).toBe(digest('host', 'containerd'));
    expect(digest('mixed', 'shim')).toBe(digest('host', 'shim'));
    const versions = run.engines?.map(({ facts }) => facts.version) ?? [];
    expect(versions[0]).not.toBe(versions[1]);
    expect(versions[2]).toBe(versions[1]);
    const runc = run.engines?.map(({ runtimes: found }) => found.find(({ name }) => name === 'runc')?.sha256);
    expect(runc?.[0]).not.toBe(runc?.[1]);
    expect(runc?.[2]).toBe(runc?.[0]);
  });

  test('two versions of one runtime are a pair', async () => {
    const { versions = [] } = await recordOf<Analysis>(results, 'analysis.json');
    expect(versions.map(({ newer, older }) => [newer, older])).toEqual([['runc-other', 'runc']]);
  });

  test('leaves nothing on this host', async () => {
    expect(await tracesOf(run.runId, 20_000)).toEqual([]);
  });
});
