import type { parseFlags, RunRequest } from '../../../core/config/command-line.ts';
import { setPair } from '../../../core/config/set-pair.ts';
import { readPlainFile } from '../../../core/files/plain-file.ts';
import { messages, reasons } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type ExitCode, exitCodes, type Problem, problemOf } from '../../../core/model/error.ts';

const runWordsWords = messages('launch', { afterDashes: 'after --' });
const why = reasons('launch', {
  ownWord: { message: 'is set by the launcher for each host', fix: 'remove it after --' },
});

/** The run of every host: arguments of `ocibench run` as typed, and as parsed. */
export interface LaunchRun extends ReturnType<typeof parseFlags> {
  readonly words: readonly string[];
}

/** Options of `ocibench run` that the launcher sets per host. */
const chosen = { out: '--out', resume: '--resume', until: '--until', json: '--json' } as const;

/**
 * The common arguments of `ocibench run` for every host. `given`: as typed; `request`: as parsed; `draw`: makes a seed if none
 * is given; `reserved`: further options that the launcher sets; `own`: its pairs of `--set`, with which others of a key clash.
 */
export function sameRun(
  given: readonly string[],
  request: RunRequest,
  draw: () => number,
  reserved: Readonly<Record<string, string>> = {},
  own: readonly string[] = ['progress=false'],
): { readonly words: readonly string[]; readonly problems: readonly Problem[] } {
  const taken = Object.entries({ ...chosen, ...reserved }).filter(
    ([name]) => request[name as keyof RunRequest] !== undefined,
  );
  const clashing = setKeysAmong(given, own).map((key) => ['', `--set ${key}`] as const);
  const problems = [...taken, ...clashing].map(([, key]) =>
    problemOf({ file: runWordsWords.afterDashes, key }, why.ownWord),
  );
  const seed = request.seed === undefined ? ['--set', `seed=${draw()}`] : [];
  return { words: [...given, ...seed], problems };
}

/** The keys of `--set` among words that say something else of a key than the launcher's own pairs. */
function setKeysAmong(words: readonly string[], own: readonly string[]): readonly string[] {
  const pairs = words.flatMap((word, at) =>
    word.startsWith('--set=') ? word.slice('--set='.length) : words[at - 1] === '--set' ? word : [],
  );
  const keysOf = (given: readonly string[]) => given.flatMap((pair) => setPair(pair)?.key ?? []);
  const ownKeys = keysOf(own);
  return keysOf(pairs.filter((pair) => !own.includes(pair))).filter((key) =>
    ownKeys.some((each) => `${each}.`.startsWith(`${key}.`)),
  );
}

/** A seed from the random end of a run's id. */
export function drawnSeed(id: string): number {
  return Number.parseInt(id.slice(-4), 16);
}

/** The last non-empty lines of a log; empty if it cannot be read. */
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

/** How a host's run ended. `given-up`: it never started. */
type HostState = 'ran' | 'some-failed' | 'failed' | 'interrupted' | 'given-up';

/** Result of one host of a launch. */
export interface HostEnd {
  readonly host: string;
  readonly state: HostState;
  /** Why it did not run; null if it ran. */
  readonly why: Message | null;
}

/** State for an exit code of `ocibench run`. A shell reports a signal as 128 + its number. */
export function stateOfExitCode(exitCode: number): HostState {
  if (exitCode === exitCodes.ok) return 'ran';
  if (exitCode === exitCodes.someFailed) return 'some-failed';
  return exitCode === exitCodes.interrupted || exitCode === 128 + 15 ? 'interrupted' : 'failed';
}

/** 0: all ran; 1: some failed, entirely or in part; 3: none ran; 130: interrupted by the user. */
export function exitCodeOfHosts(ends: readonly HostEnd[], interrupted: boolean): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  if (ends.every(({ state }) => state === 'ran')) return exitCodes.ok;
  const measured = ends.some(({ state }) => state === 'ran' || state === 'some-failed');
  return measured ? exitCodes.someFailed : exitCodes.noEngine;
}

const words = messages('launch', { exit: 'ocibench exited with code {code}; {log} ends with: {last}' });

/** Result of a host by its exit code; if it did not run, the reason is the end of its log. */
export async function endOfRun(host: string, exitCode: number, log: string): Promise<HostEnd> {
  const state = stateOfExitCode(exitCode);
  if (state === 'ran' || state === 'some-failed') return { host, state, why: null };
  const [last = ''] = await lastLines(log, 1);
  return { host, state, why: words.exit({ code: exitCode, log, last }) };
}
