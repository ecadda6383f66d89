import { expect, test } from 'vitest';
import { isRunning, livenessOf, ownIdentity } from '../../../src/core/host/process-identity.ts';

test('this process runs; one of another boot of this host is gone', () => {
  expect(livenessOf(ownIdentity())).toBe('running');
  expect(livenessOf({ ...ownIdentity(), bootId: '00000000-0000-0000-0000-000000000000' })).toBe('gone');
  expect(livenessOf({ ...ownIdentity(), startTime: '1' })).toBe('gone');
});

test('of a process of another host that shares a directory nothing is known, so that it counts as alive', () => {
  const elsewhere = {
    ...ownIdentity(),
    host: '0123456789abcdef',
    bootId: '00000000-0000-0000-0000-000000000000',
  };
  expect(livenessOf(elsewhere)).toBe('unknown');
  expect(isRunning(elsewhere)).toBe(false);
});
