import { expect, test } from 'vitest';
import { overrideText, projectOf } from '../../../src/features/move/stack/project.ts';
import {
  depthOf,
  hasHealthCheck,
  imageOf,
  ownServices,
  replicasOf,
  type Stack,
  tasksOf,
  withDependencies,
} from '../../../src/features/move/stack/stack.ts';
import { shop, trialOf } from './stacks.ts';

interface Composed {
  readonly name: string;
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly networks: Readonly<Record<string, object>>;
  readonly volumes: Readonly<Record<string, object>>;
}

const composed = (services: readonly string[]) =>
  projectOf(
    shop,
    trialOf(services, {
      runtimeOf: (name) => (name === 'web' ? 'runsc' : 'runc'),
      cgroupParentOf: (name) => `/ocibench/${name}`,
      labels: { 'io.ocibench.run': 'r' },
    }),
  ) as Composed;

test('nothing of a trial has a name, a port or an address that something else could have', () => {
  const { name, services, networks, volumes } = composed(['web', 'cache']);
  expect(name).toBe('ocibench-1');
  const text = JSON.stringify({ services, networks, volumes });
  for (const theirs of [
    'theirs',
    '8080',
    'container_name',
    '172.30',
    'shop_default',
    'shop_data',
    'their-volume',
    'external',
  ])
    expect(text).not.toContain(theirs);
  expect(services.web?.restart).toBe('on-failure:5');
  const apart = {
    labels: { 'io.ocibench.run': 'r' },
    internal: true,
    driver_opts: { 'com.docker.network.bridge.inhibit_ipv4': 'true' },
  };
  expect(networks).toEqual({
    default: apart,
    front: apart,
    corp: apart,
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
    labels: { 'io.ocibench.run': 'r' },
    security_opt: ['no-new-privileges:true', 'seccomp:./s.json'],
    pull_policy: 'never',
  });
  expect(web).not.toHaveProperty('build');
  expect(cache).toMatchObject({
    runtime: 'runc',
    restart: 'on-failure:5',
    healthcheck: { interval: '200ms' },
  });
  expect(cache?.deploy).toEqual({ resources: { limits: { cpus: 0.5, memory: '67108864' } } });
});

test('host paths are read-only and never made, and those that are absent are empty volumes', () => {
  const mounts = (stack: Stack) => (projectOf(stack, trialOf(['cache'])) as Composed).services.cache?.volumes;
  const conf = { type: 'bind', source: '/srv/conf', target: '/etc/conf' };
  expect(mounts(shop)).toEqual([
    { type: 'volume', source: 'data', target: '/data' },
    { ...conf, read_only: true, bind: { create_host_path: false } },
  ]);
  const absent = { ...shop.services.cache, volumes: [{ ...conf, isAbsent: true }] };
  expect(mounts({ ...shop, services: { cache: absent } })).toEqual([{ type: 'volume', target: '/etc/conf' }]);
});

test('what is copied is mounted as in the file, from volumes that Compose neither makes nor removes', () => {
  const volumes = [
    { type: 'volume', source: 'data', target: '/data', volume: { subpath: 'a', nocopy: true } },
    { type: 'volume', source: 'old', target: '/old', read_only: true },
    { type: 'bind', source: '/srv/rw', target: '/rw', bind: { create_host_path: true } },
    { type: 'bind', source: '/srv/rw', target: '/ro', read_only: true },
    { type: 'bind', source: '/srv/conf', target: '/conf' },
  ];
  const found = projectOf(
    { ...shop, services: { cache: { ...shop.services.cache, volumes } } },
    trialOf(['cache'], {
      labels: { l: 'x' },
      copies: new Map([
        ['volume:data', 'ocibench-1-data-0'],
        ['bind:/srv/rw', 'ocibench-1-data-1'],
      ]),
    }),
  ) as Composed;
  expect(found.volumes).toEqual({
    data: { external: true, name: 'ocibench-1-data-0' },
    old: { labels: { l: 'x' } },
    'ocibench-1-data-1': { external: true, name: 'ocibench-1-data-1' },
  });
  const copy = { type: 'volume', source: 'ocibench-1-data-1', volume: { nocopy: true } };
  expect(found.services.cache?.volumes).toEqual([
    { type: 'volume', source: 'data', target: '/data', volume: { nocopy: true, subpath: 'a' } },
    { type: 'volume', source: 'old', target: '/old' },
    { ...copy, target: '/rw' },
    { ...copy, target: '/ro', read_only: true },
    {
      type: 'bind',
      source: '/srv/conf',
      target: '/conf',
      read_only: true,
      bind: { create_host_path: false },
    },
  ]);
});

