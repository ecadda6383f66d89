import { lstat } from 'node:fs/promises';
import { external, listed } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { dataKey, type Stack } from '../stack/stack.ts';
import { unescaped } from '../stack/survey.ts';
import type { VolumeFacts } from './volumes.ts';

const text = notices('move.data', {
  noSuchVolume: 'this Docker has no volume {name}',
  driver: 'its driver is {driver}; only volumes of the driver local are copied',
  options: 'it has options ({options}), and what they mount is not copied',
  unseen: 'its directory {path} cannot be seen from here',
});

/** Data of the user that services mount: a named volume, or a directory that the file mounts writable. */
export interface DataSource {
  /** {@link dataKey} of its mounts. */
  readonly key: string;
  readonly kind: 'volume' | 'directory';
  /** The volume's name in the file, or the path. */
  readonly name: string;
  readonly services: readonly string[];
  /** The directory of this host that holds it. */
  readonly path: string;
}

/** A volume whose copy is fresh and empty, and why. */
interface FreshVolume {
  readonly volume: string;
  readonly why: Message;
}

/** The data that services of a surveyed stack mount. `volume`: what the engine knows of a volume; null: it has none. */
export async function findSources(
  stack: Stack,
  volume: (name: string) => Promise<VolumeFacts | null>,
): Promise<{ readonly sources: readonly DataSource[]; readonly fresh: readonly FreshVolume[] }> {
  const sources: DataSource[] = [];
  const fresh: FreshVolume[] = [];
  for (const [key, mounts] of Map.groupBy(mountsOf(stack), (each) => each.key)) {
    const [{ name, kind }] = mounts as [(typeof mounts)[number]];
    const services = [...new Set(mounts.map(({ service }) => service))];
    const add = (path: string) => sources.push({ key, kind, name, services, path });
    if (kind === 'directory') {
      const isWritten = mounts.some(({ isWritable }) => isWritable);
      if (isWritten && (await isDirectory(name))) add(name);
      continue;
    }
    const real = stack.volumes?.[name]?.name ?? `${stack.name}_${name}`;
    const found = await volume(real);
    const why = await whyFresh(real, found);
    if (why === null) add(found?.mountpoint ?? '');
    else fresh.push({ volume: name, why });
  }
  return { sources, fresh };
}

/** Paths of the host that services mount, also read-only. */
export function bindPaths({ services }: Pick<Stack, 'services'>): readonly string[] {
  return Object.values(services).flatMap(({ volumes = [] }) =>
    volumes.flatMap(({ type, source, isAbsent }) =>
      type === 'bind' && source !== undefined && isAbsent !== true ? [unescaped(source)] : [],
    ),
  );
}

/** Mounts that have data of their own. */
function mountsOf({ services }: Stack) {
  return Object.entries(services).flatMap(([service, { volumes = [] }]) =>
    volumes.flatMap((mount) => {
      const key = dataKey(mount);
      if (key === null || mount.source === undefined || mount.isAbsent === true) return [];
      const isBind = mount.type === 'bind';
      const name = isBind ? unescaped(mount.source) : mount.source;
      const kind: DataSource['kind'] = isBind ? 'directory' : 'volume';
      return [{ service, key, kind, name, isWritable: mount.read_only !== true }];
    }),
  );
}

async function whyFresh(name: string, found: VolumeFacts | null): Promise<Message | null> {
  if (found === null) return text.noSuchVolume({ name: external(name) });
  const { driver, options, mountpoint } = found;
  if (driver !== 'local') return text.driver({ driver: external(driver) });
  if (options.length > 0) return text.options({ options: listed(options) });
  return (await isDirectory(mountpoint)) ? null : text.unseen({ path: external(mountpoint) });
}

const isDirectory = (path: string) =>
  lstat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
