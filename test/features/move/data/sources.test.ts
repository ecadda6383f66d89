import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bindPaths, findSources } from '../../../../src/features/move/data/sources.ts';
import type { VolumeFacts } from '../../../../src/features/move/data/volumes.ts';
import { HeldSources } from '../../../../src/features/move/stack/held-sources.ts';
import { type Stack, stackSchema } from '../../../../src/features/move/stack/stack.ts';
import { surveyed } from '../../../../src/features/move/stack/survey.ts';

let directory: string;
beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'sources-')));
});
afterAll(() => rm(directory, { recursive: true }));

const at = (name: string) => join(directory, name);
const stackOf = (services: object, volumes: object = {}): Promise<Stack> =>
  surveyed(stackSchema.parse({ name: 'shop', services, volumes }), null, new HeldSources());
const bind = (name: string, more: object = {}) => ({
  type: 'bind',
  source: at(name),
  target: '/x',
  ...more,
});
const local = (mountpoint: string): VolumeFacts => ({
  driver: 'local',
  options: [],
  labels: {},
  mountpoint,
});
const nothing = async () => null;

test('directories that a service may write to are data; files, absent ones and read-only ones are not', async () => {
  for (const name of ['rw', 'ro', 'a$b']) await mkdir(at(name));
  await writeFile(at('file'), '');
  await symlink(at('rw'), at('link'));
  const stack = await stackOf({
    app: {
      volumes: [
        bind('link'),
        bind('file'),
        bind('absent'),
        bind('ro', { read_only: true }),
        { ...bind('x'), source: at('a$$b') },
      ],
    },
    web: { volumes: [bind('rw', { read_only: true }), { type: 'tmpfs', target: '/t' }] },
  });
  const { sources, fresh } = await findSources(stack, nothing);
  expect(sources.map(({ kind, name, path, services }) => [kind, name, path, services])).toEqual([
    // Both services see the same copy.
    ['directory', at('rw'), at('rw'), ['app', 'web']],
    ['directory', at('a$b'), at('a$b'), ['app']],
  ]);
  expect(fresh).toEqual([]);
});

test('every path of the host that is there counts as mounted, also one that is only read', async () => {
  for (const name of ['read', 'c$d']) await mkdir(at(name));
  const stack = await stackOf({
    app: { volumes: [bind('read', { read_only: true }), { type: 'volume', source: 'v', target: '/v' }] },
    web: { volumes: [bind('gone'), { ...bind('x'), source: at('c$$d') }] },
  });
  expect(bindPaths(stack)).toEqual([at('read'), at('c$d')]);
});

test('volumes are looked for by the names that the project uses', async () => {
  const volume = (source: string) => ({ type: 'volume', source, target: '/v' });
  const stack = await stackOf(
    {
      db: { volumes: [volume('data'), volume('theirs'), { type: 'volume', target: '/anonymous' }] },
      backup: { volumes: [{ ...volume('data'), read_only: true }] },
    },
    { data: { name: 'shop_data' }, theirs: { name: 'real', external: true }, unused: { name: 'unused' } },
  );
  const asked: string[] = [];
  const { sources } = await findSources(stack, async (name) => {
    asked.push(name);
    return local(directory);
  });
  expect(asked).toEqual(['shop_data', 'real']);
  expect(sources.map(({ key, name, services }) => [key, name, services])).toEqual([
    ['volume:data', 'data', ['db', 'backup']],
    ['volume:theirs', 'theirs', ['db']],
  ]);
});

test('a volume that may be elsewhere stays fresh, and it is said why', async () => {
  const answers: Readonly<Record<string, VolumeFacts | null>> = {
    absent: null,
    plugin: { ...local(directory), driver: 'rclone' },
    nfs: { ...local(directory), options: ['device', 'o', 'type'] },
    far: local(at('nowhere')),
  };
  const names = Object.keys(answers);
  const volumes = names.map((source) => ({ type: 'volume', source, target: `/${source}` }));
  const stack = await stackOf(
    { a: { volumes } },
    Object.fromEntries(names.map((name) => [name, { name: `shop_${name}` }])),
  );
  const { sources, fresh } = await findSources(stack, async (name) => answers[name.slice(5)] ?? null);
  expect(sources).toEqual([]);
  expect(fresh.map(({ volume, why }) => `${volume}: ${why.text}`)).toEqual([
    'absent: this Docker has no volume shop_absent',
    'plugin: its driver is rclone; only volumes of the driver local are copied',
    'nfs: it has options (device, o, type), and what they mount is not copied',
    `far: its directory ${at('nowhere')} cannot be seen from here`,
  ]);
});
