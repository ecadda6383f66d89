import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parseHostCpu,
  parseLoadAverage,
  parseSomePressure,
  parseSwapIn,
  takeHostSnapshot,
} from '../../../src/core/collect/host-snapshot.ts';
import { type HostSnapshot, noiseBetween, type OwnLoad } from '../../../src/core/collect/noise.ts';
import { noiseSchema } from '../../../src/core/model/trial/trial.ts';
import { fixture } from './fixture-files.ts';

const second = 1e9;
const before: HostSnapshot = {
  atNs: 5 * second,
  cpus: 2,
  busyNs: 100 * second,
  stealNs: second,
  loadAverage1: 0.5,
  cpuPressureNs: 0,
  ioPressureNs: 0,
  memoryPressureNs: 0,
  swapInPages: 7,
  frequencyKHz: 3_000_000,
  thermalEvents: 2,
};
const quiet: HostSnapshot = { ...before, atNs: 6 * second, busyNs: 101 * second };
const own: OwnLoad = {
  cpuNs: 0.95 * second,
  otherCpuNs: null,
  cpuPressureNs: 0,
  ioPressureNs: 0,
  memoryPressureNs: 0,
};
const flags = (after: Partial<HostSnapshot>, load: Partial<OwnLoad> = {}) =>
  noiseBetween(before, { ...quiet, ...after }, { ...own, ...load }).flags;

describe('host files', () => {
  test('captured', () => {
    expect(parseHostCpu(fixture('host', 'stat'))).toEqual({
      busyNs: (14808 + 110 + 9809 + 0 + 123) * 1e7,
      stealNs: 59 * 1e7,
      cpus: 2,
    });
    expect(parseLoadAverage(fixture('host', 'loadavg'))).toBe(0.41);
    expect(parseSomePressure(fixture('host', 'pressure-cpu'))).toBe(34_249_170_000);
    expect(parseSwapIn(fixture('host', 'vmstat'))).toBe(0);
  });

  test('garbage is null', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(
          [parseHostCpu, parseLoadAverage, parseSomePressure, parseSwapIn].map((parse) => parse(text)),
        ).toEqual([null, null, null, null]);
      }),
    );
    expect(parseHostCpu('cpu  1 2 3\ncpu0 1 2 3\n')).toBeNull();
  });

  test('this host', () => {
    const snapshot = takeHostSnapshot();
    expect(snapshot.cpus).toBeGreaterThan(0);
    expect(snapshot.busyNs).toBeGreaterThan(0);
    const later = takeHostSnapshot();
    expect(noiseSchema.parse(noiseBetween(snapshot, later, own)).wallNs).toBeGreaterThan(0);
  });

  test('a host without any of the files', () => {
    const nothing = takeHostSnapshot({ proc: '/nonexistent', sys: '/nonexistent' });
    const noise = noiseBetween(nothing, takeHostSnapshot({ proc: '/nonexistent', sys: '/nonexistent' }), own);
    expect(noise).toMatchObject({
      stealNs: null,
      busyNs: null,
      loadAverage1: null,
      swapInPages: null,
      flags: [],
    });
  });
});

describe('noise', () => {
  test('differences, and no flag on a quiet host', () => {
    expect(noiseBetween(before, quiet, own)).toEqual({
      stealNs: 0,
      busyNs: second,
      wallNs: second,
      loadAverage1: 0.5,
      cpuPressureNs: 0,
      ioPressureNs: 0,
      memoryPressureNs: 0,
      swapInPages: 0,
      frequencyKHz: 3_000_000,
      flags: [],
    });
  });

  test('steal above 1 % of the CPUs’ time', () => {
    expect(flags({ stealNs: 1.02 * second })).toEqual([]);
    expect(flags({ stealNs: 1.03 * second })).toEqual(['steal>1%']);
  });

  test('load that is not the trial’s, above 10 % of the CPUs’ time', () => {
    expect(flags({}, { cpuNs: 0.81 * second })).toEqual([]);
    expect(flags({}, { cpuNs: 0.79 * second })).toEqual(['other-load>10%']);
    expect(flags({}, { cpuNs: null })).toEqual([]);
  });

  test('load that is known to be of others, where the engine’s own is not', () => {
    expect(flags({}, { cpuNs: null, otherCpuNs: 0.19 * second })).toEqual([]);
    expect(flags({}, { cpuNs: null, otherCpuNs: 0.21 * second })).toEqual(['other-load>10%']);
    expect(flags({}, { otherCpuNs: 0.21 * second })).toEqual([]);
    expect(noiseBetween(before, quiet, { ...own, cpuNs: null, otherCpuNs: 7 })).toMatchObject({
      otherCpuNs: 7,
    });
    expect(noiseBetween(before, quiet, own)).not.toHaveProperty('otherCpuNs');
  });

  test('a short trial is not flagged for the 10 ms steps of /proc/stat', () => {
    expect(flags({ atNs: 5.05 * second, busyNs: 100.04 * second }, { cpuNs: 0 })).toEqual([]);
  });

  test('pressure beyond the trial’s own; none where its own is not known', () => {
    expect(flags({ cpuPressureNs: 0.9 * second }, { cpuPressureNs: 0.8 * second })).toEqual([]);
    expect(flags({ cpuPressureNs: 0.9 * second }, { cpuPressureNs: 0.6 * second })).toEqual([
      'cpu-pressure>25%',
    ]);
    expect(
      flags(
        { cpuPressureNs: 0.9 * second, ioPressureNs: 0.9 * second },
        { cpuPressureNs: null, ioPressureNs: null },
      ),
    ).toEqual([]);
    expect(flags({ memoryPressureNs: 0.02 * second })).toEqual(['memory-pressure>1%']);
    expect(flags({ ioPressureNs: 0.3 * second })).toEqual(['io-pressure>25%']);
  });

  test('one page swapped in, one throttling event', () => {
    expect(flags({ swapInPages: 8 })).toEqual(['swap-in']);
    expect(flags({ thermalEvents: 3 })).toEqual(['thermal-throttling']);
  });
});
