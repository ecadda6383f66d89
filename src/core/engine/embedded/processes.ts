import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../../host/process-identity.ts';
import { killSeen, processesOfUser } from '../../host/user-processes.ts';

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

/** The processes of the engine whose scratch directory this is. */
export async function engineProcesses(scratch: string): Promise<readonly EngineProcess[]> {
  const nameOf = (argv: readonly string[]) => engineProgram(argv, scratch);
  const found = await processesOfUser((argv) => nameOf(argv) !== null);
  return found.map(({ argv, parent: _, ...identity }) => ({ ...identity, name: nameOf(argv) ?? '' }));
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
  for (const left of await leftAfter(limits.supervisorMs, scratch)) if (await mayKill()) killSeen([left]);
  await leftAfter(limits.killMs, scratch);
}
