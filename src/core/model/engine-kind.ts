import * as z from 'zod';
import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';
import { type EngineFacts, engineFactsSchema } from './host.ts';

/** A program of an engine, by the file that its process really executes. */
const engineProgramSchema = z.object({
  /** What it is to the engine. */
  role: z.enum(['dockerd', 'containerd', 'shim']),
  /** What `/proc/PID/exe` led to. */
  path: z.string(),
  /** As the engine or the program says; null where neither does. */
  version: z.string().nullable(),
  /** sha256 of the running file, hex; null where it could not be read. */
  sha256: z.string().nullable(),
});
export type EngineProgram = Readonly<z.infer<typeof engineProgramSchema>>;

/** A runtime as one of several engines finds it. */
const foundRuntimeSchema = z.object({
  /** Its name in daemon.json. */
  name: z.string(),
  /** Its program, by the PATH of the running containerd; null where there is none. */
  path: z.string().nullable(),
  /** As the program prints it; null where it does not. */
  version: z.string().nullable(),
  /** sha256 of the program, hex; null where there is none. */
  sha256: z.string().nullable(),
});

/** One of the engines that a run names, and what really ran. */
export const engineRecordSchema = z.object({
  /** Its name in cells. */
  name: z.string().min(1),
  facts: engineFactsSchema,
  /** dockerd, containerd and a shim while a container ran. */
  programs: z.array(engineProgramSchema),
  /** The runtimes of the run as this engine finds them. */
  runtimes: z.array(foundRuntimeSchema),
});
export type EngineRecord = Readonly<z.infer<typeof engineRecordSchema>>;

/** One of a run's engines, as it was asked for; values that may be secret are placeholders. */
export const askedEngineSchema = z.object({
  /** Its name in cells, tables and reports. */
  name: z.string().min(1),
  /** Directories that come before PATH where it looks for dockerd, and for all that dockerd starts. */
  path: z.array(z.string()),
  /** Directories that come before PATH where containerd, its shim and the runtimes are looked for. */
  containerd: z.array(z.string()),
  /** Variables of its environment, beside PATH. */
  env: z.record(z.string(), z.string()),
  /** Keys of its daemon.json. */
  daemonJson: z.record(z.string(), z.unknown()),
  /** Where it does not start, its rows say why and the run goes on; absent: the run ends. */
  optional: z.literal(true).optional(),
});

/** One of a run's engines as it is started. */
export type AskedEngine = Readonly<z.infer<typeof askedEngineSchema>>;

/** PATH with directories before it. */
export function pathWith(directories: readonly string[], path = ''): string {
  return [...directories, ...path.split(':').filter((directory) => directory !== '')].join(':');
}

const described = messages('section.setup.engine', {
  docker: 'the host’s daemon',
  embedded: 'private daemon',
  podman: 'started for the run',
  containerd: 'the host’s containerd, without Docker',
});

const restart = messages('preflight', {
  startAgain: 'then start ocibench again',
  restartDocker: 'then: systemctl restart docker',
});

const logs = messages('preflight', {
  andReadJournal: '{fix} ; read:  journalctl -u docker',
  andReadContainerd: '{fix} ; read:  journalctl -u containerd',
});

/** In what the kinds of engines differ for those who use them. */
export interface EngineTraits {
  /**
   * Does it exist for one run alone? Then its data, its cgroup and its containers are the run's own, and end with it. Else
   * others use it too, it was there before, and it stays.
   */
  readonly isPrivate: boolean;
  /** Does it get the runtimes when it is started? Else it says itself which it has. */
  readonly takesRuntimes: boolean;
  /** Has it networks of Docker's kind, on which containers reach each other? */
  readonly hasNetworks: boolean;
  /** Do the images of a run stay in it? */
  readonly keepsImages: boolean;
  /** How a changed registration of runtimes takes effect. */
  readonly restart: Message;
  /** Adds to a fix where the engine's log is; the embedded engine's log is shown when it is needed. */
  readonly andReadLog: (fix: Message) => Message;
  /** What it is, for the report. */
  readonly described: Message;
}

const traits: Readonly<Record<EngineFacts['kind'], EngineTraits>> = {
  docker: {
    isPrivate: false,
    takesRuntimes: false,
    hasNetworks: true,
    keepsImages: true,
    restart: restart.restartDocker,
    andReadLog: (fix) => logs.andReadJournal({ fix }),
    described: described.docker,
  },
  embedded: {
    isPrivate: true,
    takesRuntimes: true,
    hasNetworks: true,
    keepsImages: false,
    restart: restart.startAgain,
    andReadLog: (fix) => fix,
    described: described.embedded,
  },
  podman: {
    isPrivate: true,
    takesRuntimes: true,
    hasNetworks: false,
    keepsImages: false,
    restart: restart.startAgain,
    andReadLog: (fix) => fix,
    described: described.podman,
  },
  containerd: {
    isPrivate: false,
    takesRuntimes: true,
    hasNetworks: false,
    keepsImages: false,
    restart: restart.startAgain,
    andReadLog: (fix) => logs.andReadContainerd({ fix }),
    described: described.containerd,
  },
};

/** The traits of an engine of this kind. */
export function engineTraits({ kind }: Pick<EngineFacts, 'kind'>): EngineTraits {
  return traits[kind];
}

/** The product, as people call it. */
export function productOf({ product }: Pick<EngineFacts, 'product'>): string {
  return product ?? 'Docker';
}
