import { expect, test } from 'vitest';
import type { BenchConfig } from '../../../src/core/config/define-config.ts';
import { layersOf } from '../../../src/core/model/run/run.ts';
import { resolveFlags } from '../../support/resolve-flags.ts';

const resolved = (flags: Parameters<typeof resolveFlags>[0], file: BenchConfig = {}) => {
  const found = resolveFlags(flags, file, { seed: 1, lang: 'en' });
  return found.ok
    ? found.resolution.config
    : found.problems.map((each) => `${each.file}: ${each.key}: ${each.message}`).join('\n');
};

test.each(['podman', 'containerd'] as const)('a run on %s alone is at the layer of that name', (engine) => {
  expect(resolved({ engine })).toMatchObject({ engine, layers: [engine] });
  expect(resolved({}, { engine })).toMatchObject({ engine, layers: [engine] });
  expect(resolved({ engine, layers: `oci,${engine}` })).toMatchObject({ layers: ['oci', engine] });
});

test('a run through Docker records no layers unless they were asked for', () => {
  const config = resolved({ engine: 'docker' });
  expect(config).not.toHaveProperty('layers');
  expect(typeof config === 'object' && layersOf(config)).toEqual(['docker']);
});

test('the layer docker needs Docker, whoever asks for it', () => {
  const said = 'must not contain docker, since no Docker runs with the engine podman';
  expect(resolved({ engine: 'podman', layers: 'docker,podman' })).toBe(`--layers: layers: ${said}`);
  expect(resolved({ engine: 'podman' }, { layers: ['docker'] })).toBe(`bench.config.ts: layers: ${said}`);
});

test('several engines are Docker’s', () => {
  expect(resolved({ engine: 'containerd' }, { engines: [{ name: 'a' }] })).toMatch(
    /engines: is for engines that ocibench starts itself/,
  );
});
