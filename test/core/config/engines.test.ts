import { expect, test } from 'vitest';
import type { BenchConfig } from '../../../src/core/config/define-config.ts';
import { askedEngines, recordableEngine } from '../../../src/core/config/engine-shape.ts';
import { parseBenchConfig } from '../../../src/core/config/load-config.ts';
import { resolveConfig } from '../../../src/core/config/resolve.ts';

const defaults = { seed: 1, lang: 'en' as const };
const shapeProblems = (value: unknown) => {
  const parsed = parseBenchConfig(value, 'bench.config.ts');
  return parsed.ok ? [] : parsed.problems.map(({ key, message, fix }) => `${key}: ${message} ${fix}`);
};
const resolved = (config: BenchConfig, flags = {}) => {
  const found = resolveConfig(flags, config, defaults);
  if (!found.ok) throw new Error(found.problems.map(({ key }) => key).join(', '));
  return found.resolution;
};
const rules = (config: BenchConfig, flags = {}) => {
  const found = resolveConfig(flags, config, defaults);
  return found.ok ? [] : found.problems.map(({ key, message, fix }) => `${key}: ${message} (${fix})`);
};

test('every engine with a wrong shape is named, all at once', () => {
  const said = shapeProblems({
    engines: [
      { name: 'a b', path: ['relative'] },
      { name: 'same', path: [], env: { 'A-B': '1' } },
      { name: 'same', containerd: 3, paths: ['/x'] },
    ],
  }).join('\n');
  for (const key of [
    'engines[0].name',
    'engines[0].path',
    'engines[1].path',
    'engines[1].env',
    'engines[2].containerd',
    'engines[2].paths',
  ])
    expect(said).toContain(
      key
        .replace(/\[(\d)\]/g, '.$1')
        .split('.')
        .slice(0, 2)
        .join('.'),
    );
  expect(said).toContain('must be an absolute directory');
  expect(said).toContain("did you mean 'path'?");
  expect(shapeProblems({ engines: [] })).toHaveLength(1);
  expect(shapeProblems({ engines: [{ name: 'a' }, { name: 'a' }] }).join()).toContain(
    'must not have the name of another engine: a',
  );
});

test('what engines ask for is judged together: settings of ocibench’s own, names that lead nowhere, a daemon that runs', () => {
  const said = rules(
    {
      duet: true,
      engines: [
        { name: 'a', env: { PATH: '/x' }, daemonJson: { 'data-root': '/x', 'storage-drivr': 'vfs' } },
        { name: 'b', containerd: 'c' },
        { name: 'd', containerd: 'b' },
        { name: 'e', containerd: 'e' },
      ],
    },
    { engine: 'docker' },
  );
  const keys = said.map((line) => line.slice(0, line.indexOf(': ')));
  expect(keys).toEqual([
    'engines',
    'engines',
    'engines.a.env.PATH',
    'engines.a.daemonJson.data-root',
    'engines.a.daemonJson.storage-drivr',
    'engines.b.containerd',
    'engines.d.containerd',
    'engines.e.containerd',
  ]);
  expect(said[4]).toContain('storage-driver');
  expect(said[5]).toContain('use one of: a, d, e');
});

test('an engine takes the programs of containerd from where it says', () => {
  const { config, engines } = resolved({
    engines: [
      { name: 'old' },
      { name: 'new', path: ['/new/bin'], env: { LD_LIBRARY_PATH: '/new/lib', TOKEN: 'hush' } },
      { name: 'new-on-old', path: ['/new/bin'], containerd: 'old' },
      { name: 'old-on-new', containerd: 'new' },
      { name: 'own', path: ['/new/bin'], containerd: ['/c/bin'] },
      { name: 'on-own', containerd: 'own' },
    ],
  });
  expect(engines.map(({ path, containerd }) => [path, containerd])).toEqual([
    [[], []],
    [['/new/bin'], ['/new/bin']],
    [['/new/bin'], []],
    [[], ['/new/bin']],
    [['/new/bin'], ['/c/bin']],
    [[], ['/c/bin']],
  ]);
  expect(config.engine).toBe('embedded');
  expect(config.engines?.map(({ name }) => name)).toEqual(engines.map(({ name }) => name));
  expect(engines[1]?.env.TOKEN).toBe('hush');
  expect(JSON.stringify(config)).not.toContain('hush');
  expect(config.engines?.[1]?.env.LD_LIBRARY_PATH).toBe('/new/lib');
});

test('keys of daemon.json that may hold passwords are not recorded', () => {
  const [engine] = askedEngines([
    {
      name: 'a',
      daemonJson: {
        'storage-driver': 'vfs',
        proxies: { 'http-proxy': 'http://me:hush@proxy' },
        'log-level': 'http://me:hush@x',
      },
    },
  ]);
  const recorded = engine === undefined ? null : recordableEngine(engine);
  expect(recorded?.daemonJson['storage-driver']).toBe('vfs');
  expect(JSON.stringify(recorded)).not.toContain('hush');
});

test('runtimes as an object are the same as a list', () => {
  const object = resolved({
    runtimes: {
      crun: {},
      'runc-1.3': { path: '/x/runc' },
      kata: { runtimeType: 'io.containerd.kata.v2' },
      'runsc-ptrace': { extends: 'runsc', runtimeArgs: ['--platform=ptrace'] },
    },
  });
  const list = resolved({
    runtimes: [
      'crun',
      { name: 'runc-1.3', path: '/x/runc' },
      { name: 'kata', runtimeType: 'io.containerd.kata.v2' },
      { name: 'runsc-ptrace', extends: 'runsc', runtimeArgs: ['--platform=ptrace'] },
    ],
  });
  expect(object).toEqual(list);
  expect(object.config.runtimes).toEqual(['runc', 'crun', 'runc-1.3', 'kata', 'runsc-ptrace']);
  expect(shapeProblems({ runtimes: { 'a b': {} } })).not.toEqual([]);
  expect(shapeProblems({ runtimes: { a: { pth: '/x' } } }).join()).toContain('path');
  expect(shapeProblems({ runtimes: {} })).toEqual([]);
});
