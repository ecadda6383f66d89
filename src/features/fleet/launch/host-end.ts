import type { Message } from '../../../core/messages/message.ts';
import { type ExitCode, exitCodes } from '../../../core/model/error.ts';

/** How a host's run ended. `given-up`: it never began. */
type HostState = 'ran' | 'some-failed' | 'failed' | 'interrupted' | 'given-up';

/** The end of one host of a launch. */
export interface HostEnd {
  readonly host: string;
  readonly state: HostState;
  /** Why it did not run; null where it ran. */
  readonly why: Message | null;
}

/** What the exit code of `ocibench run` says of its run. A shell says 128 and the number of a signal. */
export function stateOfExitCode(exitCode: number): HostState {
  if (exitCode === exitCodes.ok) return 'ran';
  if (exitCode === exitCodes.someFailed) return 'some-failed';
  return exitCode === exitCodes.interrupted || exitCode === 128 + 15 ? 'interrupted' : 'failed';
}

/** 0: all ran; 1: some did not, or not all of it; 3: none did; 130: the user ended it. */
export function exitCodeOfHosts(ends: readonly HostEnd[], interrupted: boolean): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  if (ends.every(({ state }) => state === 'ran')) return exitCodes.ok;
  const measured = ends.some(({ state }) => state === 'ran' || state === 'some-failed');
  return measured ? exitCodes.someFailed : exitCodes.noEngine;
}
