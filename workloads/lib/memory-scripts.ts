import { pythonStamp } from '../../src/core/model/trial/stamped.ts';

/**
 * Python: `stamp('begin')` and `stamp('end')` print the stamps of `src/core/model/trial/stamped.ts` from inside the program, so
 * that the interpreter's own start is not in the window. Five of each, 2 ms apart, by CLOCK_REALTIME. Put this before a
 * script that runs with `-c`; it imports `time`.
 */
export const pythonStamps = `
import time
def stamp(edge):
    for _ in range(5):
        ${pythonStamp}
`.trim();

/**
 * Command of a Python script: the script as an argument, without site packages and without the environment's settings.
 */
export function python(script: string, ...argv: readonly (string | number)[]): readonly string[] {
  return ['/usr/bin/python3', '-I', '-S', '-c', script, ...argv.map(String)];
}

/** Bytes of a page on the supported architectures (x86-64, and arm64 in its usual configuration). */
export const pageBytes = 4096;

/**
 * Python (`-c`, arguments: bytes, rounds), with its own stamps. Each round maps that much anonymous memory, writes a
 * byte to each page, does so again, and unmaps it. The loops over the pages are one strided copy each, in C. Prints a
 * line `round <map and first touch ns> <second touch ns> <unmap ns>` per round, by CLOCK_MONOTONIC.
 */
export const faultScript = `
${pythonStamps}
import mmap, sys
now = time.perf_counter_ns
size, rounds = int(sys.argv[1]), int(sys.argv[2])
ones = b"\\x01" * (size // ${pageBytes})
lines = []
stamp("begin")
for _ in range(rounds):
    t0 = now()
    area = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    area[::${pageBytes}] = ones
    t1 = now()
    area[::${pageBytes}] = ones
    t2 = now()
    area.close()
    t3 = now()
    lines.append(("round", t1 - t0, t2 - t1, t3 - t2))
stamp("end")
for line in lines:
    print(*line)
`.trim();

/**
 * Python (`-c`, arguments: bytes, bytes to read): map that much anonymous memory, read a byte of each page of the first
 * part without ever writing, print `read <bytes> <ns> <sum of the bytes>` and stay idle.
 */
export const zeroPageScript = `
import mmap, sys, time
size, read = int(sys.argv[1]), int(sys.argv[2])
area = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
t0 = time.perf_counter_ns()
got = area[:read:${pageBytes}]
t1 = time.perf_counter_ns()
print("read", len(got) * ${pageBytes}, t1 - t0, sum(got), flush=True)
time.sleep(3600)
`.trim();

/**
 * Python (`-c`, argument: bytes): map that much anonymous memory, touch it from the start in steps of 1 MiB and print
 * `touched <MiB>` after each; at the end `survived`.
 */
export const touchScript = `
import mmap, sys
size, step = int(sys.argv[1]), 1 << 20
area = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
ones = b"\\x01" * (step // ${pageBytes})
for at in range(0, size, step):
    area[at:at + step:${pageBytes}] = ones
    print("touched", (at + step) >> 20, flush=True)
print("survived", flush=True)
`.trim();

const mebibyte = 2 ** 20;

/** Memory that a program of `memory/sized` holds: name of the size → bytes. */
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
