import { expect, test } from 'vitest';
import { pseudonymOf } from '../../../src/core/host/host-identity.ts';
import { isOneHost } from '../../../src/core/host/one-host.ts';

const host = { id: 'a'.repeat(16), hostname: 'vm', cpuModel: 'CPU', memoryBytes: 2 ** 30 };
const { id: _, ...unnamed } = host;

test('ids decide, whatever the host is called; a published run has the pseudonym of one', () => {
  const published = { ...host, id: pseudonymOf(host.id), hostname: 'host-1' };
  expect(isOneHost(host, { ...host, hostname: 'other' })).toBe(true);
  expect(isOneHost(host, { ...host, id: 'b'.repeat(16) })).toBe(false);
  expect([isOneHost(host, published), isOneHost(published, host)]).toEqual([true, true]);
});

test('without an id, name, processor and memory decide', () => {
  expect(isOneHost(unnamed, host)).toBe(true);
  expect(isOneHost({ ...unnamed, id: null }, unnamed)).toBe(true);
  for (const change of [{ hostname: 'other' }, { cpuModel: 'other' }, { memoryBytes: 1 }])
    expect(isOneHost({ ...unnamed, ...change }, host)).toBe(false);
});
