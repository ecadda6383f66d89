import { readFile, readlink } from 'node:fs/promises';
import { runProgram } from '../../host/programs.ts';
import { sha256Of } from '../../host/sha256.ts';
import type { EngineProgram } from '../../model/engine-record.ts';
import { type EngineProcess, engineProcesses } from './processes.ts';

/** An environment as `/proc/PID/environ` has it. */
export function parseEnvironment(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text.split('\0').flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : [];
    }),
  );
}

/** The environment of a running process; rejects where it cannot be read. */
export async function environmentOf({
  pid,
}: Pick<EngineProcess, 'pid'>): Promise<Readonly<Record<string, string>>> {
  return parseEnvironment(await readFile(`/proc/${pid}/environ`, 'utf8'));
}

/** Role of a process by the name of its program; null for ocibench's own. */
function roleOf(name: string): EngineProgram['role'] | null {
  if (name === 'dockerd' || name === 'containerd') return name;
  return name.startsWith('containerd-shim-') ? 'shim' : null;
}

/** What a shim says of its version; null where it says nothing. */
async function shimVersion(path: string): Promise<string | null> {
  const { exitCode, stdout } = await runProgram(path, ['-v'], { timeoutMs: 5_000 });
  return exitCode === 0 ? (/^\s*Version:\s*(\S+)/m.exec(stdout)?.[1] ?? null) : null;
}

/**
 * The programs that an engine's processes execute at this moment, each once. What runs is read from the processes, because
 * containerd looks in a directory of its own before all of PATH. `versions`: as the engine says.
 */
export async function runningPrograms(
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
