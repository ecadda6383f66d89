import { capabilities } from '../../src/core/model/capability.ts';

/**
 * Names of the set bits of a mask of /proc/PID/status (hex, 16 digits); `bit N` where the kernel is newer than the
 * table.
 */
export function capabilityNames(hex: string): readonly string[] {
  const mask = BigInt(`0x${hex}`);
  return Array.from({ length: 64 }, (_, bit) => bit)
    .filter((bit) => (mask >> BigInt(bit)) & 1n)
    .map((bit) => capabilities[bit] ?? `bit ${bit}`);
}
