import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { environmentOf } from '../../src/cli/environment.ts';
import { loadRecipes } from '../../src/core/config/workloads.ts';
import { buildImage } from '../../src/core/images/build.ts';
import { untilNone } from './until-none.ts';

/** A containerd as a host has one, with a container of somebody else's that runs in a namespace of its own. */
export async function hostContainerd(directory: string) {
  const address = join(directory, 'containerd.sock');
  const config = join(directory, 'containerd.toml');
  const disabled = 'disabled_plugins = ["io.containerd.grpc.v1.cri"]';
  const places = ['root', 'state'].map((name) => `${name} = "${join(directory, name)}"`);
  await mkdir(directory, { recursive: true });
  await writeFile(
    config,
    // It tells of the sockets of its shims.
    [
      'version = 2',
      ...places,
      disabled,
      '[grpc]',
      `address = "${address}"`,
      '[debug]',
      'level = "debug"',
      '',
    ].join('\n'),
  );
  const ctr = (...words: readonly string[]) => execa('ctr', ['--address', address, ...words]);

  async function start() {
    const log = openSync(join(directory, 'containerd.log'), 'a');
    const child = spawn('containerd', ['--config', config], {
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    const until = performance.now() + 60_000;
    while ((await ctr('version').catch(() => null)) === null) {
      if (performance.now() > until) throw new Error('containerd did not start');
      await sleep(100);
    }
    return child;
  }
  let daemon = await start();

  const recipe = (await loadRecipes()).find(({ id }) => id === 'base');
  if (recipe === undefined) throw new Error('there is no recipe base');
  const cacheDir = join(environmentOf(process.env, '0.0.0').cacheDirectory, 'images');
  const { tarPath } = await buildImage({ recipe, cacheDir, log: () => undefined });
  const rootfs = join(directory, 'rootfs');
  await mkdir(rootfs);
  await execa('tar', ['-C', rootfs, '-xf', tarPath]);
  const theirs = ['-n', 'theirs'];
  await ctr(...theirs, 'run', '--detach', '--rootfs', rootfs, 'their-container', '/bin/sleep', '3000');

  return {
    address,
    pid: () => daemon.pid ?? 0,
    async kill() {
      const ended = once(daemon, 'exit');
      daemon.kill('SIGKILL');
      await ended;
    },
    async restart() {
      daemon = await start();
    },
    namespaces: async () => (await ctr('namespaces', 'ls', '-q')).stdout.trim(),
    /** What is the others'; the same before and after. */
    theirs: async () => ({
      tasks: (await ctr(...theirs, 'tasks', 'ls')).stdout,
      containers: (await ctr(...theirs, 'containers', 'ls')).stdout,
      leases: (await ctr(...theirs, 'leases', 'ls')).stdout,
    }),
    /** Sockets of its shims that are there now, of all that it has told of in its log: others are another containerd's. */
    async sockets() {
      const log = await readFile(join(directory, 'containerd.log'), 'utf8');
      const all = new Set(log.match(/\/run\/containerd\/s\/[0-9a-f]{64}/g));
      return { told: all.size, there: [...all].filter(existsSync).toSorted() };
    },
    /** Files of a run below its directories, once there are none or 10 s are over. */
    left: (runId: string) =>
      untilNone(10_000, async () =>
        (
          await Promise.all(
            ['root', 'state'].map((name) => readdir(join(directory, name), { recursive: true })),
          )
        )
          .flat()
          .filter((name) => name.includes(runId)),
      ),
    async close() {
      await ctr(...theirs, 'tasks', 'delete', '--force', 'their-container');
      await ctr(...theirs, 'containers', 'delete', 'their-container');
      const ended = once(daemon, 'exit');
      daemon.kill('SIGTERM');
      await ended;
    },
  };
}
