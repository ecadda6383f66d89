import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  chown,
  copyFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Docker from 'dockerode';
import { execa } from 'execa';
import { loadRecipes } from '../../src/core/config/workloads.ts';
import { buildImage } from '../../src/core/images/build.ts';
import { compileCache } from '../support/compile-cache.ts';
import { type ForeignContainers, foreignContainers } from './foreign-containers.ts';
import { root } from './support.ts';

/** Who runs `ocibench` on that machine: root, or a user whose only right is to be in group docker. */
type Principal = 'root' | 'user';

/** A daemon as a machine has it whose owner uses Docker for other things; everything of it is private and ends with it. */
export interface SystemDaemon extends AsyncDisposable {
  /** For the Docker API from outside of the namespaces. */
  readonly docker: Docker;
  readonly socket: string;
  readonly foreign: ForeignContainers;
  /** Its directory, which has the same path inside and outside. */
  readonly directory: string;
  readonly cgroup: string;
  /** Its first process. */
  readonly init: number;
  log(): Promise<string>;
  /** A new directory that this principal may write to, for `--out`. */
  place(as?: Principal): Promise<string>;
  /** Runs a program on that machine; does not reject on an exit code. */
  run(command: readonly string[], options: RunOptions): ReturnType<typeof inside>;
  /** Runs `ocibench` there, as its user would: nothing says where the daemon is. */
  ocibench(args: readonly string[], options: RunOptions): ReturnType<typeof inside>;
  /** Sends a signal to the program that `run` or `ocibench` started. */
  signal(child: { readonly pid?: number | undefined }, name: NodeJS.Signals): Promise<void>;
  /**
   * Ends dockerd, whose containers live on under live-restore, and waits for the next with these settings. `isUp`: does it answer?
   * Default: at its socket.
   */
  restart(settings?: object, isUp?: () => Promise<boolean>): Promise<void>;
}

interface RunOptions {
  readonly as?: Principal;
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Variables of root's `clean`, which looks twice, 100 s apart, at cgroups whose run it cannot see: here nothing can happen. */
export const hurried = { NODE_OPTIONS: `--import ${join(root, 'test/support/hurry.ts')}` } as const;

const user = 'lena';
const userId = 4242;

/** No container may have more open files than dockerd itself. */
async function openFilesLimit(): Promise<number> {
  const [, hard = '64000'] =
    /^Max open files\s+\S+\s+(\d+)/m.exec(await readFile('/proc/self/limits', 'utf8')) ?? [];
  return Math.min(64_000, Number(hard));
}

/** The options that courses and guides recommend for production. */
export async function productionSettings() {
  const limit = await openFilesLimit();
  return {
    'live-restore': true,
    'userland-proxy': false,
    icc: false,
    'no-new-privileges': true,
    'default-ulimits': { nofile: { Name: 'nofile', Hard: limit, Soft: limit } },
    'log-driver': 'json-file',
    'log-opts': { 'max-size': '10m', 'max-file': '3' },
    'default-address-pools': [{ base: '10.201.0.0/16', size: 24 }],
    'exec-opts': ['native.cgroupdriver=cgroupfs'],
    runtimes: {
      crun: { path: '/usr/bin/crun' },
      runsc: { path: '/usr/bin/runsc', runtimeArgs: ['--platform=systrap', '--network=none'] },
    },
  };
}

/** Puts images into the caches of both principals: inside there is no way to the Debian archive. */
async function fillCaches(homes: readonly string[], ids: readonly string[]): Promise<void> {
  const cacheDir = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'ocibench/images');
  for (const recipe of (await loadRecipes()).filter(({ id }) => ids.includes(id))) {
    const { tarPath } = await buildImage({ recipe, cacheDir, log: () => undefined });
    for (const home of homes)
      for (const file of [tarPath, `${tarPath}.sha256`]) {
        const copy = join(home, '.cache/ocibench/images', file.slice(cacheDir.length + 1));
        await link(file, copy).catch(() => copyFile(file, copy));
      }
  }
}

