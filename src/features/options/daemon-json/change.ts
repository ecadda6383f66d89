import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { ListedRuntime } from '../../../app/measure/engines.ts';
import { type HostLock, lockHost } from '../../../core/host/host-lock.ts';
import { external } from '../../../core/messages/compose.ts';
import type { Message } from '../../../core/messages/message.ts';
import { exitCodes, OcibenchError, problemOf, refusal } from '../../../core/model/failure/error.ts';
import { syncDirectory } from '../../../core/store/files.ts';
import {
  backUp,
  ChangedMeanwhile,
  exchangeHostFile,
  type HostFile,
  isWrittenSince,
  lockOfHostFile,
  removeMiddleBackups,
  stage,
} from './daemon-file.ts';
import { text, why } from './registry-text.ts';

/** The daemon that reads the file; replaced in tests. */
export interface ReloadableDaemon {
  /** Asks the daemon to reload its file; resolves before it has. */
  reload(): Promise<void>;
  listed(): Promise<readonly ListedRuntime[]>;
}

/** A new text for daemon.json, with a test of whether the daemon applied it. */
export interface DaemonChange {
  readonly file: HostFile;
  readonly text: string;
  /** The text that undoes an addition: without the key `runtimes` the daemon would keep it (see `withoutRuntime`). */
  readonly undoing: string;
  /** Does the daemon's list of runtimes show the change? */
  arrived(listed: readonly ListedRuntime[]): boolean;
}

export interface ChangeOptions {
  /** dockerd's complaint about the file at this path; null if it accepts the file. */
  validate(path: string): Promise<string | null>;
  /** What a private dockerd says that does not start with the new text; null if it starts, or cannot be tried. */
  tryStart(): Promise<string | null>;
  /** null: change the file only. */
  readonly daemon: ReloadableDaemon | null;
  readonly now: Date;
  /** Aborted by Ctrl-C, which rolls a started change back. */
  readonly signal: AbortSignal;
  /** Timeout for the daemon to show the change, ms. */
  readonly limitMs?: number;
}

const pollMs = 100;
const usualLimitMs = 15_000;

const byName = (listed: readonly ListedRuntime[]) =>
  listed.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** Reloads the daemon and waits until `arrived`; on a timeout or failure, returns the reason. */
async function reloadUntil(
  daemon: ReloadableDaemon,
  arrived: (listed: readonly ListedRuntime[]) => boolean,
  { limitMs = usualLimitMs, signal }: Pick<ChangeOptions, 'limitMs'> & { signal?: AbortSignal },
): Promise<Message | null> {
  const deadline = performance.now() + limitMs;
  let trouble = text.notSeen({ seconds: limitMs / 1000 });
  try {
    await daemon.reload();
  } catch (error) {
    return external((error as Error).message);
  }
  do {
    if (signal?.aborted) return text.interrupted;
    try {
      if (arrived(await daemon.listed())) return null;
    } catch (error) {
      trouble = external((error as Error).message);
    }
    await sleep(pollMs);
  } while (performance.now() < deadline);
  return trouble;
}

/** Replaces content `was` by `text`; null: no file. */
async function put(file: HostFile, was: string | null, text: string | null): Promise<void> {
  const staged = text === null ? null : await stage(file, text);
  try {
    await exchangeHostFile(file.path, was, staged);
    await syncDirectory(dirname(file.path));
  } catch (error) {
    if (staged !== null) await rm(staged, { force: true });
    throw error;
  }
}

/** Restores the file and the daemon; returns what happened, as a sentence for the user. */
async function rollBack(
  { file, text: written, undoing }: DaemonChange,
  was: readonly ListedRuntime[],
  daemon: ReloadableDaemon,
  backup: string | null,
  options: Pick<ChangeOptions, 'limitMs'>,
): Promise<Message> {
  let trouble: Message | null = null;
  try {
    await put(file, written, undoing);
    trouble = await reloadUntil(daemon, (listed) => isDeepStrictEqual(byName(listed), byName(was)), options);
    if (undoing !== file.text) await put(file, undoing, file.text);
  } catch (error) {
    const reason =
      error instanceof ChangedMeanwhile ? why.changedMeanwhile.message : (error as Error).message;
    return text.fileNotRestored({ why: reason, backup: backup ?? text.noBackup });
  }
  if (trouble !== null) return text.notRolledBack({ why: trouble });
  if (backup !== null && !isWrittenSince(file, backup)) await rm(backup, { force: true });
  return text.rolledBack;
}

