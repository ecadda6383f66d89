import { shellWord } from '../messages/shell-word.ts';
import type { RunFlags } from './flags.ts';

/**
 * The command that resumes a run. It names what the record does not hold: the results directory, the configuration with
 * the user's own workloads, the daemon.json (its arguments may be secret), and the daemon. `program`: how ocibench is
 * called. `until`: cells that a finished run goes on with.
 */
export function goOnCommand(
  program: string,
  runId: string,
  flags: Pick<RunFlags, 'config' | 'out' | 'daemonJson' | 'context' | 'insecureTcp'>,
  until?: string,
): string {
  const { config, out, daemonJson, context, insecureTcp } = flags;
  const values = {
    '--until': until,
    '--daemon-json': daemonJson,
    '--config': config,
    '--out': out,
    '--context': context,
  };
  const given = Object.entries(values).flatMap(([flag, value]) => (value === undefined ? [] : [flag, value]));
  const words = [
    ...[program, 'run', '--resume', runId],
    ...given,
    ...(insecureTcp === true ? ['--insecure-tcp'] : []),
  ];
  return words.map(shellWord).join(' ');
}
