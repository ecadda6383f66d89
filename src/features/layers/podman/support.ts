import { findProgram } from '../../../core/files/programs.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { Params } from '../../../core/model/cell.ts';
import type { RuntimeFacts } from '../../../core/model/runtime.ts';
import type { Workload } from '../../../core/model/workload.ts';

const text = notices('layer.podman', {
  missing: 'not installed here: {programs}; what would help:  {command}',
  noShim: 'a runtime that is registered by runtimeType is a containerd shim, which podman does not start',
  noNetwork: 'podman makes bridges of its own kind, which are not measured',
  noLog: 'Docker’s log drivers are not those of podman',
  noPull:
    'the image is one of Docker’s own; only images that are built from a recipe are imported into podman',
});

/** Why a runtime that is registered by runtimeType cannot run. */
export const { noShim } = text;

/** Where distributions put the programs that podman calls and that are on nobody's PATH. */
const helperDirs = ['/usr/local/libexec/podman', '/usr/libexec/podman', '/usr/lib/podman'];

/** Programs of the layer; each is also the name of its Debian package. */
const programs: readonly { readonly name: string; readonly places: readonly string[] }[] = [
  { name: 'podman', places: ['podman'] },
  { name: 'conmon', places: ['conmon', ...helperDirs.map((dir) => `${dir}/conmon`)] },
  { name: 'netavark', places: ['netavark', ...helperDirs.map((dir) => `${dir}/netavark`)] },
];

type Find = (program: string) => Promise<string | null>;

/** The programs that are missing here, which are also the names of their Debian packages. */
export async function podmanLacks(find: Find = findProgram): Promise<readonly string[]> {
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
export async function podmanMissing(find: Find = findProgram): Promise<Message | null> {
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
