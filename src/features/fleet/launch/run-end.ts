import type { parseFlags, RunRequest } from '../../../core/config/command-line.ts';
import { readPlainFile } from '../../../core/files/plain-file.ts';
import { messages, reasons } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type ExitCode, exitCodes, type Problem, problemOf } from '../../../core/model/error.ts';

const runWordsWords = messages('launch', { afterDashes: 'after --' });
const why = reasons('launch', {
  ownWord: { message: 'is what the launcher gives to each host', fix: 'leave it out after --' },
});

/** The run of every host: the arguments of `ocibench run` as typed, and what they say. */
export interface FleetRun extends ReturnType<typeof parseFlags> {
  readonly words: readonly string[];
}

/** Options of `ocibench run` that a launcher chooses for each host, by their name. */
const chosen = { out: '--out', resume: '--resume', until: '--until', json: '--json' } as const;

/**
 * The same arguments of `ocibench run` for every host. `given`: as typed, `request`: as parsed, `draw`: makes a seed where none is
 * given. `reserved`: further options that this launcher chooses.
 */
export function sameRun(
  given: readonly string[],
  request: RunRequest,
  draw: () => number,
  reserved: Readonly<Record<string, string>> = {},
): { readonly words: readonly string[]; readonly problems: readonly Problem[] } {
  const taken = Object.entries({ ...chosen, ...reserved }).filter(
    ([name]) => request[name as keyof RunRequest] !== undefined,
  );
  const problems = taken.map(([, key]) => problemOf({ file: runWordsWords.afterDashes, key }, why.ownWord));
  const seed = request.seed === undefined ? ['--seed', String(draw())] : [];
  return { words: [...given, ...seed], problems };
}

/** A seed from the random end of a run's id. */
export function drawnSeed(id: string): number {
  return Number.parseInt(id.slice(-4), 16);
}

/** The last lines of a log, without empty ones; none where it cannot be read. */
export async function lastLines(file: string, count: number): Promise<readonly string[]> {
  const text = await readPlainFile(file, { followLinks: false }).then(
    (bytes) => bytes.toString('utf8'),
    () => '',
  );
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
}

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

const words = messages('launch', { exit: 'ocibench ended with {code}; {log} ends with: {last}' });

/** The end of a host whose run ended with an exit code; where it did not run, the end of its log says why. */
export async function endOfRun(host: string, exitCode: number, log: string): Promise<HostEnd> {
  const state = stateOfExitCode(exitCode);
  if (state === 'ran' || state === 'some-failed') return { host, state, why: null };
  const [last = ''] = await lastLines(log, 1);
  return { host, state, why: words.exit({ code: exitCode, log, last }) };
}
