import { expect, test } from 'vitest';
import {
  cpuQuantity,
  memoryQuantity,
  objectName,
  wholeMebibytes,
  wholeMilliCpus,
} from '../../../../src/features/capacity/overhead/quantity.ts';

test.each([
  [0, '0Mi'],
  [-5, '0Mi'],
  [1, '1Mi'],
  [2 ** 20, '1Mi'],
  [2 ** 20 + 1, '2Mi'],
  [38.2 * 2 ** 20, '39Mi'],
])('%d bytes are %s', (bytes, quantity) => {
  expect(memoryQuantity(bytes)).toBe(quantity);
  expect(wholeMebibytes(bytes)).toBeGreaterThanOrEqual(bytes);
});

test.each([
  [0, '1m'],
  [-0.001, '1m'],
  [0.0001, '1m'],
  [0.003, '3m'],
  [0.0031, '4m'],
  [0.007, '7m'],
])('%d CPUs are %s', (cpus, quantity) => {
  expect(cpuQuantity(wholeMilliCpus(cpus))).toBe(quantity);
});

test.each([
  ['runsc', 'runsc'],
  ['runsc-ptrace', 'runsc-ptrace'],
  ['io.containerd.runsc.v1', 'io-containerd-runsc-v1'],
  ['Kata_QEMU', 'kata-qemu'],
  ['--', 'runtime'],
  ['"\n  x: y', 'x-y'],
  [`${'a'.repeat(62)}.b`, 'a'.repeat(62)],
])('%j is called %s', (name, label) => {
  expect(objectName(name)).toBe(label);
  expect(label).toMatch(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
});
