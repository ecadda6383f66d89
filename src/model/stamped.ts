/**
 * bash: prints five stamps 2 ms apart, runs the program, prints five more. Several, because each arrives late by a time of
 * its own. The clock is `EPOCHREALTIME`, which is bash's own call to the kernel inside: no process is started for it, and
 * neither is one for the pause, which waits on a pipe that nobody writes to.
 */
const script = [
  'exec 9<> <(:)',
  's() { for _ in 1 2 3 4 5; do echo "@ocibench $1 $EPOCHREALTIME"; read -r -t 0.002 -u 9; done; }',
  's begin',
  '"$@"',
  'code=$?',
  's end',
  'exit $code',
].join('\n');

/**
 * A command that stamps the begin and the end of its work; for containers that ask for `stamped`. The image must have
 * bash. The program's exit code is the container's.
 *
 * `before` is a bash script that runs to its end before the first stamp, in the same shell: what it starts in the
 * background lives until the container ends, and functions that it defines may be the command. Where one of its commands
 * fails the container ends with that exit code and without a stamp.
 */
export function stamped(
  command: readonly string[],
  { before }: { readonly before?: string } = {},
): readonly string[] {
  const whole = before === undefined ? script : ['set -e', before, 'set +e', script].join('\n');
  return ['/bin/bash', '-c', whole, 'bash', ...command];
}

/**
 * bash: waits until something accepts connections on a port of 127.0.0.1, 20 s at the longest, for the `before` of a
 * workload whose server is in the same container; exit code 69 (EX_UNAVAILABLE) where nothing does.
 */
export function untilListening(port: number): string {
  return [
    // By the clock and not by tries, of which each forks and may take long.
    'limit=$((SECONDS + 20))',
    `until (exec 8<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do`,
    `  [ $SECONDS -lt $limit ] || { echo "nothing listens on port ${port}" >&2; exit 69; }`,
    '  sleep 0.01',
    'done',
  ].join('\n');
}
