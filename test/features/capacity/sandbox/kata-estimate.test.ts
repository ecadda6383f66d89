import { describe, expect, test } from 'vitest';
import {
  kataCapture,
  kataDefaultMemory,
  kataEstimate,
} from '../../../../src/features/capacity/sandbox/runtime-class.ts';
import { capturedScan } from '../../../core/collect/cgroup/kata-captures.ts';

const kibibyte = 2 ** 10;
const mebibyte = 2 ** 20;

describe('the capture of Kata 3.25.0', () => {
  const captured = capturedScan('v2-virtiofs-3.25.0');
  const anonKib = (role: string) =>
    captured
      .filter((process) => process.role === role)
      .reduce((sum, { pssAnonBytes }) => sum + (pssAnonBytes ?? Number.NaN), 0) / kibibyte;

  test('is what the estimate is made of', () => {
    expect(kataCapture.hostSideKib).toEqual({
      shim: anonKib('shim'),
      virtiofsd: anonKib('virtiofsd'),
      qemu: anonKib('vmm'),
    });
    const shared = captured.reduce((sum, { pssShmemBytes }) => sum + (pssShmemBytes ?? Number.NaN), 0);
    expect(kataCapture.guestKib).toBe(shared / kibibyte);
  });

  test('was of a guest with the usual memory', () => {
    const { idleBytes, guestBytes } = kataEstimate(kataDefaultMemory);
    expect(guestBytes).toBe(2048 * mebibyte);
    expect(idleBytes).toBe(
      captured.reduce(
        (sum, { pssAnonBytes, pssShmemBytes }) => sum + (pssAnonBytes ?? 0) + (pssShmemBytes ?? 0),
        0,
      ),
    );
  });
});

test.each([256, 2048])('a guest of %d MiB needs itself and what is around it', (mib) => {
  const { podFixed, hostSideBytes, idleBytes } = kataEstimate(mib * mebibyte);
  expect(podFixed.memoryBytes - hostSideBytes - mib * mebibyte).toBeLessThan(mebibyte);
  expect(podFixed.memoryBytes).toBeGreaterThanOrEqual(mib * mebibyte + hostSideBytes);
  expect(idleBytes).toBeLessThanOrEqual(podFixed.memoryBytes);
  expect(podFixed.milliCpu).toBeNull();
});
