import type { BusyHost, HostLock } from '../../core/host/host-lock.ts';
import { shellWord } from '../../core/messages/command.ts';
import { notices } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import { exitCodes, OcibenchError, problemOf } from '../../core/model/failure/error.ts';
import { terminalText } from '../../report/document/sanitize.ts';
import type { AppContext } from '../context.ts';

const text = notices('hostLock', {
  owner: '{command}, run {run}, pid {pid}, since {since}',
  busy: 'another measurement is running on this host: {owner}',
  busyReason: 'two measurements at once would disturb each other',
  busyFix: 'wait for it with --set wait=true, or stop it:  kill -INT {pid}',
  busyUnseen:
    'wait for it with --set wait=true; it belongs to another user or runs in a container, and cannot be stopped from here',
  unnamed: 'an unnamed process that holds {file} (to see which:  fuser -v {file})',
  waiting: 'waiting for {owner} to end (Ctrl-C to give up)',
  gaveUp: 'interrupted while waiting: nothing was measured',
});

/** Pause before the next attempt once the host seems free, ms. Another waiting process may have been first. */
const settleMs = 500;

/** The owner may be another user's file, so everything in it is treated as plain text. */
function ownerOf({ by, file }: BusyHost): Message {
  if (by === null) return text.unnamed({ file: shellWord(terminalText(file)) });
  return text.owner({
    command: terminalText(by.command),
    run: terminalText(by.runId),
    pid: String(by.pid),
    since: terminalText(by.since),
  });
}

/** Advises to end a process only where the kernel says that it holds the lock: a file could name any process. */
function fixOf({ by, verified }: BusyHost): Message {
  return by !== null && verified ? text.busyFix({ pid: String(by.pid) }) : text.busyUnseen;
}

/**
 * Locks this host for a measurement. OcibenchError (exit 4) that names the owner where it is busy; with `wait`, waits
 * until it is free and logs each owner once. An interrupt ends the wait (exit 130). `runId` is called again for every
 * attempt, so that the id holds the time at which the measurement began.
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
    const owner = ownerOf(answer);
    if (!wait)
      throw new OcibenchError(text.busy({ owner }), {
        exitCode: exitCodes.busy,
        problems: [problemOf(command, { message: text.busyReason, fix: fixOf(answer) })],
      });
    if (owner.text !== said) reporter.log(text.waiting({ owner }));
    said = owner.text;
    // Waiting costs no processor time, which the other measurement would see.
    await answer.ended(interrupt);
    await clock.sleep(settleMs, interrupt).catch(() => {
      throw new OcibenchError(text.gaveUp, { exitCode: exitCodes.interrupted });
    });
  }
}
