import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isRunning, type ProcessIdentity } from '../host/process-identity.ts';

/** How long the supervisor of an engine whose harness was killed may take to remove what it started, ms. */
const supervisorLimitMs = 20_000;
/** How long what was killed may take to be gone, ms. */
const killLimitMs = 5_000;

/** A process of an embedded engine, as seen from the host. */
export interface EngineProcess extends ProcessIdentity {
  /** `supervisor` and `init` are our shell programs; any other is the name of its program. */
  readonly name: string;
}

const programs = /^(?:setpriv|unshare|dockerd|containerd|containerd-shim-.+)$/;

/** What of an engine with this scratch directory a command line starts; null where it is another's, such as an editor's. */
function engineProgram(argv: readonly string[], scratch: string): string | null {
  const [program = '', script = ''] = argv;
  for (const own of ['supervisor', 'init'])
    if (basename(program) === 'sh' && script === join(scratch, own)) return own;
  const name = basename(program);
  return programs.test(name) && argv.some((word) => word.includes(`${scratch}/`)) ? name : null;
}

/** The processes of the engine whose scratch directory this is. */
export async function engineProcesses(scratch: string): Promise<readonly EngineProcess[]> {
  const found: EngineProcess[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const argv = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    const name = engineProgram(argv, scratch);
    const identity = name === null ? null : identityOf(Number(pid));
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
 * directory of a run that goes on under the same id with it. What has not ended by then is killed.
 */
export async function endOrphans(scratch: string): Promise<void> {
  for (const left of await leftAfter(supervisorLimitMs, scratch))
    try {
      if (isRunning(left)) process.kill(left.pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
  await leftAfter(killLimitMs, scratch);
}
