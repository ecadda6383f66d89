import { expect, test } from 'vitest';
import { obstaclesOf } from '../../../src/features/move/stack/obstacles.ts';
import { ownServices, type StackService } from '../../../src/features/move/stack/stack.ts';
import { shop } from './stacks.ts';

const found = (family: 'runsc' | 'kata' | 'crun') =>
  obstaclesOf(shop, ownServices(shop), family).map(({ service, key, kind }) => `${service} ${key} ${kind}`);

test('what reaches into the host is not tried, whatever the runtime', () => {
  const host = [
    'web cap_add host',
    'agent privileged host',
    'agent pid host',
    'agent volumes host',
    'agent devices host',
  ];
  expect(found('crun')).toEqual(host);
  expect(found('runsc').filter((each) => each.endsWith(' host'))).toEqual(host);
});

test('what means something else in a sandbox is said, and tried', () => {
  expect(found('runsc').filter((each) => each.endsWith(' differs'))).toEqual([
    'web security_opt differs',
    'web sysctls differs',
  ]);
  const said = obstaclesOf(shop, ownServices(shop), 'runsc').map(({ reason }) => reason.message.text);
  expect(said.join()).not.toContain('no-new-privileges');
});

const one = (service: StackService, others: object = {}) =>
  obstaclesOf({ services: { a: service }, ...others }, ['a'], 'runsc').map(
    ({ key, kind }) => `${key} ${kind}`,
  );

test('each namespace, network, device, capability and GPU of the host is found', () => {
  for (const mode of ['host', 'container:theirs', 'their_network'])
    expect(one({ network_mode: mode }), mode).toEqual(['network_mode host']);
  for (const mode of ['bridge', 'none', 'default']) expect(one({ network_mode: mode }), mode).toEqual([]);
  for (const key of ['pid', 'ipc', 'uts', 'userns_mode', 'cgroup'])
    expect(one({ [key]: 'host' }), key).toEqual([`${key} host`]);
  expect(one({ ipc: 'shareable' })).toEqual([]);
  expect(one({ volumes_from: ['container:theirs'] })).toEqual(['volumes_from host']);
  expect(one({ deploy: { resources: { reservations: { devices: [{ capabilities: ['gpu'] }] } } } })).toEqual([
    'gpus host',
  ]);
  expect(one({ runtime: 'nvidia' })).toEqual(['gpus host']);
  expect(one({ device_cgroup_rules: ['b *:* rwm'] })).toEqual(['devices host']);
  for (const name of ['SYS_ADMIN', 'CAP_SYS_TIME', 'all', 'BPF', 'NET_ADMIN'])
    expect(one({ cap_add: [name] }), name).toEqual(['cap_add host']);
  expect(one({ cap_add: ['NET_RAW', 'CHOWN'] })).toEqual([]);
  expect(one({ security_opt: ['systempaths=unconfined'] })).toEqual(['security_opt host']);
});

test('each way to a socket of the host is found: mounts, directories above, secrets', () => {
  const bind = (source: string) => ({ volumes: [{ type: 'bind', source, target: '/x' }] });
  for (const source of [
    '/',
    '/run',
    '/var/run',
    '/var/run/',
    '/run/dbus',
    '/run/user/1000',
    '/var/lib/docker',
    '/var/lib',
    '/run/containerd/containerd.sock',
    '/home/me/docker.sock',
    '/run/postgresql',
    '/var/lib/docker/volumes',
  ])
    expect(one(bind(source)), source).toEqual(['volumes host']);
  for (const source of ['/srv/data', '/runner', '/var/log', '/home/me/app'])
    expect(one(bind(source)), source).toEqual([]);
  const shared = { type: 'bind', source: '/srv', target: '/x', bind: { propagation: 'rshared' } };
  expect(one({ volumes: [shared] })).toEqual(['volumes host']);
  const secret = { secrets: [{ source: 's' }] };
  expect(one(secret, { secrets: { s: { file: '/var/run/docker.sock' } } })).toEqual(['secrets host']);
  expect(one(secret, { secrets: { s: { external: true } } })).toEqual(['secrets host']);
  expect(one(secret, { secrets: { s: { file: '/srv/s' } } })).toEqual([]);
});

test('a key that a trial does not know is not tried', () => {
  expect(one({ use_api_socket: true })).toEqual(['use_api_socket host']);
  expect(one({ provider: { type: 'vpn' } })).toEqual(['provider host']);
  expect(one({ post_start: [{ command: 'x', privileged: true }] })).toEqual(['post_start host']);
  expect(one({ models: { m: null } })).toEqual(['models host']);
  expect(one({ volumes: [{ type: 'image', source: 'theirs', target: '/x' }] })).toEqual(['volumes host']);
  expect(one({ 'x-own': 1, develop: {} })).toEqual([]);
});

test('what cannot be without one that is not tried is not tried either', () => {
  const services = {
    vpn: { privileged: true },
    app: { network_mode: 'service:vpn' },
    side: { volumes_from: ['app:ro'] },
    free: { depends_on: { vpn: {} } },
  };
  const found = obstaclesOf({ services }, Object.keys(services), 'crun').map(
    ({ service, kind }) => `${service} ${kind}`,
  );
  expect(found).toEqual(['vpn host', 'app host', 'side host']);
});

test('a thousand services in a chain are looked through within a second', () => {
  const names = Array.from({ length: 1000 }, (_, at) => `s${at}`);
  const services = Object.fromEntries(
    names.map((name, at) => [name, at === 0 ? { privileged: true } : { links: [`s${at - 1}`] }]),
  );
  const began = process.cpuUsage();
  expect(obstaclesOf({ services }, names, 'runc')).toHaveLength(1000);
  expect(process.cpuUsage(began).user / 1e6).toBeLessThan(1);
});
