import { basename, join } from 'node:path';
import { stringify } from 'smol-toml';
import { containerdToml } from '../../../core/engine/embedded/supervisor-script.ts';
import { writeScratchFile } from '../../../core/engine/scratch.ts';
import { findProgram } from '../../../core/files/programs.ts';
import type { RuntimeEntry } from '../../../core/model/runtime/runtime.ts';
import { familyOfEntry, runtimeCommand } from '../../../core/runtimes/registry.ts';
import { snapshotterWord } from '../containerd/daemon.ts';
import { runcShim, runtimeScript } from '../containerd/runtime.ts';
import { sandboxImage } from './pod.ts';

/**
 * A runtime in the CRI plugin's configuration. A RuntimeClass refers to it by the name of its handler, here the runtime's name.
 */
interface Handler {
  readonly runtime_type: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

/** The CRI plugin's name in a configuration of version 2, which containerd 2 also reads. */
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
 * The handler of a runtime: with runc's shim, with its family's shim for pods, or with the shim that it is registered with.
 * null where its program is not installed.
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
 * containerd's configuration with the CRI plugin and a handler for each of these runtimes. `runtimes`: directory for the
 * runtimes' scripts, settings and state.
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
    // A pause container asks for a lower OOM score than containerd's own, which is not always permitted.
    restrict_oom_score_adj: true,
    // A loaded AppArmor profile would stay in the host's kernel.
    disable_apparmor: true,
    containerd: { snapshotter: snapshotterWord, runtimes: Object.fromEntries(handlers) },
  };
  return `${containerdToml(directory, true)}\n${stringify({ plugins: { [plugin]: settings } })}\n`;
}
