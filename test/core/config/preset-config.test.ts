import { expect, test } from 'vitest';
import { resolveFlags } from '../../support/resolve-flags.ts';

const resolved = (
  ...[flags, file]: readonly [Parameters<typeof resolveFlags>[0], Parameters<typeof resolveFlags>[1]]
) => {
  const result = resolveFlags(flags, file, { seed: 1, lang: 'en' });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.resolution.config;
};

test('gvisor-flags chooses its runtimes and an engine that can register them', () => {
  const config = resolved({ preset: 'gvisor-flags' }, null);
  expect(config).toMatchObject({ engine: 'embedded', baseline: 'runc', minBlocks: 7 });
  expect(config.runtimes).toHaveLength(9);
  expect(config.designs?.map(({ base, arms }) => [base, arms.length])).toEqual([['runsc', 8]]);
  expect(resolved({}, { preset: 'gvisor-flags' })).toEqual(config);
});

test('what a configuration or a flag says counts before what a preset chooses', () => {
  const file = { runtimes: { runc: {}, gv: { extends: 'runsc', matrix: { directfs: [true, false] } } } };
  expect(resolved({ preset: 'gvisor-flags' }, file).runtimes).toEqual(['runc', 'gv', 'gv+directfs-false']);
  expect(resolved({ preset: 'gvisor-flags', engine: 'docker' }, null).engine).toBe('docker');
  expect(resolved({ preset: 'gvisor-flags' }, { engine: 'auto' }).engine).toBe('embedded');
  expect(resolved({ preset: 'gvisor-flags', runtimes: 'runc,crun' }, null).engine).toBe('auto');
  expect(resolved({ preset: 'gvisor-flags', runtimes: 'runc,crun' }, null).designs).toBeUndefined();
  expect(resolved({ preset: 'gvisor-flags', runtimes: 'runsc-flags' }, null).designs).toHaveLength(1);
});
