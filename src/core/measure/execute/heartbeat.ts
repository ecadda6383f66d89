import { once } from 'node:events';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Memory shared by this process and the heartbeat thread: one number at each of {@link slots}. */
export type HeartbeatMemory = Int32Array<SharedArrayBuffer>;

/** In order: beats requested, the last answered request, end request, and time that the process stood still, ms. */
export const slots = { asked: 0, answered: 1, end: 2, stoodMs: 3 } as const;

/** A thread of this process that detects when the whole process stands still. */
export interface Heartbeat extends Disposable {
  /**
   * Time that this process has stood still since the start, ms. Includes the time up to this call, because it waits for
   * its own beat.
   */
  stoodMs(): Promise<number>;
}

/** Starts the thread. Rejects where it cannot start; `stoodMs` rejects once the thread has ended. */
export async function startHeartbeat(): Promise<Heartbeat> {
  const bytes = Object.keys(slots).length * Int32Array.BYTES_PER_ELEMENT;
  const control: HeartbeatMemory = new Int32Array(new SharedArrayBuffer(bytes));
  // In the compiled package this file and the thread's end in .js.
  const thread = new URL(`./heartbeat-thread${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(thread, { workerData: control, execArgv: [], env: {}, name: 'heartbeat' });
  const ended = once(worker, 'exit').then(() => {
    throw new Error('the thread of the heartbeat has ended');
  });
  // Every wait for a beat awaits the thread's end too.
  ended.catch(() => undefined);

  const beat = async () => {
    const request = Atomics.add(control, slots.asked, 1) + 1;
    Atomics.notify(control, slots.asked);
    for (;;) {
      const answered = Atomics.load(control, slots.answered);
      if (answered >= request) return;
      const answer = Atomics.waitAsync(control, slots.answered, answered);
      if (answer.async) await Promise.race([answer.value, ended]);
    }
  };
  await beat();
  return {
    async stoodMs() {
      await beat();
      return Atomics.load(control, slots.stoodMs);
    },
    [Symbol.dispose]() {
      Atomics.store(control, slots.end, 1);
      Atomics.add(control, slots.asked, 1);
      Atomics.notify(control, slots.asked);
    },
  };
}