/** Result of a change. */
export interface ChangeResult {
  /** Path of the backup of the old file; null: there was no file. */
  readonly backup: string | null;
  /** Path of the oldest backup, the file before the first change; null: there was no file. */
  readonly oldest: string | null;
  /** Did another program write to the old file after it was read? Then the backup contains that text. */
  readonly late: boolean;
  /** Other runtimes that the reload added or removed, since the daemon had not read the latest file. */
  readonly others: readonly string[];
}

function namesThatDiffer(a: readonly ListedRuntime[], b: readonly ListedRuntime[]): readonly string[] {
  const within = (one: ListedRuntime, list: readonly ListedRuntime[]) =>
    list.some((other) => isDeepStrictEqual(other, one));
  const differing = [...a.filter((one) => !within(one, b)), ...b.filter((one) => !within(one, a))];
  return [...new Set(differing.map(({ name }) => name))];
}

const patienceMs = 60_000;

/** Waits until no other ocibench changes the file. OcibenchError (exit 4) on a timeout. */
async function lockFile(file: HostFile, signal: AbortSignal, title: Message): Promise<HostLock> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const claim = { command: 'ocibench runtimes', runId: 'daemon.json' };
  for (;;) {
    const lock = await lockHost(claim, lockOfHostFile(file.path));
    if (lock.kind === 'held') return lock;
    await lock.ended(patience);
    if (patience.aborted)
      throw new OcibenchError(title, {
        exitCode: exitCodes.busy,
        problems: [problemOf(file.path, why.busy)],
      });
  }
}

/** Lets dockerd validate and a private one start with the new file, and puts it into place. OcibenchError if that fails: then nothing was changed. */
async function replace(
  { file, text: wanted }: DaemonChange,
  { validate, tryStart, now, signal }: ChangeOptions,
  title: Message,
): Promise<{ readonly lock: HostLock; readonly backup: string | null }> {
  await using undo = new AsyncDisposableStack();
  try {
    const staged = await stage(file, wanted);
    undo.defer(() => rm(staged, { force: true }));
    const complaint = await validate(staged);
    if (complaint !== null) throw refusal(title, file.path, why.invalid({ said: complaint }));
    const said = await tryStart();
    if (said !== null) throw refusal(title, file.path, why.doesNotStart({ said, file: file.path }));
    const lock = undo.use(await lockFile(file, signal, title));
    const backup = await backUp(file, now);
    if (backup !== null) undo.defer(() => rm(backup, { force: true }));
    await exchangeHostFile(file.path, file.text, staged);
    undo.move();
    await syncDirectory(dirname(file.path));
    return { lock, backup };
  } catch (error) {
    if (error instanceof OcibenchError) throw error;
    const reason =
      error instanceof ChangedMeanwhile
        ? why.changedMeanwhile
        : why.notWritten({ why: (error as Error).message });
    throw refusal(title, file.path, reason, error);
  }
}

/**
 * Changes daemon.json under a running daemon: lets dockerd validate it and a private one start with it before anything is touched, keeps the old file,
 * replaces it atomically, reloads, and checks the daemon's own list. OcibenchError: exit 2 if nothing was changed; exit 1 if a
 * change failed, with the result of the rollback.
 */
export async function changeDaemonJson(
  change: DaemonChange,
  options: ChangeOptions,
  title: Message,
): Promise<ChangeResult> {
  const { file } = change;
  const { daemon } = options;
  const was = (await daemon?.listed()) ?? [];
  const { lock, backup } = await replace(change, options, title);
  await using _lock = lock;
  const trouble = daemon === null ? null : await reloadUntil(daemon, change.arrived, options);
  if (daemon === null || trouble === null) {
    const others = daemon === null ? [] : namesThatDiffer(was, await daemon.listed());
    const oldest = await removeMiddleBackups(file.path);
    return { backup, oldest, late: isWrittenSince(file, backup), others };
  }
  const outcome = await rollBack(change, was, daemon, backup, options);
  throw new OcibenchError(text.failed({ title, outcome }), {
    exitCode: exitCodes.someFailed,
    problems: [problemOf(file.path, { message: trouble, fix: text.seeLog })],
  });
}
