/**
 * Wait until the container's own clock shows a second of uptime. Two reasons. A gVisor sandbox calibrates its clock in
 * its first second; until then, reading it is a system call instead of a few ns in the vDSO (pkg/sentry/time).
 * stress-ng treats the first reading of a clock at second 0 as missing, which would spoil its durations. On a host with
 * a longer uptime, runtimes that share its clock do not wait.
 */
const readSeconds = 'IFS=. read -r up _ </proc/uptime';
const waitForClock = `${readSeconds}; while [ "$up" -lt 1 ]; do sleep 0.05; ${readSeconds}; done; exec "$@"`;

/**
 * A command that begins when the clock inside has settled; the image must have `/bin/sh`. Its exit code is the
 * command's.
 */
export function afterClockSettled(command: readonly string[]): readonly string[] {
  return ['/bin/sh', '-c', waitForClock, 'sh', ...command];
}
