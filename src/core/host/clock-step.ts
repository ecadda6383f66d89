const readings = 4_000;

/**
 * Smallest observed step of CLOCK_MONOTONIC, ns: measured values are multiples of it. Some hypervisors and emulators
 * have a coarse clock although its source promises ns. `read` is for tests.
 */
export function clockStepNs(read: () => bigint = process.hrtime.bigint): number {
  let step = Number.POSITIVE_INFINITY;
  let before = read();
  for (let i = 0; i < readings; i++) {
    const now = read();
    if (now > before) step = Math.min(step, Number(now - before));
    before = now;
  }
  return step;
}
