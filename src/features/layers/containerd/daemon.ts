import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { engineEnvironment } from '../../../core/engine/embedded/engine.ts';
import { daemonEnded } from '../../../core/engine/embedded/supervisor-script.ts';
import { EngineError } from '../../../core/engine/engine.ts';
import { privateCgroupView, privateDirectories } from '../../../core/engine/private-directories.ts';
import { writeScratchFile } from '../../../core/engine/scratch.ts';
import { notices } from '../../../core/messages/define.ts';
import { spawn } from '../../../core/programs/spawn.ts';

const text = notices('layer.containerd', {
  notStarted: 'containerd did not start; its log ends with:\n{log}',
});

/** Timeouts of its start and its end, ms. */
const startLimitMs = 30_000;
const stopLimitMs = 10_000;
const logFile = 'containerd.log';
const snapshotterFile = 'snapshotter';

/**
 * PID 1 of namespaces that are containerd's own. Standard input is a pipe from the harness: when the harness ends for any
 * reason, this process ends, and with it every process of the namespace (pid_namespaces(7)): containerd, shims, runtimes and
 * containers. Their writes to directories of the host are in the scratch directory.
 */
const initScript = `# usage: init SCRATCH CGROUP_DIR…
set -u
scratch=$1
shift
fail() {
  echo "ocibench: $1"
  exit 1
}
for dir in "$@"; do echo 0 >"$dir/cgroup.procs" || fail "could not join $dir"; done
view=$scratch/cgroup-view
(
  set -e
${privateCgroupView}
) || fail "could not hide /sys/fs/cgroup/unified"
${privateDirectories}
ip link set lo up
# Docker makes the same choice: an overlay's upper layer cannot be on another overlay.
probe=$scratch/probe
mkdir "$probe"
if overlay "$probe" "$scratch/probe-layers"; then
  umount "$probe"
  echo overlayfs >"$scratch/${snapshotterFile}"
else
  echo native >"$scratch/${snapshotterFile}"
fi
(
  containerd --config "$scratch/containerd.toml"
  echo "ocibench: containerd ended with status $?"
) </dev/null &
# Not \`exec\`: the shell reaps what nobody else waits for.
cat >/dev/null
`;

/** A containerd that was started for one run. */
export interface PrivateContainerd {
  /** `overlayfs`, or `native` (which copies) where the directory's file system does not support overlays. */
  readonly snapshotter: string;
  /** Has it ended, on request or by itself? */
  isOver(): boolean;
  stop(): Promise<void>;
}

/** Number of log lines that are shown if it does not start. */
const shownLines = 8;

/**
 * Starts containerd with this configuration in `directory`, and in the cgroups of these directories. `answers`: does it answer
 * now? Rejects with EngineError, with the end of its log, where it does not start.
 */
export async function startContainerd(
  directory: string,
  toml: string,
  cgroupDirs: readonly string[],
  answers: () => Promise<boolean>,
): Promise<PrivateContainerd> {
  await writeScratchFile(directory, 'containerd.toml', toml);
  const namespaces = ['--mount', '--net', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];
  const init = ['sh', '-c', `exec >"$1/${logFile}" 2>&1\n${initScript}`, 'ocibench-containerd'];
  const words = [...namespaces, '--propagation', 'private', ...init, directory, ...cgroupDirs];
  const child = spawn('unshare', words, {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: engineEnvironment(process.env),
  });
  const ended = once(child, 'exit').catch(() => undefined);
  const isOver = () => child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  child.stdin.on('error', () => undefined);
  const stop = async () => {
    child.stdin.end();
    await Promise.race([ended, sleep(stopLimitMs, undefined, { ref: false })]);
    if (!isOver()) child.kill('SIGKILL');
    await ended;
  };
  const deadline = performance.now() + startLimitMs;
  while (!(await answers())) {
    const log = await readFile(join(directory, logFile), 'utf8').catch(() => '');
    if (isOver() || daemonEnded.test(log) || performance.now() > deadline) {
      await stop();
      throw new EngineError(
        text.notStarted({ log: log.trim().split('\n').slice(-shownLines).join('\n') }),
        null,
      );
    }
    await sleep(50);
  }
  const snapshotter = (await readFile(join(directory, snapshotterFile), 'utf8')).trim();
  return { snapshotter, isOver, stop };
}
