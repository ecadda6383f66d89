import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  parseAvailable,
  parsePerCpuFree,
  readAvailable,
} from '../../../../src/core/collect/process/host-memory.ts';

/** Two zones and two CPUs of x86 (4 KiB): 6 016 000 pages are managed. */
const zoneinfo = `Node 0, zone      DMA
  pages free     3840
        managed  3840
  pagesets
    cpu: 0
              count:    0
              high:     0
              batch:    1
Node 0, zone   Normal
  pages free     5600000
        managed  6012160
  pagesets
    cpu: 0
              count:    24704
              high:     29603
    cpu: 1
              count:    24880
              high:     54780
`;
const meminfo = (totalKb: number) => `MemTotal:       ${totalKb} kB\nMemAvailable:   1000 kB\n`;

test('free pages of the CPUs count as available, in pages of the size that both files agree on', () => {
  expect(parsePerCpuFree(zoneinfo, meminfo(4 * 6_016_000))).toBe((24_704 + 24_880) * 4096);
  // An arm64 with pages of 64 KiB.
  expect(parsePerCpuFree(zoneinfo, meminfo(64 * 6_016_000))).toBe((24_704 + 24_880) * 65_536);
  expect(parseAvailable(meminfo(4 * 6_016_000), zoneinfo)).toBe(1_024_000 + (24_704 + 24_880) * 4096);
});

test('what cannot be told adds nothing: a container’s own MemTotal, no zones, no total', () => {
  expect(parsePerCpuFree(zoneinfo, meminfo(2_097_152))).toBe(0);
  expect(parsePerCpuFree('', meminfo(24_064_000))).toBe(0);
  expect(parsePerCpuFree(zoneinfo, '')).toBe(0);
  expect(parseAvailable('MemTotal: 5 kB\n', zoneinfo)).toBeNull();
  expect(parseAvailable(meminfo(2_097_152), zoneinfo)).toBe(1_024_000);
});

test('this host: no less than MemAvailable says, and no more than there is', () => {
  const text = readFileSync('/proc/meminfo', 'utf8');
  const total = Number(/^MemTotal: +(\d+)/m.exec(text)?.[1]) * 1024;
  const free = parsePerCpuFree(readFileSync('/proc/zoneinfo', 'utf8'), text);
  expect(free).toBeGreaterThanOrEqual(0);
  expect(free).toBeLessThan(total);
  expect(readAvailable()).toBeGreaterThan(0);
});