test('nothing that Compose may have invented since is taken over', () => {
  const stack: Stack = {
    ...shop,
    models: { m: {} },
    services: {
      cache: { ...shop.services.cache, models: { m: null }, oom_score_adj: -1000, network_mode: 'bridge' },
    },
  };
  const text = JSON.stringify(projectOf(stack, trialOf(['cache'], { outside: true })));
  for (const key of ['models', 'oom_score_adj', 'network_mode', 'bridge']) expect(text).not.toContain(key);
  expect(text).toContain('"internal":false');
});

test('system controls of IPv6 are left out where a trial is apart, and none is left to reach out', () => {
  const stack: Stack = {
    ...shop,
    services: {
      cache: {
        ...shop.services.cache,
        sysctls: {
          'net.ipv6.conf.all.disable_ipv6': '0',
          'net/ipv6/conf/eth0/disable_ipv6': '0',
          'net.core.somaxconn': '9',
        },
      },
    },
  };
  const sysctlsOf = (outside: boolean) => {
    const { services } = projectOf(stack, trialOf(['cache'], { outside })) as Composed;
    return Object.keys(services.cache?.sysctls ?? {});
  };
  expect(sysctlsOf(false)).toEqual(['net.core.somaxconn']);
  expect(sysctlsOf(true)).toHaveLength(3);
});

test('with a load of the host a network keeps its address of the host', () => {
  const { networks } = projectOf(shop, trialOf(['cache'], { loadFromHost: true })) as Composed;
  expect(networks.default).toEqual({ labels: {}, internal: true });
});

test('what is left out is waited for by nobody, and what is needed is started', () => {
  expect(Object.keys(composed(['web', 'cache']).services)).toEqual(['cache', 'web']);
  expect(composed(['web']).services.web?.depends_on).toEqual({});
  expect(withDependencies(shop, ['agent'])).toEqual(['cache', 'web', 'agent']);
  expect([depthOf(shop, ['agent']), depthOf(shop, ['cache']), depthOf(shop, [])]).toEqual([3, 1, 1]);
  const waits = { depends_on: { migrate: { condition: 'service_completed_successfully' } } };
  expect(tasksOf({ services: { web: waits, migrate: {} } })).toEqual(['migrate']);
  const circular = { services: { a: { depends_on: { b: {} } }, b: { depends_on: { a: {} } } }, name: 'x' };
  expect(withDependencies(circular, ['a'])).toEqual(['b', 'a']);
});

test('services of a profile, and those without a copy, are not part of the stack', () => {
  const off = { ...shop, services: { a: { scale: 0 }, b: { deploy: { replicas: 0 } }, c: {} } };
  expect(ownServices(off)).toEqual(['c']);
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

test('a health check comes within a trial, whatever its interval', () => {
  const interval = (own: string | undefined) => {
    const healthcheck = { test: ['CMD', 'x'], ...(own === undefined ? {} : { interval: own }) };
    const stack: Stack = { name: 's', services: { a: { healthcheck } } };
    const { services } = projectOf(stack, trialOf(['a'])) as Composed;
    return ((services.a?.healthcheck ?? {}) as { readonly interval?: string }).interval;
  };
  expect(['200ms', '5s', '1m30s', '1h', undefined].map(interval)).toEqual(['200ms', '5s', '5s', '5s', '5s']);
});
