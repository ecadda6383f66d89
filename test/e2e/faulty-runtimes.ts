import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuntimeEntry } from '../../src/core/model/runtime/runtime.ts';

/** What they leave, and what hangs in them: nobody else on the host waits so long. */
export const faultySleep = `sleep 3601${process.pid}`;

/** What each faulty runtime (faulty-runtime.sh) does wrong; in all else it is runc. */
export const faults = {
  'create-hangs': 'create never returns',
  'start-hangs': 'start never returns',
  'kill-hangs': 'kill never returns',
  'delete-hangs': 'delete never returns',
  'create-garbage': 'create ends with a random code and prints random bytes',
  'create-floods': 'create prints 8 MiB to stdout, which is the container’s and is not read yet',
  'start-floods': 'start prints 8 MiB to each of stdout, stderr and the log file, and fails',
  'log-floods': 'create writes 8 MiB to the log file and fails',
  'output-garbage': 'create prints to stdout and stderr, which are the container’s, and goes on well',
  'kill-deaf': 'kill reports success and does nothing',
  'leaks-outside':
    'leaves a process with another name, in a session of its own, outside the container’s cgroup',
  'leaks-inside': 'leaves a process in the container’s cgroup',
  'create-pretends': 'create reports success and does nothing',
  'start-pretends': 'start reports success and does nothing',
} as const;

export type Fault = keyof typeof faults;

/** Writes the wrapper into `directory` and returns its registrations, one a fault, named after it. */
export async function registerFaulty(
  directory: string,
  names: readonly Fault[],
  good = 0,
): Promise<readonly RuntimeEntry[]> {
  const path = join(directory, 'faulty-runtime');
  const script = await readFile(join(import.meta.dirname, 'faulty-runtime.sh'), 'utf8');
  await writeFile(path, script.replaceAll('sleep 3601', faultySleep), { mode: 0o755 });
  return names.map((name) => ({
    name,
    path,
    runtimeArgs: [`--fault=${name}`, ...(good === 0 ? [] : [`--good=${good}`])],
    origin: 'daemon.json',
  }));
}
