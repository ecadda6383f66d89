import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ocibench, workplace } from './support.ts';

/** The smallest run: one test of runc, one block. */
export const smallestRun: readonly string[] = [
  '--set',
  'report=false',
  '--runtimes',
  'runc',
  '--workloads',
  'startup/echo',
  '--blocks',
  '1..1',
  '--set',
  'seed=1',
];

/** A directory of one test, with a host lock that nobody else takes. */
export async function openLockedPlace() {
  const place = await workplace();
  const lock = join(tmpdir(), `ocibench-one-${randomUUID()}.lock`);
  return {
    ...place,
    lock,
    start: (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
      ocibench(args, place.path, { OCIBENCH_LOCK: lock, ...environment }),
  };
}

/** Resolves with what `find` finds, once it finds something; rejects after two minutes. */
export async function waitFor<T>(find: () => Promise<T | null | undefined | false>): Promise<T> {
  for (const deadline = performance.now() + 120_000; ; await sleep(20)) {
    const found = await find();
    if (found) return found;
    if (performance.now() > deadline) throw new Error('it did not happen');
  }
}
