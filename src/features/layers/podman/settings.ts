import { keptCapabilities } from '../../../core/engine/capabilities.ts';
import type { RuntimeEntry } from '../../../core/model/runtime.ts';
import { droppedCapabilities } from '../../../core/model/workload.ts';
import { familyOfEntry } from '../../../core/runtimes/registry.ts';

/** Families whose programs write their errors as JSON where podman asks for it (`--log-format json`). */
const jsonFamilies = ['runc', 'crun', 'runsc', 'youki', 'kata'];

/** A text or a list of texts as TOML; JSON's strings are TOML's. */
const toml = (value: string | readonly string[]) => JSON.stringify(value);

/** A runtime that podman starts, and the file that is its program. */
export interface RuntimeProgram {
  readonly entry: RuntimeEntry;
  readonly path: string;
}

/**
 * containers.conf (containers.conf(5)) of the layer.
 *
 * `no-conmon`: a trial's cgroup holds the container alone; conmon stays with the service that starts it, as a shim does with
 * the embedded engine. `exit_command_delay`: for so many seconds podman keeps the exit code of a program that was run in a
 * container, and a conmon with it; by default 300. Capabilities: Docker's default set, from which every container drops the same ones.
 */
export function containersConf(top: string, runtimes: readonly RuntimeProgram[]): string {
  const json = runtimes.filter(({ entry }) => jsonFamilies.includes(familyOfEntry(entry).id));
  return `[containers]
cgroups = "no-conmon"
default_capabilities = ${toml([...keptCapabilities, ...droppedCapabilities])}

[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
exit_command_delay = 1
image_copy_tmp_dir = ${toml(`${top}/tmp`)}
runtime_supports_json = ${toml(json.map(({ entry }) => entry.name))}

[engine.runtimes]
${runtimes.map(({ entry, path }) => `${toml(entry.name)} = ${toml([path])}`).join('\n')}

[network]
network_config_dir = ${toml(`${top}/networks`)}
`;
}

/** storage.conf (containers-storage.conf(5)) of the layer. */
export function storageConf(top: string): string {
  return `[storage]
driver = "overlay"
graphroot = ${toml(`${top}/storage`)}
runroot = ${toml(`${top}/run`)}
`;
}

/** A word that a shell takes as it is. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Script that is a runtime's program: containers.conf has no place for a runtime's arguments. */
export function runtimeScript(program: string, args: readonly string[]): string {
  return `#!/bin/sh\nexec ${[program, ...args].map(quoted).join(' ')} "$@"\n`;
}
