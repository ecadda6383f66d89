import { basename, join } from 'node:path';
import { EngineError } from '../../../core/engine/engine.ts';
import { writeScratchFile } from '../../../core/engine/scratch.ts';
import { findProgram } from '../../../core/files/programs.ts';
import { notices } from '../../../core/messages/define.ts';
import type { RuntimeEntry } from '../../../core/model/runtime/runtime.ts';
import { runtimeCommand } from '../../../core/runtimes/registry.ts';

const text = notices('layer.oci', {
  noRuntime: 'no program is registered for the runtime {name}, or it is not installed',
});

/** The shim of programs with runc's command line, and the type of its options. */
export const runcShim = 'io.containerd.runc.v2';
export const runcOptions = 'containerd.runc.v1.Options';
/** The type of all other shims' options. */
const otherOptions = 'runtimeoptions.v1.Options';

/** The runtime in containerd's request for a container. */
export interface ShimRuntime {
  /** Its shim: `io.containerd.runc.v2`, `io.containerd.kata.v2` … */
  readonly name: string;
  /** null without options. */
  readonly options: { readonly type: string; readonly value: object } | null;
}

const shellQuoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Script that calls a runtime with arguments: the shim accepts only the name of a program. */
export function runtimeScript(command: readonly string[]): string {
  return `#!/bin/sh\nexec ${command.map(shellQuoted).join(' ')} "$@"\n`;
}

/** The registered options of a shim by containerd's names: `BinaryName` is `binaryName`. */
function named(options: RuntimeEntry['options'] = {}): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [`${key.charAt(0).toLowerCase()}${key.slice(1)}`, value]),
  );
}

/**
 * A registered runtime in containerd's form. `program`: the program that its shim calls; null: the shim's default.
 * `shimCgroup`: cgroup of the shim and of every call of the runtime; null: containerd's own.
 */
export function shimRuntime(
  { runtimeType = runcShim, options }: Pick<RuntimeEntry, 'runtimeType' | 'options'>,
  place: { readonly program: string | null; readonly root: string; readonly shimCgroup: string | null },
): ShimRuntime {
  const given = named(options);
  if (runtimeType !== runcShim) {
    const value = Object.keys(given).length === 0 ? null : { type: otherOptions, value: given };
    return { name: runtimeType, options: value };
  }
  const { program, root, shimCgroup } = place;
  return {
    name: runtimeType,
    options: {
      type: runcOptions,
      value: {
        root,
        ...given,
        // The cgroups of trials are paths, not systemd slices.
        systemdCgroup: false,
        ...(program === null ? {} : { binaryName: program }),
        ...(shimCgroup === null ? {} : { shimCgroup }),
      },
    },
  };
}

/**
 * The runtimes of a run in containerd's form. `directory`: for the state of all runtimes, and scripts for those with arguments.
 */
export function shimRuntimes(directory: string, entries: readonly RuntimeEntry[]) {
  const programs = new Map<string, Promise<string>>();

  /** The program itself, or a script where it has arguments. Rejects with EngineError where it is not installed. */
  async function programOf(entry: RuntimeEntry): Promise<string> {
    const [name = '', ...args] = runtimeCommand(entry);
    const path = await findProgram(name);
    if (path === null) throw new EngineError(text.noRuntime({ name: entry.name }), null);
    if (args.length === 0) return path;
    return writeScratchFile(directory, `${basename(entry.name)}.sh`, runtimeScript([path, ...args]), 0o700);
  }

  /** Looked up once per run. */
  function known(entry: RuntimeEntry): Promise<string> {
    const found = programs.get(entry.name) ?? programOf(entry);
    programs.set(entry.name, found);
    return found;
  }

  return {
    /** Rejects with EngineError where the runtime is not registered, or its program is not installed. */
    async of(name: string, shimCgroup: string | null): Promise<ShimRuntime> {
      const entry = entries.find((each) => each.name === name);
      if (entry === undefined) throw new EngineError(text.noRuntime({ name }), null);
      const program = entry.runtimeType === undefined ? await known(entry) : null;
      return shimRuntime(entry, { program, root: join(directory, basename(name)), shimCgroup });
    },
  };
}

export type ShimRuntimes = ReturnType<typeof shimRuntimes>;
