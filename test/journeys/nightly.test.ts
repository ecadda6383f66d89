import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sha256Of } from '../../src/core/host/sha256.ts';
import type { HistoryLine } from '../../src/features/nightly/history/record.ts';
import { canRun, ocibench, workplace } from '../e2e/support.ts';

const limit = 300_000;

describe.skipIf(!canRun)('nights on a real engine', () => {
  let place: Awaited<ReturnType<typeof workplace>>;
  const start = (...words: readonly string[]) =>
    ocibench([...words], place.path, { OCIBENCH_STATE: place.path });
  const night = (blocks: number) =>
    start(
      'nightly',
      '--engine',
      'embedded',
      '--set',
      `daemonJson=${place.daemonJson}`,
      '--set',
      'nightly.loadLimit=100%',
      '--workloads',
      'startup/echo',
      '--preset',
      'quick',
      '--max-time',
      '20m',
      '--set',
      `blocks=${blocks}..${blocks}`,
    );
  const history = async (): Promise<readonly HistoryLine[]> => {
    const directory = join(place.path, 'history');
    const files = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.ndjson'));
    const texts = await Promise.all(files.map((name) => readFile(join(directory, name), 'utf8')));
    return texts.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line));
  };

  beforeAll(async () => {
    place = await workplace();
    for (const runtime of ['runc', 'crun']) {
      const { exitCode, stderr } = await start(
        'nightly',
        'pin',
        runtime,
        '--set',
        `daemonJson=${place.daemonJson}`,
      );
      expect(exitCode, stderr).toBe(0);
    }
  }, limit);
  afterAll(() => place.remove());

  test('each runtime beside its copy, which is the same program, in the same blocks', {
    timeout: limit,
  }, async () => {
    const { exitCode, stderr } = await night(3);
    expect(exitCode, stderr).toBe(0);
    const lines = await history();
    const figures = lines.filter((line) => line.kind === 'headline');
    expect(figures.map(({ series, pairs }) => `${series}: ${pairs}`)).toEqual([
      'runc ÷ runc-pin startup/echo startup.to_output: 3',
      'crun ÷ crun-pin startup/echo startup.to_output: 3',
      'crun-pin ÷ runc-pin startup/echo startup.to_output: 3',
      'runc-pin startup/echo startup.to_output: 3',
    ]);
    const { provenance } = figures[1] ?? {};
    expect(provenance?.runtime.sha256).toBe(await sha256Of('/usr/bin/crun'));
    expect(provenance?.reference).toEqual(provenance?.runtime);
    expect(lines.at(-1)).toMatchObject({ kind: 'night', status: 'measured', headlines: 4 });
  });

  test('one that is killed is written down by the next one, also where it had measured nothing', {
    timeout: limit,
  }, async () => {
    const before = (await history()).length;
    const killed = night(200);
    const measured = async () => {
      const [newest = ''] = (await readdir(join(place.path, 'results')))
        .filter((name) => /^\d/.test(name))
        .toSorted()
        .toReversed();
      const trials = await readFile(join(place.path, 'results', newest, 'trials.jsonl'), 'utf8').catch(
        () => '',
      );
      const runs = new Set(
        (await history()).flatMap((line) => ('run' in line && line.run !== null ? [line.run] : [])),
      );
      return runs.has(newest) ? 0 : trials.split('\n').length;
    };
    while ((await measured()) < 22) await sleep(200);
    killed.kill('SIGKILL');
    await killed;
    const begun = async () => (await history()).filter(({ kind }) => kind === 'begun').length;
    expect((await history()).length).toBe(before + 1);
    const early = night(3);
    const had = await begun();
    while ((await begun()) === had) await sleep(50);
    early.kill('SIGKILL');
    await early;
    const { exitCode, stderr } = await night(3);
    expect(exitCode, stderr).toBe(0);
    expect(`${(await early).stderr}${stderr}`).toContain('was cut off before its night was recorded');
    expect(stderr).toContain('ended before it measured anything');
    const nights = (await history())
      .filter((line) => line.kind === 'night')
      .toSorted((a, b) => (a.began < b.began ? -1 : 1));
    expect(nights.map(({ status, headlines }) => [status, headlines])).toEqual([
      ['measured', 4],
      ['interrupted', 4],
      ['failed', 0],
      ['measured', 4],
    ]);
  });
});
