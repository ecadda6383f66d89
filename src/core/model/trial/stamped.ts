/** Pause between two stamps, s, as it stands in the scripts. */
const pause = '0.002';

/** bash: a function that prints the stamps. */
const bashStamps = `s() { for _ in 1 2 3 4 5; do echo "@ocibench $1 $EPOCHREALTIME"; read -r -t ${pause} -u 9; done; }`;

/** Python: the body of the loop that prints the stamps, in a function `stamp(edge)`. */
export const pythonStamp = `time.sleep(${pause})
        print("@ocibench", edge, "%.6f" % time.time(), flush=True)`;

/**
 * bash: print five stamps 2 ms apart, run the program, print five more. There are several because each arrives with a
 * delay of its own. The clock is `EPOCHREALTIME`, a system call inside bash, so no process is started for it. The pause
 * needs no fork either: `read -t` on an empty pipe.
 */
const script = ['exec 9<> <(:)', bashStamps, 's begin', '"$@"', 'code=$?', 's end', 'exit $code'].join('\n');

/**
 * A command that stamps the begin and the end of its work; for containers that request `stamped`. The image must have
 * bash. The program's exit code is the container's.
 *
 * `before` is a bash script that runs to its end before the first stamp, in the same shell. Processes that it starts in
 * the background live until the container ends. The command may be a function that it defines. If one of its commands
 * fails, the container ends with that exit code and without a stamp.
 */
export function stamped(
  command: readonly string[],
  { before }: { readonly before?: string } = {},
): readonly string[] {
  const whole = before === undefined ? script : ['set -e', before, 'set +e', script].join('\n');
  return ['/bin/bash', '-c', whole, 'bash', ...command];
}

/**
 * bash: wait until a server accepts connections on a port of 127.0.0.1, at most 20 s. Intended for the `before` of a
 * workload whose server is in the same container. Exit code 69 (EX_UNAVAILABLE) on timeout.
 */
export function untilListening(port: number): string {
  return [
    // Limits the time, not the number of tries: each try forks and may take long.
    'limit=$((SECONDS + 20))',
    `until (exec 8<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do`,
    `  [ $SECONDS -lt $limit ] || { echo "nothing listens on port ${port}" >&2; exit 69; }`,
    '  sleep 0.01',
    'done',
  ].join('\n');
}
