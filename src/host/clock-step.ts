const readings = 4_000;

/**
 * The smallest step of CLOCK_MONOTONIC that is seen here, ns: values that are measured take no others than multiples of it.
 * Some hypervisors and emulators give a coarse clock although its source promises ns. `read` is for tests.
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
