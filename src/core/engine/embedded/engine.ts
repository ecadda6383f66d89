import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedDaemonJson } from '../../config/daemon-json.ts';
import { isRunning } from '../../host/process-identity.ts';
import { runProgram } from '../../host/programs.ts';
import { runRecord } from '../../host/run-registry.ts';
import { sha256Of } from '../../host/sha256.ts';
import { stateChoice } from '../../host/state-directory.ts';
import { notices, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { exitCodes, OcibenchError, problemOf } from '../../model/failure/error.ts';
import { diskError, diskFullIn } from '../../model/machine/disk-error.ts';
import { type EngineProgram, type EngineRequest, pathWith } from '../../model/runtime/engine-kind.ts';
import type { RuntimeEntry } from '../../model/runtime/runtime.ts';
import { spawn } from '../../programs/spawn.ts';
import { connectDocker } from '../docker/engine.ts';
import type { ContainerEngine } from '../engine.ts';
import { engineScratchName, makeScratch, removeScratch, writeScratchFile } from '../scratch.ts';
import {
  containerdToml,
  daemonEnded,
  type EngineProcess,
  endOrphans,
  engineProcesses,
  environmentFile,
  failedClosed,
  initScript,
  remapped,
  supervisorScript,
} from './supervisor-script.ts';

/** Parses the text of /proc/PID/environ. */
export function parseEnvironment(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split('\0').flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
    }),
  );
}

/** The environment of a running process; rejects where it cannot be read. */
async function environmentOf({ pid }: Pick<EngineProcess, 'pid'>): Promise<Readonly<Record<string, string>>> {
  return parseEnvironment(await readFile(`/proc/${pid}/environ`, 'utf8'));
}

/** Role of a process by the name of its program; null for ocibench's own. */
function roleOf(name: string): EngineProgram['role'] | null {
  if (name === 'dockerd' || name === 'containerd') return name;
  return name.startsWith('containerd-shim-') ? 'shim' : null;
}

/** Version that a shim reports; null where it reports none. */
async function shimVersion(path: string): Promise<string | null> {
  const { exitCode, stdout } = await runProgram(path, ['-v'], { timeoutMs: 5_000 });
  return exitCode === 0 ? (/^\s*Version:\s*(\S+)/m.exec(stdout)?.[1] ?? null) : null;
}

/**
 * The programs that an engine's processes execute now, each once. They are read from the processes, because containerd searches
 * its own directory before PATH. `versions`: as reported by the engine.
 */
async function runningPrograms(
  scratch: string,
  versions: { readonly dockerd: string; readonly containerd: string | null },
): Promise<readonly EngineProgram[]> {
  const found = new Map<string, EngineProgram>();
  for (const { pid, name } of await engineProcesses(scratch)) {
    const role = roleOf(name);
    const path = role === null ? null : await readlink(`/proc/${pid}/exe`).catch(() => null);
    if (role === null || path === null || found.has(`${role} ${path}`)) continue;
    const version = role === 'shim' ? await shimVersion(path) : versions[role];
    const sha256 = await sha256Of(`/proc/${pid}/exe`).catch(() => null);
    found.set(`${role} ${path}`, { role, path, version, sha256 });
  }
  const order = ['dockerd', 'containerd', 'shim'];
  return [...found.values()].toSorted((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
}

const text = notices('embedded', {
  processEnded: 'its {name} (pid {pid}) has ended',
  noInit: 'a process of the embedded engine was not found: {name}',
  notCovered: 'the embedded engine was not started: it would write to the host’s own files',
  notStarted: 'the embedded engine did not start; its log ends with:\n{log}',
});

const uncovered = reasons('embedded', {
  uncovered: {
    message: '{said}',
    fix: 'keep the state on a file system that can hold an overlay (ext4, xfs, btrfs, tmpfs):  {choice}',
  },
});

const startLimitMs = 60_000;
const stopLimitMs = 30_000;

/** A private dockerd that runs as long as this process, or until `stop`. */
export interface EmbeddedEngine {
  readonly engine: ContainerEngine;
  /** Scratch directory of the run; also holds the trials' bind-mount sources. Removed by `stop`. */
  readonly scratch: string;
  /** File of the network namespace with its bridge. */
  readonly networkNamespace: string;
  /** Environment in which its shims look for the runtimes. */
  readonly environment: Readonly<Record<string, string>>;
  /** The programs that its processes execute now. */
  programs(): Promise<readonly EngineProgram[]>;
  /** Which of its processes has ended since the start; null while all run. */
  lost(): Message | null;
  stop(): Promise<void>;
}

/** The only environment variables passed to dockerd and the runtimes: others may contain tokens and passwords. */
const passedOn = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'DOCKER_RAMDISK'] as const;

/** The environment of the embedded engine. */
export function engineEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    passedOn.flatMap((name) => (name in environment ? [[name, environment[name]]] : [])),
  );
}

/** Last lines of the engine's log, which say why it did not start. */
async function logTail(scratch: string): Promise<string> {
  const text = await readFile(join(scratch, 'engine.log'), 'utf8').catch(() => '');
  return text.trim().split('\n').slice(-8).join('\n');
}

/** The engine's permanent processes, independent of containers. */
const lasting = ['supervisor', 'init', 'dockerd', 'containerd'];

/** A process of a running engine. OcibenchError (exit 3) where it was not found. */
function processNamed(processes: readonly EngineProcess[], name: string): EngineProcess {
  const found = processes.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new OcibenchError(text.noInit({ name }), { exitCode: exitCodes.noEngine });
}

