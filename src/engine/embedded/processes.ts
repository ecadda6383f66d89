import { readdir, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isRunning, type ProcessIdentity } from '../../host/process-identity.ts';

/** How long the supervisor of an engine whose harness was killed may take to remove what it started, and the killed to be gone. */
const defaultLimits = { supervisorMs: 20_000, killMs: 5_000 };

/** A process of an embedded engine, as seen from the host. */
export interface EngineProcess extends ProcessIdentity {
  /** `supervisor` and `init` are our shell programs; any other is the name of its program. */
  readonly name: string;
}

/** The names that the engine's shell programs run under (`$0`). */
const shellNames = new Map([
  ['ocibench-supervisor', 'supervisor'],
  ['ocibench-init', 'init'],
]);

const programs = /^(?:setpriv|unshare|dockerd|containerd|containerd-shim-.+)$/;

/** What of an engine with this scratch directory a command line starts; null where it is another's, such as an editor's. */
function engineProgram(argv: readonly string[], scratch: string): string | null {
  // `sh -c SCRIPT NAME SCRATCH …`
  const [program = '', option, , shellName = '', directory] = argv;
  const name = basename(program);
  if (name === 'sh' && option === '-c' && directory === scratch) return shellNames.get(shellName) ?? null;
  const named = argv.some((word) => word === scratch || word.includes(`${scratch}/`));
  return programs.test(name) && named ? name : null;
}

/** Does the process belong to the user that this one runs as? Any user can give a process any command line. */
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
 * Waits for the engine of a run whose harness is gone: its supervisor removes everything by itself, and would take the
 * directory of a run that goes on under the same id with it. What has not ended by then is killed, unless `mayKill`, which is
 * asked before every kill, says that the engine has an owner again.
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
