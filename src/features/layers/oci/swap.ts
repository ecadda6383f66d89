import { existsSync } from 'node:fs';

const swapFiles = [
  '/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes',
  '/sys/fs/cgroup/system.slice/memory.swap.max',
];

/** Does the kernel account for swap? Otherwise swap cannot be limited. */
export function kernelLimitsSwap(): boolean {
  return swapFiles.some((file) => existsSync(file));
}
