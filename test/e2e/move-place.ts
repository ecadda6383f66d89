import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import { execa } from 'execa';
import type { MoveRecord } from '../../src/features/move/record.ts';
import { privateDockerd } from './private-dockerd.ts';
import { importImages, type ShopImage } from './shop-stack.ts';
import { ocibench, root, workplace } from './support.ts';

const daemonJson = {
  runtimes: {
    crun: { path: '/usr/bin/crun' },
    runsc: { path: '/usr/bin/runsc', runtimeArgs: ['--platform=systrap', '--network=host'] },
  },
};

/** Starts a Docker of somebody else with these images, and makes a directory for their stacks and for what moves write. */
export async function openMovePlace(images: readonly ShopImage[]) {
  const { path, remove } = await workplace();
  const daemon = await privateDockerd(join(path, 'docker'), daemonJson);
  const docker = new Docker({ socketPath: daemon.socket });
  await importImages(daemon.socket, images);
  const theirs = join(path, 'their.json');
  await writeFile(theirs, JSON.stringify(daemonJson));
  const env = { DOCKER_HOST: `unix://${daemon.socket}` };
  const target = ['--to', 'runsc', '--set', `daemonJson=${theirs}`];
  return {
    path,
    docker,
    /** What the environment of all that it starts has, and nothing else. */
    host: `DOCKER_HOST=unix://${daemon.socket}`,
    /** Runs ocibench with this Docker. */
    ocibench: (...words: readonly string[]) => ocibench(words, path, env),
    /** Tries to move a stack to gVisor. */
    move: (file: string, ...words: readonly string[]) =>
      ocibench(['move', file, ...target, ...words], path, env),
    /** The same as a process with a group of its own, which can be ended. */
    startMove: (file: string, ...words: readonly string[]) =>
      execa(process.execPath, [join(root, 'src/cli.ts'), 'move', file, ...target, ...words], {
        cwd: path,
        env,
        reject: false,
        stdin: 'ignore',
        detached: true,
      }),
    compose: (file: string, ...words: readonly string[]) =>
      execa('docker', ['compose', '-f', file, ...words], { env, cwd: path }),
    /** Everything of the daemon, with when containers were started: nothing of it may change. */
    all: () => allOf(docker),
    async [Symbol.asyncDispose]() {
      await daemon[Symbol.asyncDispose]();
      await remove();
    },
  };
}
export type MovePlace = Awaited<ReturnType<typeof openMovePlace>>;

async function allOf(docker: Docker) {
  const containers = await docker.listContainers({ all: true });
  const images = await docker.listImages();
  return {
    containers: await Promise.all(
      containers
        .toSorted((one, other) => (one.Id < other.Id ? -1 : 1))
        .map(async ({ Id }) => {
          const { Name, RestartCount, State } = await docker.getContainer(Id).inspect();
          return [Name, Id, State.StartedAt, State.Status, RestartCount];
        }),
    ),
    networks: (await docker.listNetworks()).map(({ Id }) => Id).toSorted(),
    volumes: (await docker.listVolumes()).Volumes.map(({ Name }) => Name).toSorted(),
    // The image of the preflight stays, as after every measurement.
    images: images
      .filter(({ RepoTags }) => !RepoTags?.some((tag) => tag.startsWith('ocibench/')))
      .map(({ Id }) => Id)
      .toSorted(),
  };
}

/** For services that run, however slow the host is. */
export const patient: readonly string[] = ['--set', 'move.healthyWithin=5m'];
/** The same, where checks come twice a second. */
export const soon: readonly string[] = [...patient, '--set', 'move.upFor=1s', '--set', 'move.idleFor=1s'];

/** `web moves` */
export const listVerdicts = ({ verdicts }: MoveRecord): readonly string[] =>
  verdicts.map(({ service, verdict }) => `${service} ${verdict}`);
