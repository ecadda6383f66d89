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
 */
export function stamped(command: readonly string[]): readonly string[] {
  return ['/bin/bash', '-c', script, 'bash', ...command];
}
