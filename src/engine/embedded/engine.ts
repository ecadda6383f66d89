import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { embeddedDaemonJson } from '../../config/daemon-json.ts';
import { isRunning } from '../../host/process-identity.ts';
import { runRecord } from '../../host/run-registry.ts';
import { stateChoice } from '../../host/state-directory.ts';
import { notices, reasons } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { diskError, diskFullIn } from '../../model/disk-error.ts';
import { exitCodes, OcibenchError, problemOf } from '../../model/error.ts';
import type { RuntimeEntry } from '../../model/runtime.ts';
import { connectDocker } from '../docker/engine.ts';
import type { ContainerEngine } from '../engine.ts';
import { keepScratch } from '../kept-scratch.ts';
import { makeScratch, removeScratch, writeScratchFile } from '../scratch.ts';
import { type EngineProcess, endOrphans, engineProcesses } from './processes.ts';
import {
  containerdToml,
  daemonEnded,
  failedClosed,
  initScript,
  supervisorScript,
} from './supervisor-script.ts';

const text = notices('embedded', {
  processEnded: 'its {name} (pid {pid}) has ended',
  noInit: 'the embedded engine’s first process was not found',
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
  /** Which of its processes has ended since the start; null while all run. */
  lost(): Message | null;
  stop(): Promise<void>;
}

/** Environment variables passed to dockerd and the runtimes: they must not get tokens and passwords of the others. */
const passedOn = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'DOCKER_RAMDISK'] as const;

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

/** Network namespace of PID 1 of the engine's namespaces. */
function networkNamespaceOf(processes: readonly EngineProcess[]): string {
  const init = processes.find(({ name }) => name === 'init');
  if (init !== undefined) return `/proc/${init.pid}/ns/net`;
  throw new OcibenchError(text.noInit, { exitCode: exitCodes.noEngine });
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

/**
 * Starts dockerd and its containerd in mount, network and PID namespaces of their own: no bridge, iptables rule, mount
 * or process of theirs exists outside, and all end with the namespaces. `cgroup` is the run's cgroup
 * (`ocibench/<runId>`); its child `engine` must exist. `onKept`: the scratch directory is kept, and this is called with
 * its new path. OcibenchError (exit 3) with the end of the engine's log where the start fails.
 */
export async function startEmbedded(
  runId: string,
  cgroup: string,
  runtimes: readonly RuntimeEntry[],
  onKept?: (directory: string) => void,
): Promise<EmbeddedEngine> {
  const scratch = await makeScratch(runId);
  try {
    await writeScratchFile(scratch, 'daemon.json', embeddedDaemonJson(runtimes, daemonSettings(cgroup)));
    await writeScratchFile(scratch, 'containerd.toml', containerdToml(scratch));
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
    runRecord(runId),
    ...(onKept === undefined ? [] : ['keep']),
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
    if (onKept === undefined) await removeScratch(scratch);
    else onKept(await keepScratch(scratch));
  };
  try {
    const engine = await waitUntilReady(scratch, supervisor);
    const processes = await engineProcesses(scratch);
    const started = processes.filter(({ name }) => lasting.includes(name));
    return {
      engine,
      scratch,
      networkNamespace: networkNamespaceOf(processes),
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
