import { expect, test } from 'vitest';
import { figuresFromV2 } from '../../../../src/core/collect/cgroup/layout.ts';
import {
  parseHostCpu,
  parseLoadAverage,
  parseSomePressure,
} from '../../../../src/core/collect/host-snapshot.ts';
import { parseAvailable, parsePerCpuFree } from '../../../../src/core/collect/process/host-memory.ts';
import { parseKibibytes, parsePssParts } from '../../../../src/core/collect/process/read.ts';

/** A file that something else than the kernel put there: as a number it would be Infinity. */
const digits = '9'.repeat(400);

test('more digits than the kernel has are no number, and never an infinity', () => {
  expect(parseKibibytes(`Pss: ${digits} kB\n`, 'Pss')).toBeNull();
  expect(parsePssParts(`Pss_Anon: 1 kB\nPss_File: ${digits} kB\nPss_Shmem: 1 kB\n`)).toBeNull();
  expect(parseAvailable(`MemAvailable: ${digits} kB\n`, '')).toBeNull();
  expect(parsePerCpuFree(`  managed 1024\n  count: ${digits}\n`, 'MemTotal: 4096 kB\n')).toBe(0);
  expect(parseKibibytes(`MemTotal: ${digits} kB\n`, 'MemTotal')).toBeNull();
  expect(parseSomePressure(`some avg10=0.00 total=${digits}\n`)).toBeNull();
  expect(parseLoadAverage(`${digits}.0 0 0\n`)).toBeNull();
  expect(parseHostCpu(`cpu  ${digits} 0 0 0 0 0 0 0\ncpu0 0\n`)).toBeNull();
  const figures = figuresFromV2({ 'cpu.pressure': { text: `some avg10=0.00 total=${digits}\n` } });
  expect(figures['pressure.cpu.some']).toMatchObject({ absent: expect.any(String) });
});
