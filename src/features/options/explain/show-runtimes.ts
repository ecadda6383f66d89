import { glob } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { AppContext } from '../../../app/context.ts';
import type { ListedRuntime } from '../../../app/measure/engines.ts';
import { loadDaemonJson } from '../../../core/config/load-config.ts';
import { runtimesOf } from '../../../core/config/registered-runtimes.ts';
import { readPlainFile } from '../../../core/files/plain-file.ts';
import { findProgram } from '../../../core/files/programs.ts';
import { external } from '../../../core/messages/compose.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { misuse, OcibenchError, refusal } from '../../../core/model/failure/error.ts';
import { defaultDaemonJson } from '../../../core/model/runtime/engine-kind.ts';
import { text, why, words } from '../daemon-json/registry-text.ts';
import {
  type ContainerdRuntime,
  defaultContainerdConfig,
  parseContainerdConfig,
  type Registration,
  registrationsOf,
} from './registrations.ts';

/** Options of `ocibench runtimes show`. */
export interface ShowFlags {
  readonly daemonJson?: string;
  readonly containerdConfig?: string;
}

/** containerd's runtimes, from its file and the files it imports; null if there is no file. */
async function containerdRuntimes(file: string): Promise<readonly ContainerdRuntime[] | null> {
  const read = async (path: string) => {
    const parsed = parseContainerdConfig(
      (await readPlainFile(path, { followLinks: true })).toString('utf8'),
      path,
    );
    if (parsed.ok) return parsed;
    throw misuse(text.unusable({ file: path }), parsed.problems);
  };
  try {
    const main = await read(file);
    const found = [...main.runtimes];
    const patterns = main.imports.map((pattern) => resolve(dirname(file), pattern));
    for await (const imported of glob(patterns))
      if (imported !== file) found.push(...(await read(imported)).runtimes);
    return found;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (error instanceof OcibenchError) throw error;
    throw refusal(text.unusable({ file }), file, why.unreadable({ why: message }), error);
  }
}

/** The registrations of runtimes, and the places that were read. */
export interface RuntimePlaces {
  readonly registrations: readonly Registration[];
  readonly places: {
    readonly file: Message;
    readonly daemon: Message;
    readonly containerd: Message;
  };
}

/** The daemon's own list; a daemon that does not answer is a note, not an error. */
async function listedRuntimes({ engines }: AppContext): Promise<{
  readonly words: Message;
  readonly listed: readonly ListedRuntime[] | null;
}> {
  return engines.reachDocker().then(
    async ({ engine, shown, close }) => ({
      words: words.daemon({ version: engine.facts.version, endpoint: shown }),
      listed: await engine.runtimes().finally(close),
    }),
    (error: Error) => ({ listed: null, words: text.silent({ why: recalled(error, 'message') }) }),
  );
}

/**
 * Finds the registrations of runtimes (daemon.json, the daemon, containerd), and which of them Docker can use. OcibenchError
 * (exit 2) with all problems if a file cannot be read.
 */
export async function findRuntimePlaces(app: AppContext, flags: ShowFlags): Promise<RuntimePlaces> {
  const loaded = await loadDaemonJson(flags.daemonJson ?? null);
  const tomlFile = flags.containerdConfig ?? defaultContainerdConfig;
  const containerd = await containerdRuntimes(tomlFile);
  const daemon = await listedRuntimes(app);
  // Without a file nothing is registered: runtimes on PATH do not count.
  const entries = loaded === null ? [] : runtimesOf({ runtimes: {}, ...loaded.config }, nothingInstalled);
  const registrations = await registrationsOf(
    {
      file: entries.filter(({ origin }) => origin === 'daemon.json'),
      daemon: daemon.listed,
      containerd: containerd ?? [],
    },
    async (program) => (await findProgram(program)) !== null,
  );
  const file = loaded?.file ?? defaultDaemonJson;
  const places = {
    file: loaded === null ? words.absent({ file }) : external(file),
    daemon: daemon.words,
    containerd: containerd === null ? words.absent({ file: tomlFile }) : external(tomlFile),
  };
  return { registrations, places };
}

const nothingInstalled = { present: [], withoutNetwork: [] };
