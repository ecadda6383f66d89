import { basename, join } from 'node:path';
import { stringify } from 'smol-toml';
import { containerdToml } from '../../../core/engine/embedded/supervisor-script.ts';
import { writeScratchFile } from '../../../core/engine/scratch.ts';
import { findProgram } from '../../../core/files/programs.ts';
import type { RuntimeEntry } from '../../../core/model/runtime.ts';
import { familyOfEntry, runtimeCommand } from '../../../core/runtimes/registry.ts';
import { snapshotterWord } from '../containerd/daemon.ts';
import { runcShim, runtimeScript } from '../containerd/runtime.ts';
import { sandboxImage } from './pod.ts';

/** A runtime as the CRI plugin is told of it. What a RuntimeClass names is the handler: here the runtime's own name. */
interface Handler {
  readonly runtime_type: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The CRI plugin's name in a configuration of version 2; containerd 2 reads such files, too. */
const plugin = 'io.containerd.grpc.v1.cri';

/** `--platform=systrap` → `platform: 'systrap'`; a flag without a value is `true`. */
function flagsOf(args: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    args.map((word) => {
      const [, name = '', value = 'true'] = /^-{1,2}([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
      return [name, value];
    }),
  );
}

/**
 * How the CRI plugin starts a runtime: through runc's shim, through the shim that its family has for pods, or through the one
 * that it is registered by. null where its program is not installed.
 */
async function handlerOf(entry: RuntimeEntry, directory: string): Promise<Handler | null> {
  const root = join(directory, basename(entry.name));
  const { options = {}, runtimeType } = entry;
  if (runtimeType !== undefined) {
    const own = runtimeType === runcShim ? { Root: root, ...options, SystemdCgroup: false } : options;
    return { runtime_type: runtimeType, ...(Object.keys(own).length === 0 ? {} : { options: own }) };
  }
  const [name = '', ...args] = runtimeCommand(entry);
  const program = await findProgram(name);
  if (program === null) return null;
  const { podShim } = familyOfEntry(entry);
  if (podShim === undefined) {
    const script = runtimeScript([program, ...args]);
    const called =
      args.length === 0
        ? program
        : await writeScratchFile(directory, `${basename(entry.name)}.sh`, script, 0o700);
    const own = { BinaryName: called, Root: root, SystemdCgroup: false };
    return { runtime_type: runcShim, options: own };
  }
  const settings = stringify({ binary_name: program, root, [podShim.flags]: flagsOf(args) });
  const path = await writeScratchFile(directory, `${basename(entry.name)}.toml`, settings);
  return { runtime_type: podShim.type, options: { TypeUrl: podShim.optionsType, ConfigPath: path } };
}

/**
 * containerd's configuration with the CRI plugin and a handler for each of these runtimes. Scripts and settings of runtimes, and
 * their state, are in `runtimes`.
 */
export async function criToml(
  directory: string,
  runtimes: string,
  entries: readonly RuntimeEntry[],
): Promise<string> {
  const handlers = new Map<string, Handler>();
  for (const entry of entries) {
    const handler = await handlerOf(entry, runtimes);
    if (handler !== null) handlers.set(entry.name, handler);
  }
  const settings = {
    sandbox_image: sandboxImage,
    // A pod's own container is protected from the kernel's OOM killer more than containerd itself only where that is allowed.
    restrict_oom_score_adj: true,
    // A profile that is loaded stays in the host's kernel when all else is gone.
    disable_apparmor: true,
    containerd: { snapshotter: snapshotterWord, runtimes: Object.fromEntries(handlers) },
  };
  return `${containerdToml(directory, true)}\n${stringify({ plugins: { [plugin]: settings } })}\n`;
}
