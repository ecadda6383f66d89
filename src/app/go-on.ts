import type { RunFlags } from './flags.ts';

/** A word as a POSIX shell reads it back. */
function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The command that goes on with a run, with what its record does not hold: where its results are, the configuration with the
 * workloads of one's own, the daemon.json with arguments that may be secret, and which daemon it was. `program`: how ocibench is called.
 */
export function goOnCommand(
  program: string,
  runId: string,
  flags: Pick<RunFlags, 'config' | 'out' | 'daemonJson' | 'context' | 'insecureTcp'>,
): string {
  const { config, out, daemonJson, context, insecureTcp } = flags;
  const values = { '--daemon-json': daemonJson, '--config': config, '--out': out, '--context': context };
  const given = Object.entries(values).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  const words = [
    ...[program, 'run', '--resume', runId],
    ...given,
    ...(insecureTcp === true ? ['--insecure-tcp'] : []),
  ];
  return words.map(shellWord).join(' ');
}
