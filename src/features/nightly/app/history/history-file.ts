import { join } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { holdDirectory } from '../../../../core/files/held-directory.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { lockHost } from '../../../../core/host/host-lock.ts';
import { shellWord } from '../../../../core/messages/command.ts';
import { external, listed } from '../../../../core/messages/compose.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import { exitCodes, formatProblem, OcibenchError, problemOf } from '../../../../core/model/failure/error.ts';
import { diskError } from '../../../../core/model/machine/disk-error.ts';
import type { UnreadEntry } from '../../history/exports/exporter.ts';
import type { HistoryLine } from '../../history/record.ts';
import { countedLines, type History } from '../../history/recorded-series.ts';
import { type DamagedLine, readHistory, unreadFiles } from './on-disk.ts';

const text = notices('historyFile', {
  damaged: '{problem}',
  hosts:
    'this history also holds nights of {n, plural, one {1 other host} other {{n} other hosts}} ({hosts}); series of different hosts are never compared',
  backwards: 'the clock went back: the last night of this host began at {last}, but it is now {now}',
  busy: 'another ocibench is writing to this history: {directory}',
});
const why = reasons('historyFile', {
  damagedLine: {
    message: 'line {line} is skipped: {why}',
    fix: 'restore it from a copy of the history; until then the line stays in the file, and all others count',
  },
  otherFile: {
    message: 'is not read, because it is not the file of a month',
    fix: 'if a file synchronisation made it, append its lines to {month} (a run that is there twice counts once); otherwise move it away',
  },
  laterLine: {
    message: 'line {line} is skipped: {why}',
    fix: 'use the ocibench that wrote it, or a later one; the line stays in the file',
  },
  stuck: {
    message: 'it was locked for {seconds} s',
    fix: 'wait, then try again; to see which process holds it:  fuser -v {lock}',
  },
});

/** A history, and the lines and files of it that cannot be read. */
export interface OpenHistory {
  readonly directory: string;
  readonly history: History;
  /** Lines that were skipped. */
  readonly damaged: readonly DamagedLine[];
  /** Those lines, and files that are not named as a month's, in the reader's language. */
  readonly unread: readonly UnreadEntry[];
}

/** Reads a history. A missing one is empty. */
export async function historyIn(directory: string, lang: Lang): Promise<OpenHistory> {
  const { lines, damaged } = await readHistory(directory);
  const unread = [
    ...damaged.map((line) => unreadLine(directory, line, lang)),
    ...(await unreadFiles(directory)).map(({ file, month }): UnreadEntry => {
      const path = join(directory, file);
      const problem = problemOf(path, why.otherFile({ month }));
      return { file: path, line: null, said: formatProblem(problem, lang) };
    }),
  ];
  return { directory, history: countedLines(lines), damaged, unread };
}

/** Reads a history, and warns of every line and file that cannot be used: where and why. */
export async function openHistory(
  { reporter, clock }: Pick<AppContext, 'reporter' | 'clock'>,
  directory: string,
): Promise<OpenHistory> {
  const opened = await historyIn(directory, reporter.lang);
  for (const { said } of opened.unread) reporter.warn(text.damaged({ problem: external(said) }));
  reportOddities(reporter, opened.history, clock.date().toISOString());
  return opened;
}

function unreadLine(directory: string, { file, line, why: reason }: DamagedLine, lang: Lang): UnreadEntry {
  const made = reason.id === 'history.future' ? why.laterLine : why.damagedLine;
  const path = join(directory, file);
  const problem = problemOf(path, made({ line: String(line), why: reason }));
  return { file: path, line, said: formatProblem(problem, lang) };
}

/** The valid lines of a history, without duplicates. */
export async function storedHistory(directory: string): Promise<History> {
  return countedLines((await readHistory(directory)).lines);
}

function reportOddities(reporter: AppContext['reporter'], { nights }: History, now: string): void {
  const here = hostIdentity();
  const others = [...new Set(nights.map(({ host }) => host))].filter((host) => host !== here);
  if (others.length > 0) reporter.log(text.hosts({ n: others.length, hosts: listed(others) }));
  const last = nights.findLast(({ host }) => host === here)?.at;
  if (last !== undefined && last > now) reporter.warn(text.backwards({ last, now }));
}

/** Lock file; no other program uses this name. */
const lockOf = (directory: string) => join(directory, '.ocibench-history.lock');

const pollMs = 200;
const patienceMs = 60_000;

/**
 * Appends lines to a history in one write, under its lock. OcibenchError if another process holds the lock for a minute (exit
 * 4), if root writes where another user could exchange the file (exit 2), or if the disk refuses the write.
 */
export async function appendLines(
  { clock, store }: Pick<AppContext, 'clock' | 'store'>,
  directory: string,
  lines: readonly HistoryLine[],
): Promise<void> {
  makeHistory(directory);
  const claim = { command: 'ocibench nightly', runId: 'history' };
  const until = clock.now() + patienceMs;
  for (;;) {
    const lock = await lockHost(claim, lockOf(directory));
    if (lock.kind === 'held') {
      await using _held = lock;
      return await store.appendByMonth(directory, lines);
    }
    if (clock.now() >= until)
      throw new OcibenchError(text.busy({ directory }), {
        exitCode: exitCodes.busy,
        problems: [
          problemOf(
            directory,
            why.stuck({ seconds: String(patienceMs / 1000), lock: shellWord(lockOf(directory)) }),
          ),
        ],
      });
    await clock.sleep(pollMs);
  }
}

function makeHistory(directory: string): void {
  try {
    holdDirectory(directory)[Symbol.dispose]();
  } catch (error) {
    throw diskError(directory, error);
  }
}
