import { pageBytes } from './memory-scripts.ts';

const mebibyte = 2 ** 20;

/** What a program of `memory/sized` holds, by the name of the size; bytes. */
export const heldSizes: Readonly<Record<string, number>> = {
  '16M': 16 * mebibyte,
  '64M': 64 * mebibyte,
  '256M': 256 * mebibyte,
  '512M': 512 * mebibyte,
};

/** Bytes of a size of {@link heldSizes}; null where there is no such size. */
export function heldBytes(size: string | number | undefined): number | null {
  return Object.entries(heldSizes).find(([name]) => name === size)?.[1] ?? null;
}

/**
 * Python (`-c`, argument: bytes): map that much anonymous memory, write a byte to each of its pages, print `held <bytes>`
 * and stay idle with it.
 */
export const heldScript = `
import mmap, sys, time
size, step = int(sys.argv[1]), 1 << 20
area = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
ones = b"\\x01" * (step // ${pageBytes})
for at in range(0, size, step):
    area[at:at + step:${pageBytes}] = ones
print("held", sum(area[::${pageBytes}]) * ${pageBytes}, flush=True)
time.sleep(3600)
`.trim();
