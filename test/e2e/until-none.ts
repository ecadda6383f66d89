import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until nothing is found, up to a limit; returns what is. */
export async function untilNone(limitMs: number, find: () => Promise<string[]>): Promise<string[]> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const found = await find();
    if (found.length === 0 || performance.now() > deadline) return found;
    await sleep(200);
  }
}
