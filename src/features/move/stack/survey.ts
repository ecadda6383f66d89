import { lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack, StackMount } from './stack.ts';

/** How far a directory is searched for sockets: levels below it, and entries in all. */
const search = { depth: 3, entries: 5_000 } as const;

/**
 * The stack with what its mounts and files really are: paths without links; what is absent is marked, and so is what commands or
 * holds more of the host than the path says: sockets, pipes and devices in it, file systems below it, which a read-only mount may
 * leave writable, and the engine's data. `dataRoot`: the engine's; null where unknown.
 */
export async function surveyed(stack: Stack, dataRoot: string | null): Promise<Stack> {
  const below = await mountPoints();
  const ofEngine = (real: string) => {
    if (dataRoot === null) return undefined;
    return isIn(dataRoot, real) ? dataRoot : isIn(real, dataRoot) ? real : undefined;
  };
  const reaching = async (real: string) =>
    below.find((point) => point.startsWith(real === '/' ? '/' : `${real}/`)) ??
    ofEngine(real) ??
    (await specialIn(real));
  const services = Object.entries(stack.services).map(async ([name, service]) => {
    const volumes = (service.volumes ?? []).map((mount) => surveyedMount(mount, reaching));
    return [name, { ...service, volumes: await Promise.all(volumes) }] as const;
  });
  const given = async (kind: 'secrets' | 'configs') =>
    Object.fromEntries(
      await Promise.all(
        Object.entries(stack[kind] ?? {}).map(async ([name, own]) => {
          if (own.file === undefined) return [name, own] as const;
          const real = await realpath(unescaped(own.file)).catch(() => null);
          const reaches = real === null ? undefined : await reaching(real);
          const file = real === null ? own.file : escaped(real);
          return [name, { ...own, file, ...(reaches === undefined ? {} : { reaches }) }] as const;
        }),
      ),
    );
  return {
    ...stack,
    services: Object.fromEntries(await Promise.all(services)),
    secrets: await given('secrets'),
    configs: await given('configs'),
  };
}

async function surveyedMount(
  mount: StackMount,
  reaching: (real: string) => Promise<string | undefined>,
): Promise<StackMount> {
  if (mount.type !== 'bind' || mount.source === undefined) return mount;
  const real = await realpath(unescaped(mount.source)).catch(() => null);
  if (real === null) return { ...mount, isAbsent: true };
  const reaches = await reaching(real);
  return { ...mount, source: escaped(real), ...(reaches === undefined ? {} : { reaches }) };
}

/** Is a path this directory, or in it? */
export const isIn = (path: string, directory: string) => `${path}/`.startsWith(`${directory}/`);

/** Compose doubles a dollar sign in what it prints, and halves it in what it reads. */
export const unescaped = (path: string) => path.replaceAll('$$', () => '$');
const escaped = (path: string) => path.replaceAll('$', () => '$$');

/** Mount points of this host: proc_pid_mountinfo(5), the fifth field, with spaces and the like as `\040`. */
async function mountPoints(): Promise<readonly string[]> {
  const text = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return text
    .split('\n')
    .flatMap((line) => line.split(' ')[4] ?? [])
    .map((point) =>
      point.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
}

/** A socket, pipe or device: the path itself, or the first one found in it, as far as {@link search} goes. */
async function specialIn(path: string): Promise<string | undefined> {
  const own = await lstat(path).catch(() => null);
  if (own === null || own.isFile()) return undefined;
  if (!own.isDirectory()) return path;
  let left = search.entries;
  let level = [path];
  for (let depth = 0; depth < search.depth && level.length > 0; depth++) {
    const next: string[] = [];
    for (const directory of level)
      for (const entry of await readdir(directory, { withFileTypes: true }).catch(() => [])) {
        const place = join(directory, entry.name);
        if (--left < 0) return undefined;
        if (entry.isSocket() || entry.isFIFO() || entry.isBlockDevice() || entry.isCharacterDevice())
          return place;
        if (entry.isDirectory()) next.push(place);
      }
    level = next;
  }
  return undefined;
}
