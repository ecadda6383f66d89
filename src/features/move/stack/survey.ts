import { fstatSync, statfsSync } from 'node:fs';
import { readdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../../../core/files/walk.ts';
import type { HeldSources } from './held-sources.ts';
import { reachesHost, type Stack, type StackMount } from './stack.ts';

/** Most names of a directory that are looked at, at all levels: some seconds. What has more is not known to hold no socket. */
const usualNames = 200_000;

/**
 * The stack with what its mounts and files really are: paths without links; what is absent is marked, and so is what commands or
 * holds more of the host than the path says: sockets, pipes and devices in it, file systems below it, which a read-only mount may
 * leave writable, and the engine's data; it is `held`. `dataRoot`: the engine's; null where unknown. `mostNames`: of one mount.
 */
export async function surveyed(
  stack: Stack,
  dataRoot: string | null,
  held: HeldSources,
  mostNames = usualNames,
): Promise<Stack> {
  const below = await mountPoints();
  const ofEngine = (real: string) => {
    if (dataRoot === null) return undefined;
    return isIn(dataRoot, real) ? dataRoot : isIn(real, dataRoot) ? real : undefined;
  };
  const reaching = async (real: string): Promise<Reached> => {
    const isBelow = (point: string) => point.startsWith(real === '/' ? '/' : `${real}/`);
    const known = reachesHost(real) ? real : (below.find(isBelow) ?? ofEngine(real));
    if (known !== undefined) return { reaches: known };
    const fd = held.hold(real);
    return fd === null ? { unseen: real } : specialIn(real, fd, mostNames);
  };
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
          const file = real === null ? own.file : escaped(real);
          return [name, { ...own, file, ...(real === null ? {} : await reaching(real)) }] as const;
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
  reaching: (real: string) => Promise<Reached>,
): Promise<StackMount> {
  if (mount.type !== 'bind' || mount.source === undefined) return mount;
  const real = await realpath(unescaped(mount.source)).catch(() => null);
  if (real === null) return { ...mount, isAbsent: true };
  return { ...mount, source: escaped(real), ...(await reaching(real)) };
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

/** What a mount leads to: a path of the host, or one below which not all could be looked at; empty: nothing. */
type Reached = Pick<StackMount, 'reaches' | 'unseen'>;

/**
 * File systems of the kernel by their magic numbers, wherever they are mounted, as in a chroot: proc, sysfs, both of cgroups, debugfs,
 * tracefs, securityfs, configfs, bpf, efivarfs, mqueue (linux/magic.h).
 */
const kernelFileSystems = new Set([
  0x9fa0, 0x62656572, 0x27e0eb, 0x63677270, 0x64626720, 0x74726163, 0x73636673, 0x62656570, 0xcafe4a11,
  0xde5e81e4, 0x19800202,
]);

/** A socket, pipe or device, or what is the kernel's: the path itself, or the first one found in it. `fd`: the path, held open. */
async function specialIn(path: string, fd: number, mostNames: number): Promise<Reached> {
  const own = fstatSync(fd);
  const isKernels = kernelFileSystems.has(statfsSync(`/proc/self/fd/${fd}`).type);
  if (isKernels || !(own.isFile() || own.isDirectory())) return { reaches: path };
  if (own.isFile()) return {};
  let left = mostNames;
  const pending = ['.'];
  for (let inside = pending.pop(); inside !== undefined; inside = pending.pop()) {
    const entries = await readdir(`/proc/self/fd/${fd}/${inside}`, { withFileTypes: true }).catch((error) =>
      // It was removed meanwhile.
      codeOf(error) === 'ENOENT' ? [] : null,
    );
    left -= entries?.length ?? mostNames + 1;
    if (entries === null || left < 0) return { unseen: join(path, inside) };
    for (const entry of entries) {
      const place = join(inside, entry.name);
      if (entry.isDirectory()) pending.push(place);
      else if (!entry.isFile() && !entry.isSymbolicLink()) return { reaches: join(path, place) };
    }
  }
  return {};
}
