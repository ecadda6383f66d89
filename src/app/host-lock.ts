import type { HostBusy, HostLock, LockOwner } from '../host/host-lock.ts';
import { notices } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { exitCodes, OcibenchError, problemOf } from '../model/error.ts';
import { terminalText } from '../report/sanitize.ts';
import type { AppContext } from './context.ts';

const text = notices('hostLock', {
  owner: '{command}, run {run}, pid {pid}, since {since}',
  busy: 'somebody else measures on this host: {owner}',
  busyReason: 'two measurements at once would measure each other',
  busyFix: 'wait for it with --wait, or end it:  kill -INT {pid}',
  busyUnseen:
    'wait for it with --wait; it runs in another PID namespace (a container) and cannot be seen from here; once you know that it has ended:  rm {file}',
  waiting: 'waiting for the end of {owner} (Ctrl-C to give up)',
  gaveUp: 'interrupted while waiting: nothing was measured',
});

/** How often it is looked whether the host is free, ms. */
const pollMs = 500;

/** Another user's file says who it is: what it holds is text and nothing else. */
function ownerOf({ command, runId, pid, since }: LockOwner): Message {
  return text.owner({
    command: terminalText(command),
    run: terminalText(runId),
    pid: String(pid),
    since: terminalText(since),
  });
}

/** Nobody is advised to end a process that a file of somebody else names and that was not looked at. */
function fixOf({ by, file, verified }: HostBusy): Message {
  return verified ? text.busyFix({ pid: String(by.pid) }) : text.busyUnseen({ file: terminalText(file) });
}

/**
 * Takes this host for a measurement. OcibenchError (exit 4) that names who has it, or, with `wait`, waits until it is free,
 * saying so once for every owner; an interrupt ends the waiting (exit 130). `runId` is asked for anew with every attempt, so
 * that it tells when the measurement began.
 */
export async function holdHost(
  { host, reporter, clock }: Pick<AppContext, 'host' | 'reporter' | 'clock'>,
  options: {
    readonly command: string;
    readonly runId: () => string;
    readonly wait: boolean;
    readonly interrupt: AbortSignal;
  },
): Promise<HostLock> {
  const { command, wait, interrupt } = options;
  let said = '';
  for (;;) {
    const answer = await host.lock({ command, runId: options.runId() });
    if (answer.kind === 'held') return answer;
    const owner = ownerOf(answer.by);
    if (!wait)
      throw new OcibenchError(text.busy({ owner }), {
        exitCode: exitCodes.busy,
        problems: [problemOf({ file: command, key: '' }, { message: text.busyReason, fix: fixOf(answer) })],
      });
    if (owner.text !== said) reporter.log(text.waiting({ owner }));
    said = owner.text;
    await clock.sleep(pollMs, interrupt).catch(() => {
      throw new OcibenchError(text.gaveUp, { exitCode: exitCodes.interrupted });
    });
  }
}
