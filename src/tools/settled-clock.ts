/**
 * Waits until the container's own clock shows a second of uptime. Two reasons: a gVisor sandbox calibrates its clock in its
 * first second, and until then reading it is a system call instead of a few ns in the vDSO (pkg/sentry/time); and stress-ng
 * takes the first reading of a clock that shows second 0 for none, so that its durations would be nonsense.
 * On a host that has been up for longer nothing is waited for under runtimes that share its clock.
 */
const readSeconds = 'IFS=. read -r up _ </proc/uptime';
const waitForClock = `${readSeconds}; while [ "$up" -lt 1 ]; do sleep 0.05; ${readSeconds}; done; exec "$@"`;

/** A command that begins when the clock inside has settled; the image must have `/bin/sh`. Its exit code is the command's. */
export function afterClockSettled(command: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', waitForClock, 'sh', ...command];
}
