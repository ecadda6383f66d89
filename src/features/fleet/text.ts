import type { Terminal } from '../../cli/terminal.ts';
import { messages } from '../../core/messages/define.ts';
import type { ExitCode } from '../../core/model/error.ts';
import { exitCodeOfHosts, type HostEnd } from './launch/run-end.ts';

const words = messages('fleet.said', {
  ran: '{host}: ran',
  someFailed: '{host}: ran with failures, see its report',
  failed: '{host}: did not run: {why}',
  interrupted: '{host}: interrupted: {why}',
  givenUp: '{host}: given up: {why}',
  next: 'merge the runs:  {merge}',
  merge: '@(fleet merge {out} --out {merged})',
});

const byState = {
  ran: words.ran,
  'some-failed': words.someFailed,
  failed: words.failed,
  interrupted: words.interrupted,
  'given-up': words.givenUp,
} as const;

/** Result of a launch. */
interface LaunchResult {
  readonly out: string;
  readonly ends: readonly HostEnd[];
  readonly interrupted: boolean;
}

/** Prints how each host ended (failures last), and the next command. Returns the exit code. */
export function printLaunch(
  terminal: Terminal,
  { out, ends, interrupted }: LaunchResult,
  { json }: { readonly json: boolean },
): ExitCode {
  const exitCode = exitCodeOfHosts(ends, interrupted);
  const merge = words.merge({ out, merged: `${out}-merged` });
  if (json) {
    const hosts = ends.map(({ host, state, why }) => ({ host, state, why: why?.text ?? null }));
    terminal.json({ out, exitCode, hosts, next: terminal.say(merge) }, 1);
    return exitCode;
  }
  const measured = ({ state }: HostEnd) => state === 'ran' || state === 'some-failed';
  for (const end of [...ends.filter(measured), ...ends.filter((each) => !measured(each))]) {
    const { host, state, why } = end;
    terminal.result(terminal.say(byState[state]({ host, why: why ?? '' })));
  }
  if (ends.some(measured)) terminal.result(terminal.say(words.next({ merge })));
  return exitCode;
}
