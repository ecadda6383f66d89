import { expect, test } from 'vitest';
import { overrideText, projectOf } from '../../../src/features/move/stack/project.ts';
import {
  hasHealthCheck,
  imageOf,
  ownServices,
  replicasOf,
  withDependencies,
} from '../../../src/features/move/stack/stack.ts';
import { shop } from './stacks.ts';

interface Composed {
  readonly name: string;
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly networks: Readonly<Record<string, object>>;
  readonly volumes: Readonly<Record<string, object>>;
}

const composed = (services: readonly string[], writable = false) =>
  projectOf(shop, {
    project: 'ocibench-1',
    services,
    runtimeOf: (name) => (name === 'web' ? 'runsc' : 'runc'),
    cgroupParentOf: (name) => `/ocibench/${name}`,
    labels: { 'io.ocibench.run': 'r' },
    writable,
  }) as Composed;

test('nothing of a trial has a name, a port or an address that something else could have', () => {
  const { name, services, networks, volumes } = composed(['web', 'cache']);
  expect(name).toBe('ocibench-1');
  const text = JSON.stringify({ services, networks, volumes });
  for (const theirs of [
    '8080',
    'container_name',
    '172.30',
    'shop_default',
    'shop_data',
    'their-volume',
    'external',
  ])
    expect(text).not.toContain(theirs);
  expect(services.web?.restart).toBe('no');
  expect(networks).toEqual({
    default: { labels: { 'io.ocibench.run': 'r' } },
    front: { labels: { 'io.ocibench.run': 'r' } },
    corp: { labels: { 'io.ocibench.run': 'r' } },
  });
  expect(services.web?.networks).toEqual({ default: null, front: { aliases: ['www'] }, corp: null });
});

test('runtime, cgroup and labels are set, what the service is stays as it is', () => {
  const { web, cache } = composed(['web', 'cache']).services;
  expect(web).toMatchObject({
    runtime: 'runsc',
    cgroup_parent: '/ocibench/web',
    image: 'shop-web',
    environment: { A: '1', PRICE: '$$5' },
    labels: { theirs: 'kept', 'io.ocibench.run': 'r' },
    security_opt: ['no-new-privileges:true', 'seccomp:./s.json'],
    pull_policy: 'never',
  });
  expect(web).not.toHaveProperty('build');
  expect(cache).toMatchObject({ runtime: 'runc', healthcheck: { interval: '200ms' } });
  expect(cache?.deploy).toEqual({ resources: { limits: { cpus: 0.5, memory: '67108864' } }, placement: {} });
});

test('host paths are read-only and never made; with --with-data they are as they were', () => {
  const mount = (writable: boolean) =>
    ((composed(['cache'], writable).services.cache?.volumes ?? []) as object[])[1];
  expect(mount(false)).toMatchObject({ read_only: true, bind: { create_host_path: false } });
  expect(mount(true)).not.toHaveProperty('read_only');
  expect(mount(true)).toMatchObject({ bind: { create_host_path: false } });
});

test('what is left out is waited for by nobody, and what is needed is started', () => {
  expect(Object.keys(composed(['web', 'cache']).services)).toEqual(['cache', 'web']);
  expect(composed(['web']).services.web?.depends_on).toEqual({});
  expect(withDependencies(shop, ['agent'])).toEqual(['cache', 'web', 'agent']);
  const circular = { services: { a: { depends_on: { b: {} } }, b: { depends_on: { a: {} } } }, name: 'x' };
  expect(withDependencies(circular, ['a'])).toEqual(['b', 'a']);
});

test('services of a profile are not part of the stack', () => {
  expect(ownServices(shop)).toEqual(['cache', 'web', 'agent']);
  expect(imageOf(shop, 'web')).toBe('shop-web');
  expect(replicasOf(shop.services.cache ?? {})).toBe(2);
  expect(hasHealthCheck(shop.services.cache ?? {})).toBe(true);
  expect(hasHealthCheck({ healthcheck: { test: ['NONE'] } })).toBe(false);
});

test('the override names the services that move, and no others', () => {
  expect(overrideText(shop, new Map([['cache', 'runsc']]))).toBe(
    'services:\n  "cache":\n    runtime: "runsc" # 2 copies\n',
  );
  expect(overrideText(shop, new Map())).toBe('services: {}\n');
});
