import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { night, ocibench, type Place } from '../../bench/live/night.ts';
import { installWrapper } from '../../bench/live/watched.ts';
import { leastNights } from '../../src/features/nightly/history/alarm-thresholds.ts';
import { canRun } from '../e2e/support.ts';

/* `npm run prove:live` does this with times as well, for which the host has to be quiet. */
describe.skipIf(!canRun)('nights under a runtime that changes', () => {
  let place: Place;
  const program = () => join(place.directory, 'bin', 'runc');
  const gate = { 'watched memory/idle': { limit: '< +20%', vs: 'pinned' } };

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ocibench-alarm-'));
    place = { directory, blocks: 4, workloads: 'memory/idle' };
    // Who else measures on this host is not its concern: a figure of memory depends on nobody's load.
    process.env.OCIBENCH_LOCK = join(directory, 'lock');
    for (const name of ['bin', 'state']) await mkdir(join(directory, name), { mode: 0o700 });
    const daemonJson = join(directory, 'daemon.json');
    await writeFile(daemonJson, JSON.stringify({ runtimes: { watched: { path: program() } } }));
    const config = { daemonJson, gate, engine: 'embedded', baseline: 'watched' };
    await writeFile(join(directory, 'bench.config.json'), JSON.stringify(config));
    await installWrapper(program(), {});
    const { exitCode, stderr } = await ocibench(place, 0, [
      'nightly',
      'pin',
      'watched',
      '--set',
      'wait=true',
    ]);
    expect(exitCode, stderr).toBe(0);
  });
  afterAll(() => rm(place.directory, { recursive: true, force: true }));

  test('say nothing while it stays the same, and alarm in the night in which it holds 30 MiB more', {
    timeout: 1_800_000,
  }, async () => {
    const out = place.directory;
    for (let day = 0; day <= leastNights; day++) {
      const { lines, stderr } = await night(place, out, day);
      expect(
        lines.filter(({ kind }) => kind === 'alarm'),
        stderr,
      ).toEqual([]);
    }
    await installWrapper(program(), { holdMib: 30 });
    const { lines, stderr, exitCode } = await night(place, out, leastNights + 1);
    expect(exitCode, stderr).toBe(1);
    expect(lines.filter(({ kind }) => kind === 'alarm')).toMatchObject([
      {
        direction: 'worse',
        cause: { kind: 'runtime', changed: [{ what: 'watched' }] },
        series: [{ series: 'watched ÷ watched-pin memory/idle memory.resident' }],
      },
    ]);
  });
});