async function makeHomes(directory: string, images: readonly string[]): Promise<void> {
  const homes = { root: 0, [user]: userId };
  for (const [name, id] of Object.entries(homes)) {
    const home = join(directory, 'home', name);
    const paths = ['', '.cache', '.cache/ocibench', '.cache/ocibench/images'].map((part) => join(home, part));
    for (const path of paths) {
      await mkdir(path, { recursive: true });
      await chown(path, id, id);
    }
  }
  await fillCaches(
    Object.keys(homes).map((name) => join(directory, 'home', name)),
    images,
  );
}

/** The child of a process, once that is the program that enters the namespaces (before it, a shell has children of its own). */
async function childOf(pid: number, program: 'unshare' | 'nsenter'): Promise<number | null> {
  const comm = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '');
  if (comm.trim() !== program) return null;
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text === '' ? null : Number(text.split(' ')[0]);
}

async function until<T>(what: string, limitMs: number, find: () => Promise<T | null>): Promise<T> {
  for (const deadline = performance.now() + limitMs; ; await sleep(50)) {
    const found = await find();
    if (found !== null) return found;
    if (performance.now() > deadline) throw new Error(`${what}: it did not happen`);
  }
}

/** Where the namespaces are, and what is needed to enter them. */
interface Machine {
  readonly directory: string;
  readonly cgroup: string;
  readonly init: number;
}

/** Starts a program in all namespaces, in a cgroup of its own there. */
function inside({ directory, cgroup, init }: Machine, command: readonly string[], options: RunOptions) {
  const as = options.as ?? 'root';
  const name = as === 'root' ? 'root' : user;
  const identity =
    as === 'root'
      ? []
      : [
          'setpriv',
          `--reuid=${user}`,
          `--regid=${user}`,
          '--init-groups',
          '--inh-caps=-all',
          '--bounding-set=-all',
        ];
  const passedOn = Object.fromEntries(
    ['PATH', 'TZ'].flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : [])),
  );
  return execa(
    'sh',
    [
      join(directory, 'cgroup-join.sh'),
      `${cgroup}/user.slice`,
      'nsenter',
      '--target',
      String(init),
      '--mount',
      '--net',
      '--pid',
      '--cgroup',
      'sh',
      '-c',
      'cd "$1" && shift && exec "$@"',
      'sh',
      options.cwd,
      ...identity,
      ...command,
    ],
    {
      reject: false,
      stdin: 'ignore',
      forceKillAfterDelay: false,
      extendEnv: false,
      env: {
        ...passedOn,
        HOME: join(directory, 'home', name),
        USER: name,
        NO_COLOR: '1',
        LC_ALL: 'C.UTF-8',
        // The user could not write there.
        ...(as === 'root' ? compileCache : {}),
        ...options.env,
      },
    },
  );
}

/** Removes the cgroup and what is below it in every hierarchy; the kernel ends a namespace's processes in its own time. */
async function removeCgroups(name: string): Promise<void> {
  await until(`the cgroups of ${name}`, 120_000, async () => {
    const at = ['find', ['/sys/fs/cgroup', '-depth', '-type', 'd', '-path', `*/${name}*`]] as const;
    await execa(at[0], [...at[1], '-exec', 'rmdir', '{}', ';'], { reject: false });
    return (await execa(at[0], at[1], { reject: false })).stdout === '' ? true : null;
  });
}

/**
 * Starts dockerd as `/var/run/docker.sock` and `/etc/docker/daemon.json` of a machine of its own: mount, network, PID and
 * cgroup namespaces, its own /run, /var/tmp and /tmp, an overlay over /etc and /var, and a user in group docker. `settings`
 * stand in for {@link productionSettings}. `inRootCgroup`: as where no systemd started it (cgroup v1 only). `images`: recipes
 * of the images that `ocibench` finds in its cache. `dockerDiskBytes`: size of a disk for Docker's data alone.
 */
