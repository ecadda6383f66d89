import { readdir, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isRunning, type ProcessIdentity } from '../../host/process-identity.ts';

/** Timeouts for a supervisor without harness to clean up, and for killed processes to end, ms. */
const defaultLimits = { supervisorMs: 20_000, killMs: 5_000 };

/** A process of an embedded engine, as seen from the host. */
export interface EngineProcess extends ProcessIdentity {
  /** `supervisor` and `init` are ocibench's shell programs; otherwise the program's name. */
  readonly name: string;
}

/** Names (`$0`) of the engine's shell programs. */
const shellNames = new Map([
  ['ocibench-supervisor', 'supervisor'],
  ['ocibench-init', 'init'],
]);

const programs = /^(?:setpriv|unshare|dockerd|containerd|containerd-shim-.+)$/;

/**
 * Name of the engine's program that a command line runs for this scratch directory; null for any other command, such as
 * an editor.
 */
function engineProgram(argv: readonly string[], scratch: string): string | null {
  // `sh -c SCRIPT NAME SCRATCH …`
  const [program = '', option, , shellName = '', directory] = argv;
  const name = basename(program);
  if (name === 'sh' && option === '-c' && directory === scratch) return shellNames.get(shellName) ?? null;
  const named = argv.some((word) => word === scratch || word.includes(`${scratch}/`));
  return programs.test(name) && named ? name : null;
}

/** Is the process of the user that runs this one? Any user can give a process any command line. */
async function isOwn(pid: string): Promise<boolean> {
  const found = await stat(`/proc/${pid}`).catch(() => null);
  return found?.uid === process.getuid?.();
}

/** The processes of the engine whose scratch directory this is. */
export async function engineProcesses(scratch: string): Promise<readonly EngineProcess[]> {
  const found: EngineProcess[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const name = engineProgram(argv, scratch);
    const identity = name === null || !(await isOwn(pid)) ? null : identityOf(Number(pid));
    if (name !== null && identity !== null) found.push({ ...identity, name });
  }
  return found;
}

async function leftAfter(limitMs: number, scratch: string): Promise<readonly EngineProcess[]> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const left = await engineProcesses(scratch);
    if (left.length === 0 || performance.now() > deadline) return left;
    await sleep(100);
  }
}

/**
 * Waits for the engine of a run whose harness has ended. Its supervisor cleans up by itself, and would also remove the
 * directory of a resumed run with the same id. Kills what has not ended in time, unless `mayKill`, called before every
 * kill, finds that the engine has an owner again.
 */
export async function endOrphans(
  scratch: string,
  mayKill: () => Promise<boolean> = async () => true,
  limits: typeof defaultLimits = defaultLimits,
): Promise<void> {
  for (const left of await leftAfter(limits.supervisorMs, scratch))
    try {
      if ((await mayKill()) && isRunning(left)) process.kill(left.pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  await leftAfter(limits.killMs, scratch);
}
