import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where podman, conmon and the runtimes leave something on a host, whatever directories podman is told to use. */
const places = [
  ...['/dev/shm', '/run/lock', '/run/containers', '/run/libpod', '/run/netns', '/run/runc', '/run/crun'],
  ...['/run/runsc', '/var/lib/containers', '/var/lib/cni', '/etc/cni', '/etc/containers'],
];

async function listed(path: string): Promise<string> {
  const names = await readdir(path, { recursive: true }).catch(() => null);
  if (names === null) return 'none';
  const times = await Promise.all(
    names.toSorted().map(async (name) => {
      const found = await stat(join(path, name)).catch(() => null);
      return `${name} ${found?.mtimeMs}`;
    }),
  );
  return times.join('; ');
}

/** What is in these places, with the times of the last change. */
export async function podmanPlaces(): Promise<Record<string, string>> {
  return Object.fromEntries(
    await Promise.all(places.map(async (path) => [path, await listed(path)] as const)),
  );
}
