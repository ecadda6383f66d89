import { expect, test } from 'vitest';
import { byTests, productRelease } from '../../../src/report/document/labels.ts';

const ofVersion = (version: string | null, name = 'runsc', family = 'runsc') =>
  productRelease({ entry: { name, origin: 'PATH' }, family, version });

test.each([
  ['runsc version release-20240212.0-dirty', 'gVisor 20240212'],
  ['VERSION_MISSING', 'gVisor'],
  [null, 'gVisor'],
])('of %s: %s', (version, release) => {
  expect(ofVersion(version)).toBe(release);
});

test('a runtime that is named like its product has its number alone, and an unknown one of no version nothing', () => {
  expect(ofVersion('runc version 1.1.12-0ubuntu2~22.04.1', 'runc', 'runc')).toBe('1.1.12');
  expect(ofVersion('mine', 'mine', 'no-family')).toBeNull();
});

test('a version of a record may have any length', () => {
  const began = performance.now();
  expect(ofVersion('1'.repeat(200_000))).toBe('gVisor');
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('runtimes that lack the same tests stand together', () => {
  const cells = [
    { runtime: 'runsc', test: 'io/a' },
    { runtime: 'kata', test: 'io/a' },
    { runtime: 'runsc', test: 'io/b' },
    { runtime: 'crun', test: 'io/c' },
    { runtime: 'kata', test: 'io/b' },
  ];
  expect(byTests(cells)).toEqual([
    { runtimes: ['runsc', 'kata'], tests: ['io/a', 'io/b'] },
    { runtimes: ['crun'], tests: ['io/c'] },
  ]);
});
