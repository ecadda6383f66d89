import { glob } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  type ContainerdRuntime,
  defaultContainerdConfig,
  parseContainerdConfig,
} from '../config/containerd-toml.ts';
import { defaultDaemonJson, loadDaemonJson } from '../config/load-config.ts';
import { runtimesOf } from '../config/registered-runtimes.ts';
import { reachDocker } from '../engine/connect.ts';
import { readPlainFile } from '../files/plain-file.ts';
import { findProgram } from '../host/programs.ts';
import { runtimeLayers } from '../host/runtime-layers.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../model/error.ts';
import { messages } from '../report/messages/index.ts';
import { runtimeLayersTable } from '../report/runtime-layers-table.ts';
import { spokenLanguage } from './language.ts';
import { terminal } from './terminal.ts';

/** Options of `ocibench runtimes show`. */
export interface ShowFlags {
  readonly daemonJson?: string;
  readonly containerdConfig?: string;
  readonly json?: boolean;
}

/** containerd's runtimes, of its file and those it imports; null where there is no file. */
async function containerdRuntimes(file: string): Promise<readonly ContainerdRuntime[] | null> {
  const read = async (path: string) => {
    const parsed = parseContainerdConfig(
      (await readPlainFile(path, { followLinks: true })).toString('utf8'),
      path,
    );
    if (parsed.ok) return parsed;
    throw new OcibenchError(`${path} cannot be used`, {
      exitCode: exitCodes.misuse,
      problems: parsed.problems,
    });
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
    throw new OcibenchError(`${file} cannot be used`, {
      exitCode: exitCodes.misuse,
      problems: [{ file, key: '', message: `cannot be read: ${message}`, fix: 'run it as root' }],
      cause: error,
    });
  }
}

/**
 * `ocibench runtimes show`: where runtimes are registered (daemon.json, the daemon, containerd) and which of them
 * Docker can use. Exit 2 with all problems where a file cannot be read; a daemon that does not answer is only said.
 */
export async function showRuntimesCommand(flags: ShowFlags): Promise<ExitCode> {
  const lang = spokenLanguage();
  const m = messages(lang);
  const loaded = await loadDaemonJson(flags.daemonJson ?? null);
  const tomlFile = flags.containerdConfig ?? defaultContainerdConfig;
  const containerd = await containerdRuntimes(tomlFile);
  const daemon = await reachDocker().then(
    async ({ engine, shown, close }) => {
      const words = `Docker ${engine.facts.version}, ${shown}`;
      return { words, listed: await engine.runtimes().finally(close) };
    },
    (error: Error) => ({ listed: null, words: m.registry.silent(error.message) }),
  );
  // Without a file there is nothing registered: what is on PATH is not a layer.
  const entries = loaded === null ? [] : runtimesOf({ runtimes: {}, ...loaded.config }, nothingInstalled);
  const layers = await runtimeLayers(
    {
      file: entries.filter(({ origin }) => origin === 'daemon.json'),
      daemon: daemon.listed,
      containerd: containerd ?? [],
    },
    async (program) => (await findProgram(program)) !== null,
  );
  if (flags.json) {
    terminal.json(layers, 1);
    return exitCodes.ok;
  }
  const file = loaded?.file ?? defaultDaemonJson;
  const places = {
    file: loaded === null ? `${file} ${m.registry.absent}` : file,
    daemon: daemon.words,
    containerd: containerd === null ? `${tomlFile} ${m.registry.absent}` : tomlFile,
  };
  terminal.result(runtimeLayersTable(layers, places, lang));
  return exitCodes.ok;
}

const nothingInstalled = { present: [], withoutNetwork: [] };
