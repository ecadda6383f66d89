import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countSandboxHelpers } from '../../../../src/core/collect/process/scan.ts';

const fixtures = join(import.meta.dirname, '../../../fixtures');

test('shim, sentry and gofer of a gVisor container are seen, of any engine', () => {
  expect(countSandboxHelpers(join(fixtures, 'proc/runsc-idle/proc'))).toBe(3);
});

test('so are the shim, the virtual machine and its helpers of Kata', () => {
  expect(countSandboxHelpers(join(fixtures, 'kata/v2-virtiofs/proc'))).toBe(4);
});

test('a host without containers has none', () => {
  expect(countSandboxHelpers(join(fixtures, 'host'))).toBe(0);
});
