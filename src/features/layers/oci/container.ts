import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Container, EngineError } from '../../../core/engine/engine.ts';
import { privateCgroupView } from '../../../core/engine/private-directories.ts';
import { runProgram } from '../../../core/host/programs.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { RuntimeFacts } from '../../../core/model/runtime/runtime.ts';
import type { Params } from '../../../core/model/trial/cell.ts';
import { splitCgroup } from '../../../core/model/trial/split-cgroup.ts';
import type { Workload } from '../../../core/model/workload/workload.ts';
import { spawn } from '../../../core/programs/spawn.ts';
import { engineNeed } from '../engine-need.ts';
import {
  exitOf,
  foreground,
  type LaunchSpec,
  launch as launchProgram,
  launchWaiting,
  pour,
} from '../started-program.ts';

const keeperText = notices('layer.oci', {
  noView: 'the mount namespace of the runtimes could not be created: {said}',
});

/**
 * Holds a mount namespace with the root file systems of containers and a view of the cgroups that crun accepts.
 * Standard input is a pipe from the harness: when the harness ends for any reason, this kills the remaining containers
 * and runtimes of the run's trials, and the mounts end with the namespace.
 */
const script = `# usage: keeper SCRATCH [HIDDEN_DIR…] -- CGROUP_DIR…
scratch=$1
shift
trap '' INT TERM HUP QUIT PIPE
view=$scratch/cgroup-view
(
  set -e
${privateCgroupView}
  while [ "$1" != -- ]; do mount -t tmpfs -o mode=755 tmpfs "$1"; shift; done
) || exit 1
while [ "$1" != -- ]; do shift; done
shift
echo ready
exec >/dev/null
cat >/dev/null
find "$@" \\( -path '*/${splitCgroup.runtime}/cgroup.procs' -o -path '*/${splitCgroup.container}/*cgroup.procs' \\) \\
  -exec cat {} + 2>/dev/null | sort -u | while read -r pid; do kill -KILL "$pid" 2>/dev/null; done
`;

/** The process that holds the namespace. */
interface Keeper {
  /** Command prefix that enters the namespace. */
  readonly prefix: readonly string[];
  close(): Promise<void>;
}

/**
 * Starts the keeper; `cgroupDirs`: the run's cgroup in every hierarchy; `hidden`: directories of the host that are empty in
 * the namespace. Rejects with EngineError where a mount fails.
 */
export async function startKeeper(
  scratch: string,
  cgroupDirs: readonly string[],
  hidden: readonly string[] = [],
): Promise<Keeper> {
  const words = ['--mount', '--propagation', 'private', 'sh', '-c', script, 'ocibench-keeper', scratch];
  const child = spawn('unshare', [...words, ...hidden, '--', ...cgroupDirs], { detached: true });
  const ended = once(child, 'exit').catch(() => undefined);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ready = once(child.stdout, 'data').then(() => true);
  if (!(await Promise.race([ready, ended.then(() => false)])))
    throw new EngineError(keeperText.noView({ said: said.trim() }), null);
  // An open file, not the process id: if the keeper is killed, its id may be reused by another user's process.
  const namespace = openSync(`/proc/${child.pid}/ns/mnt`, 'r');
  return {
    prefix: ['nsenter', `--mount=/proc/${process.pid}/fd/${namespace}`, '--'],
    async close() {
      child.stdin.end();
      await ended;
      closeSync(namespace);
    },
  };
}

const commandText = notices('layer.oci', {
  noCommand: 'a runtime registered by runtimeType is a containerd shim without a command of its own',
  noNetwork: 'a runtime called directly creates no bridge network',
  noVolume: 'a runtime called directly has no volumes',
  noLog: 'a runtime called directly has no log driver',
  noPull: 'the image is one of Docker’s own; only images built from a recipe are unpacked',
});

const needs = {
  bridge: commandText.noNetwork,
  volume: commandText.noVolume,
  log: commandText.noLog,
  pull: commandText.noPull,
} as const;

/** Why a workload cannot be measured with the runtime alone; null where it can. */
export function unsupportedAlone(
  subject: { readonly workload: Workload; readonly params: Params },
  { entry }: Pick<RuntimeFacts, 'entry'>,
): Message | null {
  if (entry.runtimeType !== undefined) return commandText.noCommand;
  const need = engineNeed(subject);
  return need === null ? null : needs[need];
}

