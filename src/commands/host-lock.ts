import { setTimeout as sleep } from 'node:timers/promises';
import { type HostBusy, type HostLock, type LockOwner, lockHost } from '../host/host-lock.ts';
import { exitCodes, OcibenchError } from '../model/error.ts';
import type { Messages } from '../report/messages/index.ts';
import { terminalText } from '../report/sanitize.ts';
import { terminal } from './terminal.ts';

/** How often it is looked whether the host is free, ms. */
const pollMs = 500;

/** Another user's file says who it is: what it holds is text and nothing else. */
function ownerText({ command, runId, pid, since }: LockOwner, m: Messages): string {
  return terminalText(m.cutOff.busyOwner(command, runId, pid, since));
}

/** Nobody is advised to end a process that a file of somebody else names and that was not looked at. */
function fixOf({ by, file, verified }: HostBusy, m: Messages): string {
  return verified ? m.cutOff.busyFix(by.pid) : m.cutOff.busyUnseen(terminalText(file));
}

/**
 * Takes this host for a measurement. OcibenchError (exit 4) that names who has it, or, with `wait`, waits until it is free,
 * saying so once for every owner; an interrupt ends the waiting (exit 130). `runId` is asked for anew with every attempt, so
 * that it tells when the measurement began.
 */
export async function holdHost(options: {
  readonly command: string;
  readonly runId: () => string;
  readonly wait: boolean;
  readonly interrupt: AbortSignal;
  readonly m: Messages;
}): Promise<HostLock> {
  const { command, wait, interrupt, m } = options;
  let told = '';
  for (;;) {
    const answer = await lockHost({ command, runId: options.runId() });
    if (answer.kind === 'held') return answer;
    const owner = ownerText(answer.by, m);
    if (!wait)
      throw new OcibenchError(m.cutOff.busy(owner), {
        exitCode: exitCodes.busy,
        problems: [{ file: command, key: '', message: m.cutOff.busyMessage, fix: fixOf(answer, m) }],
      });
    if (owner !== told) terminal.log(m.cutOff.waiting(owner));
    told = owner;
    await sleep(pollMs, undefined, { signal: interrupt }).catch(() => {
      throw new OcibenchError(m.cutOff.gaveUpWaiting, { exitCode: exitCodes.interrupted });
    });
  }
}