/** Environment file of each daemon of an engine that the run names; empty where it names none. */
function environmentFiles(asked: EngineRequest | null): Readonly<Record<'dockerd' | 'containerd', string>> {
  if (asked === null) return { dockerd: '', containerd: '' };
  const { path, containerd, env } = asked;
  const file = (directories: readonly string[]) =>
    environmentFile({ ...env, PATH: pathWith(directories, process.env.PATH) });
  return { dockerd: file(path), containerd: file(containerd) };
}

/** Are its containers' users mapped to other users of the host (userns-remap)? */
function remapsUsers(asked: EngineRequest | null): boolean {
  const user = asked?.daemonJson['userns-remap'];
  return typeof user === 'string' && user !== '';
}

async function waitUntilReady(scratch: string, supervisor: ChildProcess): Promise<ContainerEngine> {
  const socketPath = join(scratch, 'docker.sock');
  const deadline = performance.now() + startLimitMs;
  for (;;) {
    try {
      return await connectDocker(
        { socketPath },
        { kind: 'embedded', endpoint: `unix://${socketPath}`, transport: 'unix' },
      );
    } catch (error) {
      const log = await logTail(scratch);
      const ended = daemonEnded.test(log) || failedClosed.test(log);
      const over = ended || supervisor.exitCode !== null || supervisor.signalCode !== null;
      if (over || performance.now() > deadline) throw await startFailure(scratch, error);
      await sleep(50);
    }
  }
}

/** The error of a failed start: the end of the log, or how to free space where it shows a full disk. */
async function startFailure(scratch: string, cause: unknown): Promise<unknown> {
  const log = await logTail(scratch);
  const code = diskFullIn(log);
  if (code !== null) return diskError(scratch, { code }, stateChoice);
  const said = failedClosed.exec(log)?.[0];
  if (said !== undefined)
    return new OcibenchError(text.notCovered, {
      exitCode: exitCodes.noEngine,
      problems: [problemOf({ file: scratch, key: '' }, uncovered.uncovered({ said, choice: stateChoice }))],
      cause,
    });
  return new OcibenchError(text.notStarted({ log }), { exitCode: exitCodes.noEngine, cause });
}

/**
 * ocibench's keys of daemon.json. The cgroup driver is set because on a v2 host with systemd dockerd would choose
 * slices, and refuse a parent that is a path.
 */
export function daemonSettings(cgroup: string) {
  return { 'cgroup-parent': `/${cgroup}/other`, 'exec-opts': ['native.cgroupdriver=cgroupfs'] };
}

/** Checkpoints need dockerd's experimental features, which change nothing for a container; an engine's own key counts. */
const defaultSettings = { experimental: true };

/** Options of the start of an embedded engine. */
export interface EmbeddedOptions {
  readonly runId: string;
  /** Its cgroup, whose child `engine` exists: `ocibench/<runId>`, or one below it for all but the first of a run. */
  readonly cgroup: string;
  readonly runtimes: readonly RuntimeEntry[];
  /** Its number among the engines of the run, from 1. */
  readonly number: number;
  /** null: an engine from this host's PATH without own settings. */
  readonly asked: EngineRequest | null;
}

/**
 * Starts dockerd and its containerd in mount, network and PID namespaces of their own: no bridge, iptables rule, mount or
 * process of theirs exists outside, and all end with the namespaces. Several engines can run at the same time. OcibenchError
 * (exit 3) with the end of the engine's log where the start fails.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedEngine> {
  const { runId, cgroup, runtimes, number, asked } = options;
  const scratch = await makeScratch(engineScratchName(runId, number));
  try {
    const settings = { ...defaultSettings, ...asked?.daemonJson, ...daemonSettings(cgroup) };
    await writeScratchFile(scratch, 'daemon.json', embeddedDaemonJson(runtimes, settings));
    await writeScratchFile(scratch, 'containerd.toml', containerdToml(scratch));
    if (remapsUsers(asked)) await writeScratchFile(scratch, remapped, '');
    for (const [daemon, file] of Object.entries(environmentFiles(asked)))
      await writeScratchFile(scratch, `${daemon}.env`, file);
  } catch (error) {
    await removeScratch(scratch);
    throw error;
  }
  const words = [
    '-c',
    supervisorScript,
    'ocibench-supervisor',
    scratch,
    cgroup,
    initScript,
    // The first engine's supervisor removes the record, after it has waited for all cgroups of the run.
    number === 1 ? runRecord(runId) : '',
  ];
  const supervisor = spawn('sh', words, {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: engineEnvironment(process.env),
  });
  const exited = once(supervisor, 'exit');
  const stop = async () => {
    supervisor.stdin?.end();
    if (supervisor.exitCode === null && supervisor.signalCode === null)
      await Promise.race([exited, sleep(stopLimitMs, undefined, { ref: false })]);
    // Killing a supervisor ends its engine but leaves the files.
    await endOrphans(scratch);
    await removeScratch(scratch);
  };
  try {
    const engine = await waitUntilReady(scratch, supervisor);
    const processes = await engineProcesses(scratch);
    const started = processes.filter(({ name }) => lasting.includes(name));
    return {
      engine,
      scratch,
      networkNamespace: `/proc/${processNamed(processes, 'init').pid}/ns/net`,
      environment: await environmentOf(processNamed(processes, 'containerd')),
      programs: () => {
        const { version: dockerd, containerdVersion: containerd } = engine.facts;
        return runningPrograms(scratch, { dockerd, containerd });
      },
      lost() {
        const gone = started.find((each) => !isRunning(each));
        return gone === undefined ? null : text.processEnded({ name: gone.name, pid: String(gone.pid) });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
