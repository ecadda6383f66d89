import { expect, test } from 'vitest';
import { obstaclesOf } from '../../../src/features/move/stack/obstacles.ts';
import type { StackService } from '../../../src/features/move/stack/stack.ts';
import { shop } from './stacks.ts';

const found = (family: 'runsc' | 'kata' | 'crun') =>
  obstaclesOf(shop, family).map(({ service, key, kind }) => `${service} ${key} ${kind}`);

test('what reaches into the host is not tried, whatever the runtime', () => {
  const host = ['agent privileged host', 'agent pid host', 'agent volumes host', 'agent devices host'];
  expect(found('crun')).toEqual(host);
  expect(found('runsc').filter((each) => each.endsWith(' host'))).toEqual(host);
});

test('what means something else in a sandbox is said, and tried', () => {
  expect(found('runsc').filter((each) => each.startsWith('web'))).toEqual([
    'web security_opt differs',
    'web cap_add differs',
    'web sysctls differs',
  ]);
  const said = obstaclesOf(shop, 'runsc').map(({ reason }) => reason.message.text);
  expect(said).toContain('asks for capabilities that mean nothing in a sandbox: SYS_TIME');
  expect(said.join()).not.toContain('no-new-privileges');
});

test('each namespace, socket, device and GPU of the host is found', () => {
  const one = (service: StackService) =>
    obstaclesOf({ services: { a: service } }, 'runsc').map(({ key, kind }) => `${key} ${kind}`);
  expect(one({ network_mode: 'host' })).toEqual(['network_mode host']);
  expect(one({ network_mode: 'service:b' })).toEqual([]);
  expect(one({ network_mode: 'container:theirs' })).toEqual(['network_mode host']);
  expect(one({ volumes_from: ['container:theirs'] })).toEqual(['volumes_from host']);
  expect(one({ deploy: { resources: { reservations: { devices: [{ capabilities: ['gpu'] }] } } } })).toEqual([
    'gpus host',
  ]);
  const bind = (source: string) => ({ volumes: [{ type: 'bind', source, target: '/x' }] });
  expect(one(bind('/run/containerd/containerd.sock'))).toEqual(['volumes host']);
  expect(one(bind('/run/postgresql'))).toEqual(['volumes differs']);
  expect(one(bind('/srv/data'))).toEqual([]);
});
