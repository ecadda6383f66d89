import { writeScratchFile } from '../../../core/engine/scratch.ts';
import type { RuntimeEntry } from '../../../core/model/runtime.ts';
import { injectorScript } from './injector-script.ts';

/** An overhead added to a runtime on purpose. */
export interface Injection {
  /** Name of the runtime that has it. */
  readonly name: string;
  readonly createMs?: number;
  readonly startMs?: number;
  readonly cpuMs?: number;
  /** Memory of a process outside the container's cgroup, bytes; 0 is that process without the memory. */
  readonly bytes?: number;
}

const mebibyte = 2 ** 20;

/** Every injected overhead is compared with the same wrapper without it. */
export const injections = {
  none: { name: 'injected-nothing' },
  create: { name: 'injected-create-100ms', createMs: 100 },
  start: { name: 'injected-start-100ms', startMs: 100 },
  cpu: { name: 'injected-cpu-200ms', cpuMs: 200 },
  holdNothing: { name: 'injected-holder-0MiB', bytes: 0 },
  hold: { name: 'injected-holder-64MiB', bytes: 64 * mebibyte },
} as const satisfies Record<string, Injection>;

/**
 * Write the wrapper into `directory` and return its registrations around the runtime at `realPath`. The directory must
 * allow running programs.
 */
export async function registerInjectors(
  directory: string,
  realPath: string,
): Promise<readonly RuntimeEntry[]> {
  const path = await writeScratchFile(directory, 'injector', injectorScript, 0o700);
  const argument = (key: string, value: number | undefined) =>
    value === undefined ? [] : [`--inject-${key}=${value}`];
  return Object.values<Injection>(injections).map(({ name, createMs, startMs, cpuMs, bytes }) => ({
    name,
    path,
    runtimeArgs: [
      `--inject-runtime=${realPath}`,
      ...argument('create-ms', createMs),
      ...argument('start-ms', startMs),
      ...argument('cpu-ms', cpuMs),
      ...argument('bytes', bytes),
    ],
    origin: 'built-in',
  }));
}