const text = notices('layer.oci', {
  failed: '{command}: {said}',
  noStats: 'a runtime called directly keeps no statistics',
});

/** Timeout of a runtime's command other than `run` and `exec`, ms. */
const verbLimitMs = 20_000;

/** A created container, and the means to call its runtime. */
export interface OciContainer {
  readonly id: string;
  readonly bundle: string;
  /** The runtime with its global arguments, in the namespace where the root file system is mounted. */
  readonly runtime: readonly string[];
  /** Command prefix that enters the namespace. */
  readonly prefix: readonly string[];
  /** The cgroup of the runtime's own processes in each hierarchy; empty: the harness's. */
  readonly runtimeCgroups: readonly string[];
  /** Unmounts and removes the bundle. */
  dispose(): Promise<void>;
}

/** The runtime's command with these words, for a start. */
export function programOf(
  { prefix, runtimeCgroups, runtime }: OciContainer,
  words: readonly string[],
): LaunchSpec {
  return { prefix, cgroups: runtimeCgroups, command: [...runtime, ...words] };
}

/** Calls the runtime, its command first. Rejects with EngineError that has the runtime's error text. */
export async function call(
  { prefix, runtime }: OciContainer,
  words: readonly string[],
  timeoutMs = verbLimitMs,
): Promise<void> {
  const [file = '', ...args] = [...prefix, ...runtime, ...words];
  const { exitCode, stdout, stderr } = await runProgram(file, args, { timeoutMs });
  if (exitCode === 0) return;
  throw runtimeError({ runtime }, words[0] ?? '', `${stderr}${stdout}`);
}

/** The error of a command of the runtime, with its own words. */
export function runtimeError(
  { runtime }: Pick<OciContainer, 'runtime'>,
  verb: string,
  said: string,
): EngineError {
  return new EngineError(text.failed({ command: `${runtime[0]} ${verb}`, said: said.trim() }), null);
}

/** The calls of a container that do not depend on how it was started. */
export function runtimeCalls(
  place: OciContainer,
): Pick<Container, 'kill' | 'pause' | 'unpause' | 'exec' | 'inspect' | 'stats'> {
  return {
    kill: () => call(place, ['kill', place.id, 'KILL']),
    pause: () => call(place, ['pause', place.id]),
    unpause: () => call(place, ['resume', place.id]),

    async exec(command, given) {
      const program = launchProgram(programOf(place, ['exec', place.id, ...command]));
      const [code] = await Promise.all([exitOf(program), pour(program, given)]);
      return code;
    },

    inspect: async () => ({ oomKilled: null, address: null }),

    stats: async () => {
      throw new EngineError(text.noStats, null);
    },
  };
}

/**
 * A container that its runtime's `run` will start; exit code and output of `run` are the program's. See {@link Container}.
 * Rejects with EngineError where no process can be prepared for it.
 */
export async function ociContainer(place: OciContainer): Promise<Container> {
  const waiting = await launchWaiting(programOf(place, ['run', '--bundle', place.bundle, place.id]));
  const { exited, running, isStarted, ...run } = foreground(waiting);

  return {
    id: place.id,
    ...runtimeCalls(place),
    ...run,

    async stop(graceSeconds) {
      await call(place, ['kill', place.id, 'TERM']);
      await Promise.race([exited, sleep(graceSeconds * 1_000, undefined, { ref: false })]);
      if (running() !== null) await call(place, ['kill', place.id, 'KILL']);
      await exited;
    },

    /** `run` removes its state when the program ends, so `delete` is needed only if it has not ended. */
    async remove() {
      if (!isStarted()) await waiting.abandon();
      if (running() !== null) {
        await call(place, ['delete', '--force', place.id]).catch(() => undefined);
        const pid = running()?.pid;
        if (pid !== undefined) process.kill(pid, 'SIGKILL');
        await Promise.race([exited, sleep(verbLimitMs, undefined, { ref: false })]).catch(() => undefined);
      }
      await place.dispose();
    },
  };
}
