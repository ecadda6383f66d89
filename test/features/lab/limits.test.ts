import { describe, expect, test } from 'vitest';
import { presetDefaults } from '../../../src/core/config/presets.ts';
import { parseDuration } from '../../../src/core/config/quantities.ts';
import { presetSchema } from '../../../src/core/model/run/run.ts';
import {
  defaultMemoryMiB,
  durationText,
  emulatedMaxTime,
  guestLimits,
} from '../../../src/features/lab/limits.ts';

describe('time to measure where the user named none', () => {
  test.each(presetSchema.options)('%s: more under emulation, as ever under KVM', (preset) => {
    expect(emulatedMaxTime('kvm', preset)).toBe(null);
    expect(emulatedMaxTime('tcg', preset)).toBeGreaterThan(presetDefaults[preset].maxTimeMs);
  });

  test('is written so that the configuration reads the same', () => {
    const ms = emulatedMaxTime('tcg', 'quick') ?? 0;
    expect(parseDuration(durationText(ms))).toBe(ms);
  });
});

test('a guest has more time than its run, and boots slower under emulation', () => {
  for (const accelerator of ['kvm', 'tcg'] as const)
    expect(guestLimits(accelerator, 600_000).runMs).toBeGreaterThan(2 * 600_000);
  expect(guestLimits('tcg', null).bootMs).toBeGreaterThan(guestLimits('kvm', null).bootMs);
});

test('memory: half of the host, 4 GiB at most', () => {
  expect(defaultMemoryMiB(3 * 2 ** 30)).toBe(1536);
  expect(defaultMemoryMiB(64 * 2 ** 30)).toBe(4096);
});
