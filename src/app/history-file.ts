import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { otherHandIn } from '../files/ownership.ts';
import { countedLines, type History } from '../history/nights.ts';
import { hostIdentity } from '../host/host-identity.ts';
import { lockHost } from '../host/host-lock.ts';
import { isRoot } from '../host/state-directory.ts';
import { external, listed } from '../messages/compose.ts';
import { notices, reasons } from '../messages/define.ts';
import { diskError } from '../model/disk-error.ts';
import { exitCodes, formatProblem, OcibenchError, problemOf } from '../model/error.ts';
import type { HistoryLine } from '../model/history.ts';
import { type DamagedLine, readHistory } from '../store/history.ts';
import type { AppContext } from './context.ts';

const text = notices('historyFile', {
  damaged: '{problem}',
  hosts:
    'this history holds nights of {n, plural, one {1 other host} other {{n} other hosts}} ({hosts}): each has series of its own, and none is compared with another',
  backwards: 'the clock went back: the last night of this host began at {last}, and it is {now} now',
  busy: 'another ocibench writes to this history: {directory}',
  others: 'a history that somebody else could change is not continued',
});
const why = reasons('historyFile', {
  damagedLine: {
    message: 'line {line} is left out: {why}',
    fix: 'restore it from a copy of the history if there is one; it stays where it is, and nothing else is lost',
  },
  laterLine: {
    message: 'line {line} is left out: {why}',
    fix: 'use the ocibench that wrote it, or a later one; it stays where it is, and nothing is lost',
  },
  stuck: {
    message: 'it was not free for {seconds} s',
    fix: 'wait for its end, or end it; its lock is .lock in that directory',
  },
  ownDirectory: { message: '{who}', fix: 'name another directory with --history' },
});

/** What a history holds, and what of it cannot be read. */
export interface OpenHistory {
  readonly directory: string;
  readonly history: History;
  readonly damaged: readonly DamagedLine[];
}

/** Reads a history, and says of every line that cannot be used where and why. A missing one is empty. */
export async function openHistory(
  { reporter, clock }: Pick<AppContext, 'reporter' | 'clock'>,
  directory: string,
): Promise<OpenHistory> {
  const { lines, damaged } = await readHistory(directory);
  for (const { file, line, why: reason } of damaged) {
    const made = reason.id === 'history.future' ? why.laterLine : why.damagedLine;
    const problem = problemOf(
      { file: join(directory, file), key: '' },
      made({ line: String(line), why: reason }),
    );
    reporter.warn(text.damaged({ problem: external(formatProblem(problem, reporter.lang)) }));
  }
  const history = countedLines(lines);
  reportOddities(reporter, history, clock.date().toISOString());
  return { directory, history, damaged };
}

/** The lines of a history that count. */
export async function storedHistory(directory: string): Promise<History> {
  return (await quietHistory(directory)).history;
}

/** The same as {@link openHistory}, where it has been said already what cannot be read. */
export async function quietHistory(directory: string): Promise<OpenHistory> {
  const { lines, damaged } = await readHistory(directory);
  return { directory, history: countedLines(lines), damaged };
}

function reportOddities(reporter: AppContext['reporter'], { nights }: History, now: string): void {
  const here = hostIdentity();
  const others = [...new Set(nights.map(({ host }) => host))].filter((host) => host !== here);
  if (others.length > 0) reporter.log(text.hosts({ n: others.length, hosts: listed(others) }));
  const last = nights.findLast(({ host }) => host === here)?.at;
  if (last !== undefined && last > now) reporter.warn(text.backwards({ last, now }));
}

const pollMs = 200;
const patienceMs = 60_000;

/**
 * Appends lines to a history, all together, while no other process does. OcibenchError where another process holds it for a minute
 * (exit 4), where another user could exchange it under root (exit 2), or where the disk refuses it.
 */
export async function appendLines(
  { clock, store }: Pick<AppContext, 'clock' | 'store'>,
  directory: string,
  lines: readonly HistoryLine[],
): Promise<void> {
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    throw diskError(directory, error);
  });
  await refuseOthersHistory(directory);
  const claim = { command: 'ocibench nightly', runId: 'history' };
  const until = clock.now() + patienceMs;
  for (;;) {
    const lock = await lockHost(claim, join(directory, '.lock'));
    if (lock.kind === 'held') {
      await using _held = lock;
      return await store.appendHistory(directory, lines);
    }
    if (clock.now() >= until)
      throw new OcibenchError(text.busy({ directory }), {
        exitCode: exitCodes.busy,
        problems: [
          problemOf({ file: directory, key: '' }, why.stuck({ seconds: String(patienceMs / 1000) })),
        ],
      });
    await clock.sleep(pollMs);
  }
}

async function refuseOthersHistory(directory: string): Promise<void> {
  if (!isRoot()) return;
  const who = await otherHandIn([directory]);
  if (who === null) return;
  throw new OcibenchError(text.others, {
    exitCode: exitCodes.misuse,
    problems: [problemOf({ file: directory, key: '' }, why.ownDirectory({ who }))],
  });
}
