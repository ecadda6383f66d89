import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { findProcesses, tracesOf } from './ours.ts';
import { ocibench, workplace } from './support.ts';

/** Kills a run with SIGKILL once `least` sandboxes of gVisor run side by side, and expects that nothing of it is left. */
export async function expectNothingLeft(
  flagsOf: (place: Awaited<ReturnType<typeof workplace>>) => readonly string[],
  least: number,
): Promise<void> {
  const place = await workplace();
  const run = ocibench(flagsOf(place), place.path);
  const ids = async () =>
    (await readdir(join(place.path, 'results')).catch(() => [])).filter((name) => /^\d/.test(name));
  const crowd = async () =>
    (await findProcesses({ runs: await ids() })).filter((each) => each.includes('runsc-sandbox'));
  // A trial is over within some seconds: who looks again may find it removed.
  let most = 0;
  for (let waited = 0; most < least && waited < 1_600; waited++) {
    most = (await crowd()).length;
    if (most < least) await sleep(50);
  }
  expect(most).toBeGreaterThanOrEqual(least);
  const [id = ''] = await ids();
  expect(id).not.toBe('');
  run.kill('SIGKILL');
  await run;
  expect(await tracesOf(id, 60_000)).toEqual([]);
  await place.remove();
}
