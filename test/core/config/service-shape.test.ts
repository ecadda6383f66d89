import { describe, expect, test } from 'vitest';
import { parseFlags } from '../../../src/core/config/command-line.ts';
import { parseBenchConfig } from '../../../src/core/config/load-config.ts';
import { nameOfImage, type ServiceShape } from '../../../src/core/config/service-shape.ts';
import { resolveFlags } from '../../support/resolve-flags.ts';

const surroundings = { seed: 1, lang: 'en' } as const;
const shop: ServiceShape = {
  image: 'reg.example/team/shop:1.2',
  cmd: "serve --greeting 'hello you'",
  ready: 8080,
  load: "wrk -d2s 'http://{address}:8080/?a=1&b=2'",
  env: { MODE: 'fast' },
  memory: '1G',
};

test('the options of run are the same service as a configuration', () => {
  const flags = { ...shop, ready: '8080', env: { MODE: 'fast' } } as Parameters<typeof parseFlags>[0];
  const ofFlags = resolveFlags(flags, null, surroundings);
  const ofFile = resolveFlags({}, { services: [shop] }, surroundings);
  if (!ofFlags.ok || !ofFile.ok) throw new Error('refused');
  expect(ofFlags.resolution.config.services).toEqual(ofFile.resolution.config.services);
  expect(ofFlags.resolution.config.services).toEqual([
    {
      name: 'shop',
      image: 'reg.example/team/shop:1.2',
      command: ['serve', '--greeting', 'hello you'],
      ready: { port: 8080 },
      load: { image: 'recipe:load', command: ['wrk', '-d2s', 'http://{address}:8080/?a=1&b=2'] },
      env: { MODE: 'fast' },
      memoryBytes: 2 ** 30,
      timeoutMs: 60_000,
    },
  ]);
  // What is named on the command line alone is measured, unless --workloads says more.
  expect(ofFlags.resolution.config.workloads).toEqual([
    'startup/own-shop',
    'memory/own-shop',
    'app/own-shop',
  ]);
  expect(ofFile.resolution.config.workloads).toBeNull();
});

test('the command line replaces the service of that name', () => {
  const resolved = resolveFlags({ image: 'shop:2' }, { services: [shop, { image: 'other' }] }, surroundings);
  if (!resolved.ok) throw new Error('refused');
  const { services = [], workloads } = resolved.resolution.config;
  expect(services.map(({ image }) => image)).toEqual(['shop:2', 'other']);
  expect(workloads).toEqual(['app/own-shop']);
});

describe('mistakes', () => {
  test.each<readonly [object, string, string]>([
    [{ cmd: 'a | b' }, 'services.0.cmd', 'no shell'],
    [{ ready: '(' }, 'services.0.ready', 'regular expression'],
    [{ ready: '(?=x)' }, 'services.0.ready', 'without lookaround'],
    [{ ready: 65_536 }, 'services.0.ready', 'port'],
    [{ load: 'wrk http://{address}/' }, 'services.0.load', 'together with ready'],
    [{ load: 'wrk http://localhost/', ready: 80 }, 'services.0.load', '{address}'],
    [{ loadImage: 'x' }, 'services.0.loadImage', 'together with load'],
    [{ memory: '1M' }, 'services.0.memory', 'of at least 6M'],
    [{ timeout: '2h' }, 'services.0.timeout', 'up to 1h'],
    [{ name: 'A b' }, 'services.0.name', 'lowercase letters'],
    [{ comand: 'x' }, 'services.0.comand', 'unknown key'],
    [{ image: '-rf' }, 'services.0.image', 'image that Docker has'],
  ])('%j', (change, key, message) => {
    const parsed = parseBenchConfig({ services: [{ image: 'x', ...change }] }, 'bench.config.ts');
    expect(parsed.ok ? [] : parsed.problems).toMatchObject([
      { key, message: expect.stringContaining(message) },
    ]);
  });

  test('two services of one name', () => {
    const parsed = parseBenchConfig({ services: [{ image: 'a/x:1' }, { image: 'b/x:2' }] }, 'f');
    expect(parsed.ok ? [] : parsed.problems).toMatchObject([{ key: 'services.1.name' }]);
  });

  test('options of a service without its image', () => {
    expect(parseFlags({ ready: 'x', load: 'y' }).problems).toMatchObject([
      { key: '--ready', fix: 'add --image IMAGE' },
      { key: '--load', fix: 'add --image IMAGE' },
    ]);
  });

  test('an option is named as it is typed', () => {
    expect(parseFlags({ image: 'x', load: 'wrk' }).problems.map(({ key }) => key)).toEqual([
      '--load',
      '--load',
    ]);
  });
});

test.each([
  ['nginx', 'nginx'],
  ['reg.io:5000/team/Shop_v2:1.2', 'shop-v2'],
  ['shop@sha256:abc', 'shop'],
  ['recipe:servers', 'servers'],
  ['a/___', 'service'],
])('the name of %s is %s', (image, name) => {
  expect(nameOfImage(image)).toBe(name);
});
