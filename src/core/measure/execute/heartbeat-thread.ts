import { openSync, readSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import { beatMs, type HeartbeatMemory, StandstillMeter, slots, waitedInQueue } from './standstill.ts';

/**
 * The heartbeat thread. It sleeps in the kernel (futex), so that neither work nor garbage collection of the main thread
 * delays it. It ends on request.
 */
const control = workerData as HeartbeatMemory;
const buffer = Buffer.alloc(128);
const file = openSchedstat();

/** The file descriptor; null where the kernel was built without CONFIG_SCHED_INFO: load then counts as a standstill. */
function openSchedstat(): number | null {
  try {
    return openSync('/proc/thread-self/schedstat', 'r');
  } catch {
    return null;
  }
}

function readWaitedMs(): number {
  if (file === null) return 0;
  const length = readSync(file, buffer, 0, buffer.length, 0);
  return waitedInQueue(buffer.toString('latin1', 0, length)) ?? 0;
}

const meter = new StandstillMeter(performance.now(), readWaitedMs);
for (let asked = 0; Atomics.load(control, slots.end) === 0; ) {
  Atomics.wait(control, slots.asked, asked, beatMs);
  asked = Atomics.load(control, slots.asked);
  Atomics.add(control, slots.stoodMs, Math.round(meter.beat(performance.now())));
  Atomics.store(control, slots.answered, asked);
  Atomics.notify(control, slots.answered);
}
