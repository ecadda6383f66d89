import type { AppContext } from '../../../app/context.ts';
import type { ListedRuntime } from '../../../app/measure/engines.ts';
import { loadDaemonJson } from '../../../core/config/load-config.ts';
import { runtimesOf } from '../../../core/config/registered-runtimes.ts';
import { findProgram } from '../../../core/files/programs.ts';
import { external } from '../../../core/messages/compose.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { defaultDaemonJson } from '../../../core/model/runtime/engine-kind.ts';
import { text, words } from '../daemon-json/registry-text.ts';
import { type Registration, registrationsOf } from './registrations.ts';

/** Options of `ocibench runtimes show`. */
export interface ShowFlags {
  readonly daemonJson?: string;
}

/** The registrations of runtimes, and the places that were read. */
export interface RuntimePlaces {
  readonly registrations: readonly Registration[];
  readonly places: {
    readonly file: Message;
    readonly daemon: Message;
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
 * Finds the registrations of runtimes (daemon.json, the daemon), and which of them Docker can use. OcibenchError
 * (exit 2) with all problems if a file cannot be read.
 */
export async function findRuntimePlaces(app: AppContext, flags: ShowFlags): Promise<RuntimePlaces> {
  const loaded = await loadDaemonJson(flags.daemonJson ?? null);
  const daemon = await listedRuntimes(app);
  // Without a file nothing is registered: runtimes on PATH do not count.
  const entries = loaded === null ? [] : runtimesOf({ runtimes: {}, ...loaded.config }, nothingInstalled);
  const registrations = await registrationsOf(
    {
      file: entries.filter(({ origin }) => origin === 'daemon.json'),
      daemon: daemon.listed,
    },
    async (program) => (await findProgram(program)) !== null,
  );
  const file = loaded?.file ?? defaultDaemonJson;
  const places = {
    file: loaded === null ? words.absent({ file }) : external(file),
    daemon: daemon.words,
  };
  return { registrations, places };
}

const nothingInstalled = { present: [], withoutNetwork: [] };
