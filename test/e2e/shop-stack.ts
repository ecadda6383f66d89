import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { buildImage } from '../../src/core/images/build.ts';
import type { ImageRecipe } from '../../src/core/model/workload/image.ts';
import postgres from '../../workloads/images/postgres.ts';
import python from '../../workloads/images/python.ts';
import servers from '../../workloads/images/servers.ts';

/** lighttpd does not start under runsc 20240729: prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL) gives EINVAL there. */
const lighttpd: ImageRecipe = {
  id: 'lighttpd',
  description: 'lighttpd, as a service of somebody else; busybox',
  suite: 'trixie',
  packages: ['busybox-static', 'lighttpd'],
  hooks: ['echo root:x:0:0:root:/:/bin/sh > "$1/etc/passwd"; echo root:x:0: > "$1/etc/group"'],
  remove: ['usr/share/doc/*', 'usr/share/man/*', 'usr/share/locale/*'],
};

const recipes = { servers, python, postgres, lighttpd } as const;

export type ShopImage = keyof typeof recipes;

/** Imports images into a daemon, as `shop/NAME:1`. */
export async function importImages(socketPath: string, names: readonly ShopImage[]): Promise<void> {
  const docker = new Docker({ socketPath });
  const importImage = async (name: ShopImage) => {
    const { tarPath } = await buildImage({
      recipe: recipes[name],
      cacheDir: join(homedir(), '.cache/ocibench/images'),
      log: () => undefined,
    });
    const stream = await docker.importImage(tarPath, { repo: `shop/${name}`, tag: '1' });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
    });
  };
  await Promise.all(names.map(importImage));
}

const worker = `
import socket, time
while True:
    with socket.create_connection(("cache", 6379), 5) as s:
        s.sendall(b"INCR jobs\\r\\n")
        assert s.recv(64).startswith(b":"), "no number"
    open("/tmp/alive", "w").write(str(time.time()))
    time.sleep(0.1)
`;

const nginx = [
  'daemon off; user root; worker_processes 1; pid /tmp/nginx.pid; events {}',
  'http { access_log off; server { listen 80; root /conf; } }',
].join('\n');

/** With a start period Docker would first look after five seconds. What waits for a service waits as long as a loaded host needs. */
const check = (words: readonly string[]) => ({
  test: ['CMD', ...words],
  interval: '500ms',
  timeout: '5s',
  retries: 200,
});

const bin = '/usr/lib/postgresql/17/bin';

/** Services of the stack by name; what `docker compose` reads. */
export const shopServices = {
  cache: {
    image: 'shop/servers:1',
    command: ['redis-server', '--save', '', '--protected-mode', 'no'],
    healthcheck: check(['redis-cli', 'ping']),
    volumes: ['jobs:/var/lib/redis'],
    ports: ['6379:6379'],
  },
  db: {
    image: 'shop/postgres:1',
    user: '70:70',
    command: [`${bin}/postgres`, '-D', '/var/lib/postgresql/data', '-k', '/tmp'],
    healthcheck: check([`${bin}/pg_isready`, '-h', '/tmp']),
  },
  web: {
    image: 'shop/servers:1',
    command: ['sh', '-c', 'mkdir -p /var/lib/nginx /var/log/nginx; exec nginx -e stderr -c /conf/nginx.conf'],
    volumes: ['./conf:/conf'],
    depends_on: { cache: { condition: 'service_healthy' }, db: { condition: 'service_healthy' } },
    ports: ['8080:80'],
    container_name: 'web',
  },
  worker: {
    image: 'shop/python:1',
    command: ['python3', '-u', '/conf/worker.py'],
    volumes: ['./conf:/conf'],
    depends_on: { cache: { condition: 'service_healthy' } },
    healthcheck: check(['busybox', 'test', '-f', '/tmp/alive']),
    restart: 'always',
  },
} as const;

/** Two that do not run under runsc 20240729, one that has Docker's socket, a task, and one that writes to the host. */
export const otherServices = {
  light: {
    image: 'shop/lighttpd:1',
    command: ['lighttpd', '-D', '-f', '/conf/lighttpd.conf'],
    volumes: ['./conf:/conf'],
  },
  // runsc has no raw sockets without --net-raw.
  pinging: {
    image: 'shop/lighttpd:1',
    command: ['busybox', 'sleep', '1000'],
    healthcheck: { ...check(['busybox', 'ping', '-c1', '-W1', '127.0.0.1']), retries: 4 },
  },
  agent: {
    image: 'shop/servers:1',
    command: ['sleep', '1000'],
    volumes: ['/var/run/docker.sock:/var/run/docker.sock'],
  },
  migrate: { image: 'shop/python:1', command: ['python3', '-c', 'import time; time.sleep(0.5)'] },
  writer: {
    image: 'shop/servers:1',
    command: ['sh', '-c', 'echo x >/conf/written && exec sleep 1000'],
    volumes: ['./conf:/conf'],
  },
} as const;

/** Asks the web server for one of its files, for a second; nobody else starts it. */
export const shopLoad = {
  image: 'shop/servers:1',
  command: ['wrk', '-t1', '-c2', '-d1s', '--latency', 'http://web:80/worker.py'],
  profiles: ['load'],
  depends_on: { web: { condition: 'service_started' } },
} as const;

/** Writes the stack into a directory; returns the path of its compose file. */
export async function writeStack(directory: string, services: object): Promise<string> {
  const conf = join(directory, 'conf');
  await mkdir(conf, { recursive: true });
  await writeFile(join(conf, 'worker.py'), worker);
  await writeFile(join(conf, 'nginx.conf'), nginx);
  await writeFile(
    join(conf, 'lighttpd.conf'),
    'server.document-root = "/srv"\nserver.port = 80\nserver.errorlog = "/dev/stderr"\n',
  );
  const file = join(directory, 'compose.yaml');
  await writeFile(file, JSON.stringify({ name: 'shop', services, volumes: { jobs: {} } }, null, 2));
  return file;
}
