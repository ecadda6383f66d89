import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HeldSources } from '../../../src/features/move/stack/held-sources.ts';
import { obstaclesOf } from '../../../src/features/move/stack/obstacles.ts';
import { reachesHost } from '../../../src/features/move/stack/stack.ts';
import { surveyed } from '../../../src/features/move/stack/survey.ts';

let directory: string;
const held = new HeldSources();
beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'survey-')));
});
afterAll(async () => {
  held[Symbol.dispose]();
  await rm(directory, { recursive: true });
});

const at = (...names: string[]) => join(directory, ...names);

/** A mount of this path, as it was looked at. */
async function mountOf(source: string, dataRoot: string | null = null) {
  const services = { a: { volumes: [{ type: 'bind', source, target: '/x' }] } };
  const { services: found } = await surveyed({ name: 's', services }, dataRoot, held);
  return found.a?.volumes?.[0];
}

test('plain files and directories reach nothing; a path that is absent is marked', async () => {
  await mkdir(at('plain', 'deep'), { recursive: true });
  await writeFile(at('plain', 'deep', 'file'), '');
  expect(await mountOf(at('plain'))).toEqual({ type: 'bind', source: at('plain'), target: '/x' });
  expect(await mountOf(at('plain', 'deep', 'file'))).not.toHaveProperty('reaches');
  expect(await mountOf(at('absent'))).toMatchObject({ isAbsent: true, source: at('absent') });
});

test('links are followed, and a dollar sign is one', async () => {
  await mkdir(at('a$b'));
  await symlink(at('a$b'), at('link'));
  expect(await mountOf(at('link'))).toMatchObject({ source: at('a$$b') });
  expect(await mountOf(at('a$$b'))).toMatchObject({ source: at('a$$b') });
});

test('sockets, pipes and devices are found, in directories as well', async () => {
  await mkdir(at('sockets', 'php'), { recursive: true });
  const socket = at('sockets', 'php', 'fpm');
  const server = createServer().listen(socket);
  await mkdir(at('pipes'));
  await promisify(execFile)('mkfifo', [at('pipes', 'host')]);
  try {
    expect(await mountOf(at('sockets'))).toMatchObject({ reaches: socket });
    expect(await mountOf(socket)).toMatchObject({ reaches: socket });
    expect(await mountOf(at('pipes'))).toMatchObject({ reaches: at('pipes', 'host') });
    expect(await mountOf('/dev/null')).toMatchObject({ reaches: '/dev/null' });
  } finally {
    server.close();
  }
});

test('a socket is found however deep it is, and however much lies before it', async () => {
  const [deep, many] = [at('deep', 'b', 'c', 'd', 'e'), at('many')];
  await mkdir(deep, { recursive: true });
  await mkdir(join(many, 'zz'), { recursive: true });
  await Promise.all(Array.from({ length: 5_200 }, (_, n) => writeFile(join(many, `f${n}`), '')));
  const sockets = [join(deep, 's.sock'), join(many, 'zz', 's.sock')];
  const servers = sockets.map((path) => createServer().listen(path));
  try {
    expect(await mountOf(at('deep'))).toMatchObject({ reaches: sockets[0] });
    expect(await mountOf(many)).toMatchObject({ reaches: sockets[1] });
  } finally {
    for (const server of servers) server.close();
  }
});

test('what cannot be searched to its end is marked, and its service is not tried', async () => {
  await mkdir(at('large', 'inner'), { recursive: true });
  for (const name of ['a', 'b', 'c']) await writeFile(at('large', 'inner', name), '');
  const stack = {
    name: 's',
    services: {
      a: { volumes: [{ type: 'bind', source: at('large'), target: '/x' }] },
      b: { secrets: [{ source: 'large' }] },
    },
    secrets: { large: { file: at('large') } },
  };
  const found = (names: number) =>
    surveyed(stack, null, held, names).then((all) => obstaclesOf(all, ['a', 'b'], 'runc'));
  expect(await found(4)).toEqual([]);
  expect(await found(3)).toMatchObject([
    { service: 'a', key: 'volumes', kind: 'host', reason: { message: { id: 'move.obstacle.unseen' } } },
    { service: 'b', key: 'secrets', kind: 'host', reason: { message: { id: 'move.obstacle.unseen' } } },
  ]);
});

