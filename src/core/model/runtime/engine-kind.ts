import * as z from 'zod';
import { messages } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { type EngineFacts, engineFactsSchema } from '../machine/host.ts';
import { categorySchema } from '../workload/metric.ts';

/** A program of an engine, by the file that its process really executes. */
const engineProgramSchema = z.object({
  /** Its role for the engine. */
  role: z.enum(['dockerd', 'containerd', 'shim']),
  /** Target of the link `/proc/PID/exe`. */
  path: z.string(),
  /** Version that the engine or the program reports; null where neither does. */
  version: z.string().nullable(),
  /** sha256 of the running file, hex; null where it could not be read. */
  sha256: z.string().nullable(),
});
export type EngineProgram = Readonly<z.infer<typeof engineProgramSchema>>;

/** A runtime as found by one of several engines. */
const foundRuntimeSchema = z.object({
  /** Its name in daemon.json. */
  name: z.string(),
  /** Its program, by the PATH of the running containerd; null where there is none. */
  path: z.string().nullable(),
  /** Version that the program prints; null where it prints none. */
  version: z.string().nullable(),
  /** sha256 of the program, hex; null where there is none. */
  sha256: z.string().nullable(),
});

/** One of the engines that a run names, and the programs that actually ran. */
export const engineRecordSchema = z.object({
  /** Its name in cells. */
  name: z.string().min(1),
  facts: engineFactsSchema,
  /** dockerd, containerd and a shim, observed while a container ran. */
  programs: z.array(engineProgramSchema),
  /** The runtimes of the run as found by this engine. */
  runtimes: z.array(foundRuntimeSchema),
});
export type EngineRecord = Readonly<z.infer<typeof engineRecordSchema>>;

/** One of a run's engines as configured; values that may be secret are placeholders. */
export const askedEngineSchema = z.object({
  /** Its name in cells, tables and reports. */
  name: z.string().min(1),
  /** Directories that precede PATH for dockerd and every program that dockerd starts. */
  path: z.array(z.string()),
  /** Directories that precede PATH for containerd, its shim and the runtimes. */
  containerd: z.array(z.string()),
  /** Additional environment variables, without PATH. */
  env: z.record(z.string(), z.string()),
  /** Keys of its daemon.json. */
  daemonJson: z.record(z.string(), z.unknown()),
  /** Whether the run goes on where it does not start; its rows then say why. Absent: the run ends. */
  optional: z.literal(true).optional(),
  /** Categories of the run's workloads that are measured in it. Absent: all. */
  categories: z.array(categorySchema).min(1).max(categorySchema.options.length).optional(),
});

/** The engine with the actual values, as it is started. */
export type EngineRequest = Readonly<z.infer<typeof askedEngineSchema>>;

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
  restartRootless: 'then, as the user of that daemon: systemctl --user restart docker',
  restartPodman: 'then: systemctl restart podman',
  restartOwnPodman: 'then, as the user of that podman: systemctl --user restart podman',
});

const logs = messages('preflight', {
  andReadJournal: '{fix} ; read:  journalctl -u docker',
  andReadContainerd: '{fix} ; read:  journalctl -u containerd',
});

/** Differences between kinds of engines that affect their users. */
export interface EngineTraits {
  /**
   * True if the engine exists for one run only: its data, cgroup and containers are the run's own and end with it.
   * False if it is shared, existed before and stays.
   */
  readonly isPrivate: boolean;
  /** True if the engine gets its runtimes when it is started; false if it reports which ones it has. */
  readonly takesRuntimes: boolean;
  /** Does it have networks like Docker's, on which containers reach each other? */
  readonly hasNetworks: boolean;
  /** Do the images of a run stay in it? */
  readonly keepsImages: boolean;
  /** Adds the location of the engine's log to a fix; the embedded engine's log is shown when it is needed. */
  readonly andReadLog: (fix: Message) => Message;
  /** Description of the engine, for the report. */
  readonly described: Message;
}

const traits: Readonly<Record<EngineFacts['kind'], EngineTraits>> = {
  docker: {
    isPrivate: false,
    takesRuntimes: false,
    hasNetworks: true,
    keepsImages: true,
    andReadLog: (fix) => logs.andReadJournal({ fix }),
    described: described.docker,
  },
  embedded: {
    isPrivate: true,
    takesRuntimes: true,
    hasNetworks: true,
    keepsImages: false,
    andReadLog: (fix) => fix,
    described: described.embedded,
  },
  podman: {
    isPrivate: true,
    takesRuntimes: true,
    hasNetworks: false,
    keepsImages: false,
    andReadLog: (fix) => fix,
    described: described.podman,
  },
  containerd: {
    isPrivate: false,
    takesRuntimes: true,
    hasNetworks: false,
    keepsImages: false,
    andReadLog: (fix) => logs.andReadContainerd({ fix }),
    described: described.containerd,
  },
};

/** The traits of an engine of this kind. */
export function engineTraits({ kind }: Pick<EngineFacts, 'kind'>): EngineTraits {
  return traits[kind];
}

/** The name of the product. */
export function productOf({ product }: Pick<EngineFacts, 'product'>): string {
  return product ?? 'Docker';
}

/** The system's daemon reads this file, and an engine that ocibench starts takes its runtimes from it. */
export const defaultDaemonJson = '/etc/docker/daemon.json';

/** Where a daemon reads its settings by default, and how to make a change there take effect. */
export function daemonSettings(engine: Pick<EngineFacts, 'kind' | 'product' | 'hidden'>): {
  readonly file: string;
  readonly restart: Message;
} {
  if (engine.kind !== 'docker') return { file: defaultDaemonJson, restart: restart.startAgain };
  const rootless = engine.hidden === 'rootless';
  if (engine.product === 'Podman')
    return rootless
      ? { file: '~/.config/containers/containers.conf', restart: restart.restartOwnPodman }
      : { file: '/etc/containers/containers.conf', restart: restart.restartPodman };
  return rootless
    ? { file: '~/.config/docker/daemon.json', restart: restart.restartRootless }
    : { file: defaultDaemonJson, restart: restart.restartDocker };
}
