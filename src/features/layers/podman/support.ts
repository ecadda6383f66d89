import { findProgram } from '../../../core/files/programs.ts';
import { stateChoice } from '../../../core/host/state-directory.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { keptCapabilities } from '../../../core/model/machine/capability.ts';
import type { RuntimeEntry, RuntimeFacts } from '../../../core/model/runtime/runtime.ts';
import type { Params } from '../../../core/model/trial/cell.ts';
import { droppedCapabilities, type Workload } from '../../../core/model/workload/workload.ts';
import { familyOfEntry } from '../../../core/runtimes/registry.ts';

/** Families whose programs support JSON errors, which podman requests (`--log-format json`). */
const jsonFamilies = ['runc', 'crun', 'runsc', 'youki', 'kata'];

/** A text or a list of texts as TOML; JSON's strings are TOML's. */
const toml = (value: string | readonly string[]) => JSON.stringify(value);

/** A runtime that podman starts, and the path of its program. */
export interface RuntimeProgram {
  readonly entry: RuntimeEntry;
  readonly path: string;
}

/**
 * containers.conf (containers.conf(5)) of the layer.
 *
 * `no-conmon`: a trial's cgroup contains only the container; conmon stays in the cgroup of its service, like a shim in the
 * embedded engine's. `exit_command_delay`: seconds for which podman keeps the exit code of an exec process, together with a
 * conmon; default 300. Capabilities: Docker's default set, from which every container drops the same ones.
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

/** Quotes a word for a shell. */
const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** Script that is used as a runtime's program, because containers.conf has no setting for a runtime's arguments. */
export function runtimeScript(program: string, args: readonly string[]): string {
  return `#!/bin/sh\nexec ${[program, ...args].map(quoted).join(' ')} "$@"\n`;
}

const text = notices('layer.podman', {
  missing: 'not installed here: {programs}; fix:  {command}',
  overlayRefused:
    'podman cannot keep its layers in {directory}, which is on {fileSystem} like the disk of a container; fix:\n  {choice} with a directory on a disk, such as a volume of that container',
  noShim: 'a runtime registered by runtimeType is a containerd shim, which podman does not start',
  noNetwork: 'podman makes another kind of bridge network, which is not measured',
  noLog: 'Docker’s log drivers are not those of podman',
  noPull:
    'the image is one of Docker’s own; only images that are built from a recipe are imported into podman',
});

/** Why a runtime that is registered by runtimeType cannot run. */
export const { noShim } = text;

/**
 * Why podman has no storage, by its log, and how to give it some; null for another failure. An overlay cannot lie on some file
 * systems (containers/storage, drivers/overlay).
 */
export function storageRefusal(log: string, directory: string): Message | null {
  const [, fileSystem] = /'overlay' is not supported over (\w+)/.exec(log) ?? [];
  return fileSystem === undefined
    ? null
    : text.overlayRefused({ directory, fileSystem, choice: stateChoice });
}

/** Directories, on no PATH, in which distributions put podman's helper programs. */
const helperDirs = ['/usr/local/libexec/podman', '/usr/libexec/podman', '/usr/lib/podman'];

/** Programs of the layer; each is also the name of its Debian package. */
const programs: readonly { readonly name: string; readonly places: readonly string[] }[] = [
  { name: 'podman', places: ['podman'] },
  { name: 'conmon', places: ['conmon', ...helperDirs.map((dir) => `${dir}/conmon`)] },
  { name: 'netavark', places: ['netavark', ...helperDirs.map((dir) => `${dir}/netavark`)] },
];

type FindProgram = (program: string) => Promise<string | null>;

/** The missing programs; their names are also those of their Debian packages. */
export async function podmanLacks(find: FindProgram = findProgram): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { name, places } of programs) {
    const found = await Promise.all(places.map((place) => find(place)));
    if (found.every((path) => path === null)) missing.push(name);
  }
  return missing;
}

/** The command that installs them. */
export function podmanCommand(missing: readonly string[]): string {
  return `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
}

/** Which programs are missing here, and how to get them; null where none is. */
export async function podmanMissing(find: FindProgram = findProgram): Promise<Message | null> {
  const missing = await podmanLacks(find);
  return missing.length === 0
    ? null
    : text.missing({ programs: listed(missing), command: podmanCommand(missing) });
}

/** Why a workload cannot be measured through podman; null where it can. */
export function unsupportedByPodman(
  { workload, params }: { readonly workload: Workload; readonly params: Params },
  { entry }: Pick<RuntimeFacts, 'entry'>,
): Message | null {
  const { network, log } = workload.container(params);
  if (entry.runtimeType !== undefined) return text.noShim;
  if (network !== undefined || workload.peer?.(params) !== undefined) return text.noNetwork;
  if (log !== undefined) return text.noLog;
  return typeof workload.image === 'object' && 'reference' in workload.image ? text.noPull : null;
}
