import { messages } from '../../../core/messages/define.ts';
import { type HostEnd, stateOfExitCode } from './host-end.ts';
import { lastLines } from './log-end.ts';

const words = messages('launch', { exit: 'ocibench ended with {code}; {log} ends with: {last}' });

/** The end of a host whose run ended with an exit code; where it did not run, the end of its log says why. */
export async function endOfRun(host: string, exitCode: number, log: string): Promise<HostEnd> {
  const state = stateOfExitCode(exitCode);
  if (state === 'ran' || state === 'some-failed') return { host, state, why: null };
  const [last = ''] = await lastLines(log, 1);
  return { host, state, why: words.exit({ code: exitCode, log, last }) };
}
