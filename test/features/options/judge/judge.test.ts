import { expect, test } from 'vitest';
import { parseDaemonJson } from '../../../../src/core/config/daemon-json.ts';
import type { DaemonConfig } from '../../../../src/core/config/daemon-keys.ts';
import { neededProgram } from '../../../../src/features/options/judge/containers.ts';
import { flagKeys, parseLimits, readDockerHere } from '../../../../src/features/options/judge/here.ts';
import { judgeDaemonJson } from '../../../../src/features/options/judge/judge.ts';
import type { DockerHere } from '../../../../src/features/options/judge/objection.ts';
import { files } from './files.ts';

const here: DockerHere = {
  version: '26.1.5+dfsg1',
  hasSystemd: false,
  hasJournal: false,
  hasSelinux: false,
  limits: new Map([
    ['nofile', 20_000],
    ['memlock', 8_388_608],
  ]),
  dataFileSystem: 'ext4',
  present: new Set(['/usr/bin/crun']),
  users: new Set(['root', 'lena']),
  groups: new Set(['docker']),
  subordinate: new Set(['lena']),
  devices: new Set(['lo', 'br0']),
  flags: new Set(),
};

const judge = (config: DaemonConfig, more: Partial<DockerHere> = {}) =>
  judgeDaemonJson(config, { ...here, ...more }).map(({ effect, reason }) => [effect, reason.code]);

test.each(files)('%s: %s', (effect, source, codes) => {
  const parsed = parseDaemonJson(source, 'daemon.json');
  if (!parsed.ok) {
    expect(effect).toBe('parser');
    expect(parsed.problems.map(({ key }) => key)).toEqual(codes);
    return;
  }
  const found = judgeDaemonJson(parsed.config, here);
  expect(found.map(({ reason }) => reason.code)).toEqual(codes);
  expect(found[0]?.effect ?? 'ok').toBe(effect);
});

test.each<[string, DaemonConfig]>([
  ['an option that 24 removed', { 'storage-opts': ['overlay2.override_kernel_check=true'] }],
  ['a driver that 25 removed', { 'storage-driver': 'devicemapper' }],
  ['a removed key', { graph: '/data' }],
])('%s is accepted by the release before', (_, config) => {
  expect(judge(config)).not.toEqual([]);
  expect(judge(config, { version: '20.10.24' })).toEqual([]);
  expect(judge(config, { version: null })).not.toEqual([]);
});

test.each<[string, DaemonConfig, Partial<DockerHere>]>([
  ['SELinux', { 'selinux-enabled': true }, { hasSelinux: true }],
  ['systemd', { 'exec-opts': ['native.cgroupdriver=systemd'] }, { hasSystemd: true }],
  ['a journal', { 'log-driver': 'journald' }, { hasJournal: true }],
  [
    'higher limits',
    { 'default-ulimits': { nofile: { Name: 'nofile', Hard: 64_000, Soft: 64_000 } } },
    { limits: new Map([['nofile', 1_048_576]]) },
  ],
  ['XFS', { 'storage-driver': 'overlay2', 'storage-opts': ['overlay2.size=10G'] }, { dataFileSystem: 'xfs' }],
  ['btrfs', { 'storage-driver': 'btrfs' }, { dataFileSystem: 'btrfs' }],
  ['the directory', { 'data-root': '/data' }, { present: new Set(['/data']) }],
  ['Docker 28', { 'host-gateway-ips': ['10.0.0.1'] }, { version: '28.5.2' }],
  ['Docker 27, with IPv6', { ipv6: true }, { version: '27.0.1' }],
  ['the user', { 'userns-remap': 'ann' }, { users: new Set(['ann']), subordinate: new Set(['ann']) }],
])('what lacks here is no objection where there is %s', (_, config, more) => {
  expect(judge(config)).not.toEqual([]);
  expect(judge(config, more)).toEqual([]);
});

test('an option of exec that is ignored by 26 is refused by 28', () => {
  const config = { 'exec-opts': ['native.foo=bar'] };
  expect(judge(config)).toEqual([['ignored', 'judgeContainers.execOption']]);
  expect(judge(config, { version: '28.5.2' })).toEqual([['refused', 'judgeContainers.execOption']]);
});

test('hosts beside a service with -H: dockerd does not start with both', () => {
  const command = '{ path=/usr/sbin/dockerd ; argv[]=/usr/sbin/dockerd -H fd:// --containerd=/run/c.sock ; }';
  expect([...flagKeys(command)]).toEqual(['hosts', 'containerd']);
  expect(judge({ hosts: ['unix:///run/docker.sock'] })).toEqual([]);
  expect(judge({ hosts: ['unix:///run/docker.sock'] }, { flags: flagKeys(command) })).toEqual([
    ['unnoticed', 'judgePlaces.flag'],
  ]);
});

test('limits bind a process without CAP_SYS_RESOURCE alone', () => {
  const limits =
    'Limit Soft Limit Hard Limit Units\nMax open files            1024                 20000                files\nMax processes unlimited unlimited processes\n';
  expect(parseLimits(limits, 'CapEff:\t0000000000000000\n', 'CapEff')).toEqual(new Map([['nofile', 20_000]]));
  expect(parseLimits(limits, 'CapEff:\t000001ffffffffff\n', 'CapEff')).toEqual(new Map());
});

test('the fix of a network’s address is its first host', () => {
  const [found] = judgeDaemonJson({ bip: '172.26.0.0/16' }, here);
  expect(found?.reason.fix.text).toBe('write "bip": "172.26.0.1/16"');
});

test.each(['constructor', 'toString', '__proto__'])(
  'no driver is called %s, which objects inherit',
  (name) => {
    expect(judge({ 'storage-driver': name, 'storage-opts': ['a=b'] })).toEqual([
      ['unnoticed', 'judgeStorage.unknown'],
    ]);
    expect(judge({ 'log-driver': name, 'log-opts': { a: 'b' } })).toEqual([
      ['no-container', 'judgeLogs.driver'],
    ]);
  },
);

test('a path that no system call takes is on no file system, which costs no time', async () => {
  const { dataFileSystem } = await readDockerHere('/daemon.json', {
    'data-root': `/${'a/'.repeat(200_000)}`,
  });
  expect(dataFileSystem).toBe('?');
});

test('a runtime’s program is its path, or the shim that containerd looks for', () => {
  expect(neededProgram({ path: '/usr/bin/crun' })).toBe('/usr/bin/crun');
  expect(neededProgram({ runtimeType: 'io.containerd.kata-qemu.v2' })).toBe('containerd-shim-kata-qemu-v2');
  expect(neededProgram({ runtimeType: '/opt/shim' })).toBe('/opt/shim');
  expect(neededProgram({})).toBe('');
});