test('file systems below a path are found, and the data of an engine', async () => {
  expect(await mountOf('/')).toMatchObject({ reaches: expect.stringMatching(/^\//) });
  await mkdir(at('engine', 'volumes'), { recursive: true });
  const root = at('engine');
  for (const path of [root, directory, at('engine', 'volumes')])
    expect(await mountOf(path, root), path).toHaveProperty('reaches');
  expect(await mountOf(at('plain'), root)).not.toHaveProperty('reaches');
});

test('files of secrets are looked at in the same way', async () => {
  const stack = { name: 's', services: {}, secrets: { s: { file: '/dev/null' }, t: { environment: 'T' } } };
  const { secrets } = await surveyed(stack, null, held);
  expect(secrets).toEqual({ s: { file: '/dev/null', reaches: '/dev/null' }, t: { environment: 'T' } });
});

test('what was looked at is not mounted once its path leads elsewhere', async () => {
  for (const name of ['parent', 'other']) await mkdir(at(name, 'inner'), { recursive: true });
  using own = new HeldSources();
  const services = { a: { volumes: [{ type: 'bind', source: at('parent', 'inner'), target: '/x' }] } };
  await surveyed({ name: 's', services }, null, own);
  own.refuseExchanged();
  await rename(at('parent'), at('aside'));
  expect(() => own.refuseExchanged()).toThrow(expect.objectContaining({ exitCode: 2 }));
  await symlink(at('other'), at('parent'));
  expect(() => own.refuseExchanged()).toThrow(expect.objectContaining({ exitCode: 2 }));
  await rm(at('parent'));
  // Another directory of the same name.
  await mkdir(at('parent', 'inner'), { recursive: true });
  expect(() => own.refuseExchanged()).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ file: at('parent', 'inner') })] }),
  );
  await rm(at('parent'), { recursive: true });
  await rename(at('aside'), at('parent'));
  own.refuseExchanged();
});

test('/proc and /sys and what is in them reach into the host, by whatever link', async () => {
  await symlink('/proc/self', at('self'));
  const sources = ['/proc', '/proc/1', '/proc/sys/kernel', '/sys', '/sys/kernel', at('self')];
  const services = Object.fromEntries(
    sources.map((source) => [source, { volumes: [{ type: 'bind', source, target: '/x' }] }]),
  );
  const found = obstaclesOf(await surveyed({ name: 's', services }, null, held), sources, 'runc');
  expect(found.map(({ service, kind }) => [service, kind])).toEqual(sources.map((each) => [each, 'host']));
  // Not what only begins alike.
  expect(reachesHost('/process')).toBe(false);
  expect(reachesHost('/system')).toBe(false);
});

test.skipIf(process.geteuid?.() !== 0)('/proc counts under every name that it is mounted by', async () => {
  await mkdir(at('chroot', 'proc'), { recursive: true });
  const script = `
    import { HeldSources } from '${import.meta.resolve('../../../src/features/move/stack/held-sources.ts')}';
    import { surveyed } from '${import.meta.resolve('../../../src/features/move/stack/survey.ts')}';
    const volumes = ['', '/1', '/version'].map((name) =>
      ({ type: 'bind', source: '${at('chroot', 'proc')}' + name, target: '/x' }));
    const found = await surveyed({ name: 's', services: { a: { volumes } } }, null, new HeldSources());
    console.log(JSON.stringify(found.services.a.volumes.map(({ reaches }) => reaches ?? null)));
  `;
  // In mounts of its own: nothing is left on the host.
  const inside = 'mount -t proc proc "$1" && exec "$2" --input-type=module -e "$3"';
  const words = ['sh', '-c', inside, 'sh', at('chroot', 'proc'), process.execPath, script];
  const { stdout } = await promisify(execFile)('unshare', ['--mount', '--propagation', 'private', ...words]);
  expect(JSON.parse(stdout)).toEqual(['', '/1', '/version'].map((name) => at('chroot', 'proc') + name));
});
