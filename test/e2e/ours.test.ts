import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { newRunId } from '../../src/app/measure/past-runs.ts';
import { runtimeDirectory } from '../../src/core/host/run-registry.ts';
import { runsDirectory, trashDirectory } from '../../src/core/host/state-directory.ts';
import { keepOwnState } from '../support/own-state.ts';
import { findOurs, type Marks } from './ours.ts';
import { canRun } from './support.ts';

keepOwnState();

/** What was left of a run: how it is told, and what removes it. */
interface Left {
  readonly told: string;
  remove(): Promise<unknown>;
}
type Plant = (id: string) => Promise<Left>;

/** Makes a directory or file, with the directories above it that are not there. */
async function made(path: string, text: string | null = null): Promise<Left> {
  const first = await mkdir(join(path, '..'), { recursive: true });
  await (text === null ? mkdir(path) : writeFile(path, text));
  return { told: `file ${path}`, remove: () => rm(first ?? path, { recursive: true }) };
}

/** Starts a program that becomes a `sleep` that lasts. */
async function started(command: readonly string[], options: object = {}): Promise<Left> {
  const [program = '', ...args] = command;
  const child = execa(program, args, { reject: false, stdio: 'ignore', ...options });
  const comm = () => readFile(`/proc/${child.pid}/comm`, 'utf8').catch(() => '');
  await expect.poll(comm).toBe('sleep\n');
  return {
    told: `process ${child.pid} sleep`,
    async remove() {
      child.kill('SIGKILL');
      await child;
    },
  };
}

/** Also removes a directory, which is busy until its last process has ended. */
const andDirectory = ({ told, remove }: Left, path: string): Left => ({
  told,
  async remove() {
    await remove();
    await expect.poll(() => rmdir(path).then(() => true, String)).toBe(true);
  },
});

/** A hierarchy of version 1, or the only one. */
const hierarchy = (await readdir('/sys/fs/cgroup')).find((name) => name === 'pids');
const cgroups = join('/sys/fs/cgroup', hierarchy ?? '');
const cgroup = async (name: string): Promise<Left> => {
  const path = join(cgroups, name);
  await mkdir(path);
  return { told: `cgroup ${path}`, remove: () => rmdir(path) };
};
/** A name of a network device, which may have 15 characters. */
const device = (id: string) => `oci${id.slice(-4)}`;
const environmentOf = (id: string) => `/tmp/place-${id}`;
const other = () => randomBytes(8).toString('hex');

const plants: Readonly<Record<string, Plant>> = {
  'a process that names it': (id) => started(['sleep', '300'], { argv0: `/state/runs/${id}/containerd` }),
  'a process with the environment of its place': (id) =>
    started(['sleep', '300'], { env: { TMPDIR: environmentOf(id) } }),
  'a process in a mount namespace with a mount of it': async (id) => {
    const path = join(tmpdir(), id);
    await mkdir(path);
    const script = 'mount -t tmpfs tmpfs "$0" && exec sleep 300';
    const apart = ['unshare', '--mount', '--propagation', 'private'];
    return andDirectory(await started([...apart, 'sh', '-c', script, path]), path);
  },
  'a process in a cgroup of it': async (id) => {
    const { told } = await cgroup(`ocibench-${id}`);
    const path = told.replace('cgroup ', '');
    return andDirectory(await started(['sh', '-c', `echo 0 >${path}/cgroup.procs; exec sleep 300`]), path);
  },
  'a mount': async (id) => {
    const path = await mkdtemp(join(tmpdir(), `${id}-`));
    await execa('mount', ['-t', 'tmpfs', 'tmpfs', path]);
    return { told: ` ${path} `, remove: () => execa('umount', [path]).then(() => rmdir(path)) };
  },
  'an empty cgroup': (id) => cgroup(`ocibench-${id}`),
  'a slice of systemd': (id) => cgroup(`ocibench-${id.replaceAll('-', '_')}.slice`),
  'a bridge': async (id) => {
    await execa('ip', ['link', 'add', device(id), 'type', 'bridge']);
    return { told: `: ${device(id)}:`, remove: () => execa('ip', ['link', 'delete', device(id)]) };
  },
  'a rule of iptables': async (id) => {
    const rule = ['FORWARD', '-i', device(id), '-j', 'ACCEPT'];
    await execa('iptables', ['--wait', '-A', ...rule]);
    return {
      told: `rule -A FORWARD -i ${device(id)} `,
      remove: () => execa('iptables', ['--wait', '-D', ...rule]),
    };
  },
  'the socket of a shim': (id) => made(`/run/containerd/s/${id}`, ''),
  'the directory of a container': (id) => made(`/run/docker/runtime-runc/moby/${id}`),
  'the state of a container that names its bundle': (id) =>
    made(`/run/crun/${other()}/status`, `{"bundle":"/state/runs/${id}/bundle"}`),
  'a directory in /run': (id) => made(`/run/${id}`),
  'a plugin': (id) => made(`/opt/containerd-${id}/plugin`, ''),
  'a key of Docker': (id) => made(`/etc/docker/key-${other()}.json`, id),
  'a network of podman': (id) => made(`/etc/cni/net.d/${id}.conflist`, ''),
  'a lock of podman': (id) => made(`/dev/shm/libpod_lock_${id}`, ''),
  'a copy of a checkpoint': (id) => made(`/tmp/ctrd-checkpoint${other()}/spec.dump`, `{"id":"${id}"}`),
  'a record of the run': async (id) => ({
    ...(await made(join(runtimeDirectory, 'runs', id), '{}')),
    told: `file record of run ${id}`,
  }),
  'its scratch directory': (id) => made(join(runsDirectory(), `${id}-engine2`)),
  'a directory that was to be removed': (id) => made(join(trashDirectory(), `${id}.1`)),
  // In the host’s own tmpfs, which only a mount of it elsewhere shows.
  ...(hierarchy !== undefined && {
    'what is written below the mount point of a hierarchy': async (id: string): Promise<Left> => {
      const path = join(cgroups, `ocibench-${id}`);
      const below = (text: string) => {
        const script = `umount -l ${cgroups} && ${text} ${path}`;
        return execa('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script]);
      };
      await below('mkdir');
      return { told: `cgroup ${path}`, remove: () => below('rmdir') };
    },
  }),
};

test.skipIf(!canRun)('what a run leaves on a host is found, and told from what others leave', async () => {
  const ids = new Map(Object.keys(plants).map((name) => [name, newRunId(new Date())]));
  const marksOf = (runs: readonly string[]): Marks => ({
    runs,
    names: runs.map(device),
    environment: runs.map((id) => `TMPDIR=${environmentOf(id)}`),
  });
  const all = marksOf([...ids.values()]);
  expect(await findOurs(all)).toEqual([]);
  const left = new Map<string, Left>();
  try {
    for (const [name, plant] of Object.entries(plants)) left.set(name, await plant(ids.get(name) ?? ''));
    const found = await findOurs(all);
    const unseen = [...left].filter(([, { told }]) => !found.some((each) => each.includes(told)));
    expect(unseen.map(([name, { told }]) => `${name}: ${told}`)).toEqual([]);
    expect(await findOurs(marksOf([newRunId(new Date())]))).toEqual([]);
  } finally {
    for (const { remove } of left.values()) await remove();
  }
  expect(await findOurs(all)).toEqual([]);
});