export async function systemDaemon(
  options: {
    readonly settings?: object;
    readonly inRootCgroup?: boolean;
    readonly images?: readonly string[];
    readonly dockerDiskBytes?: number;
  } = {},
): Promise<SystemDaemon> {
  // Neither below what is covered, nor in memory.
  const directory = await mkdtemp('/srv/system-daemon-');
  await chmod(directory, 0o755);
  const cgroup = basename(directory);
  for (const name of ['tmp', 'docker', 'cgroup', 'places']) await mkdir(join(directory, name));
  await chmod(join(directory, 'tmp'), 0o1777);
  await makeHomes(directory, options.images ?? ['base', 'tools']);
  for (const script of ['cgroup-join.sh', 'system-daemon.sh'])
    await copyFile(join(import.meta.dirname, script), join(directory, script));
  const configure = (settings: object) => writeFile(join(directory, 'daemon.json'), JSON.stringify(settings));
  await configure(options.settings ?? (await productionSettings()));

  const child: ChildProcess = spawn(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      'sh',
      join(directory, 'cgroup-join.sh'),
      cgroup,
      'unshare',
      '--mount',
      '--net',
      '--pid',
      '--cgroup',
      '--fork',
      '--kill-child=KILL',
      '--propagation',
      'private',
      '--mount-proc',
      'sh',
      join(directory, 'system-daemon.sh'),
      directory,
      user,
      String(userId),
      options.inRootCgroup ? '' : 'docker.service',
      String(options.dockerDiskBytes ?? ''),
    ],
    // Where our own temporary files are is not its concern.
    { stdio: ['ignore', 'inherit', 'inherit'], env: { PATH: process.env.PATH } },
  );
  const ended = once(child, 'exit');
  const log = () => readFile(join(directory, 'dockerd.log'), 'utf8').catch(() => '');
  const dispose = async () => {
    child.kill('SIGKILL');
    await ended;
    await removeCgroups(cgroup);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const init = await until('the first process', 120_000, () => childOf(child.pid ?? 0, 'unshare'));
    const machine = { directory, cgroup, init };
    const socket = `/proc/${init}/root/run/docker.sock`;
    const docker = new Docker({ socketPath: socket });
    const atSocket = () =>
      docker.ping().then(
        () => true,
        () => false,
      );
    const up = async (isUp = atSocket) => {
      await writeFile(join(directory, 'up'), '');
      await until('dockerd answers', 240_000, async () => {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(await log());
        return (await isUp()) || null;
      }).catch(async (error: Error) => {
        throw new Error(`${error.message}\n${(await log()).split('\n').slice(-15).join('\n')}`);
      });
    };
    await up();
    return {
      docker,
      socket,
      foreign: foreignContainers(docker, directory),
      directory,
      cgroup,
      init,
      log,
      async place(as = 'root') {
        const path = join(directory, 'places', String((await readdir(join(directory, 'places'))).length));
        await mkdir(path);
        if (as === 'user') await chown(path, userId, userId);
        return path;
      },
      run: (command, runOptions) => inside(machine, command, runOptions),
      ocibench: (args, runOptions) =>
        inside(machine, [process.execPath, join(root, 'src/cli.ts'), ...args], runOptions),
      async signal({ pid = 0 }, name) {
        process.kill(await until('the program', 120_000, () => childOf(pid, 'nsenter')), name);
      },
      async restart(settings, isUp) {
        if (settings !== undefined) await configure(settings);
        await rm(join(directory, 'up'));
        await inside(machine, ['sh', '-c', 'kill -TERM "$(cat /run/docker.pid)"'], { cwd: '/' });
        await until('dockerd ends', 240_000, async () => !(await atSocket()) || null);
        await up(isUp);
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
