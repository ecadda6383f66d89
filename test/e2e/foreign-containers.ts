import { join } from 'node:path';
import type Docker from 'dockerode';
import { execa } from 'execa';

/** Containers that have nothing to do with ocibench. */
export interface ForeignContainers {
  /** Starts so many more of them; `busy`: each takes a whole CPU. Returns their ids. */
  start(kind: 'idle' | 'busy', count?: number): Promise<readonly string[]>;
  /** Ids of those that run. */
  running(): Promise<readonly string[]>;
  removeAll(): Promise<void>;
}

const image = 'foreign/app:1';
const commands = {
  idle: ['/bin/sleep', '1000000'],
  busy: ['/bin/sh', '-c', 'while :; do :; done'],
} as const;

/** An image of this machine's own shell: no registry and no archive is needed. */
async function importImage(docker: Docker, directory: string): Promise<void> {
  const programs = ['/bin/sh', '/bin/sleep', '/bin/dd'];
  const { stdout } = await execa('ldd', programs);
  const libraries = new Set([...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path]) => path ?? ''));
  const tar = join(directory, 'foreign.tar');
  await execa('tar', [
    '--dereference',
    '-C',
    '/',
    '-cf',
    tar,
    ...[...programs, ...libraries].map((path) => path.slice(1)),
  ]);
  const stream = await docker.importImage(tar, { repo: 'foreign/app', tag: '1' });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
  });
}

/** Foreign containers of this daemon; `directory` is for a file in between. */
export function foreignContainers(docker: Docker, directory: string): ForeignContainers {
  const list = async () =>
    (await docker.listContainers({ filters: { ancestor: [image] } })).map(({ Id }) => Id);
  let number = 0;
  return {
    async start(kind, count = 1) {
      if (number === 0) await importImage(docker, directory);
      const ids: string[] = [];
      for (let each = 0; each < count; each++) {
        const name = `foreign-${kind}-${++number}`;
        const container = await docker.createContainer({ name, Image: image, Cmd: [...commands[kind]] });
        await container.start();
        ids.push(container.id);
      }
      return ids;
    },
    running: list,
    async removeAll() {
      for (const id of await list()) await docker.getContainer(id).remove({ force: true });
    },
  };
}
