import type { Params } from '../../src/core/model/trial/cell.ts';

/** How a runtime that runs WebAssembly executes a program of {@link wasmPrograms}; the parameter `code` of its workloads. */
const wasmCode = ['interpreted', 'compiled'] as const;

/** Meaning of the parameter `code`. */
export const wasmCodeMeaning =
  'how a WebAssembly runtime executes the module: `interpreted` as clang made it, or `compiled` ahead to machine code by `wasmedge compile`, when the image was built. Other runtimes run the native program in both';

/** Every parameter set of a workload of these programs. */
export const wasmCodes: readonly Params[] = wasmCode.map((code) => ({ code }));

/** Directory of the programs in the image `wasm`. */
export const wasmDirectory = '/wasm';

/** Path of the native program. */
export function nativeProgram(name: keyof typeof wasmPrograms): string {
  return `${wasmDirectory}/${name}`;
}

/** Path of the same program as a module, for `code`. RangeError for another value. */
export function wasmModule(name: keyof typeof wasmPrograms, { code }: Params): string {
  if (code !== 'interpreted' && code !== 'compiled') throw new RangeError(`there is no code=${code}`);
  return `${nativeProgram(name)}${code === 'compiled' ? '.ahead' : ''}.wasm`;
}

/** The line that the program `start` prints. */
export const startLine = 'ocibench';

/**
 * Rounds of the program `cpu`, and steps of each: many where it runs as machine code, few where it is interpreted. A round takes
 * tens of milliseconds in either case.
 */
export const cpuRounds = 9;
export const cpuSteps = { many: 20_000_000, few: 100_000 } as const;
/** The program makes `few` steps this often before the rounds. Where the fastest takes less than the limit, ns, it makes `many`. */
const cpuTries = { count: 3, limitNs: 2_000_000 } as const;

/** Files of each round of the program `files`, bytes of each, and rounds. */
export const wasmFiles = 100;
export const wasmFileBytes = 1024;
export const wasmFileRounds = 5;

const clock = `static unsigned long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000ULL + t.tv_nsec;
}`;

/**
 * C sources, which compile for Linux and for WASI.
 *
 * - `start` prints {@link startLine} without stdio; with an argument it then sleeps until it is ended.
 * - `cpu` draws 64-bit numbers (xorshift64, Marsaglia 2003) and adds each to a cell of a table of 64 KiB. It prints the time of
 *   each round, ns of CLOCK_MONOTONIC, and a checksum, which tells the number of steps.
 * - `files` creates files in /files, reads and deletes them. It prints the time of each phase of each round.
 */
export const wasmPrograms = {
  start: `#include <unistd.h>
int main(int count, char **words) {
  (void)words;
  if (write(1, "${startLine}\\n", ${startLine.length + 1}) != ${startLine.length + 1}) return 1;
  while (count > 1) sleep(3600);
  return 0;
}`,
  cpu: `#include <stdint.h>
#include <stdio.h>
#include <time.h>
${clock}
static uint64_t table[8192], state = 88172645463325252ULL;
static unsigned long long run(int steps) {
  uint64_t x = state;
  unsigned long long begin = now();
  for (int step = 0; step < steps; step++) {
    x ^= x << 13; x ^= x >> 7; x ^= x << 17;
    table[x & 8191] += x;
  }
  state = x;
  return now() - begin;
}
int main(void) {
  uint64_t sum = 0;
  unsigned long long took[${cpuRounds}], fastest = ~0ULL;
  for (int i = 0; i < ${cpuTries.count}; i++) {
    unsigned long long ns = run(${cpuSteps.few});
    if (ns < fastest) fastest = ns;
  }
  int steps = fastest < ${cpuTries.limitNs} ? ${cpuSteps.many} : ${cpuSteps.few};
  for (int round = 0; round < ${cpuRounds}; round++) took[round] = run(steps);
  for (int i = 0; i < 8192; i++) sum = (sum << 1 | sum >> 63) ^ table[i];
  for (int round = 0; round < ${cpuRounds}; round++) printf("round %llu\\n", took[round]);
  printf("checksum %016llx\\n", (unsigned long long)sum);
  return 0;
}`,
  files: `#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
${clock}
static int failed(const char *what) { perror(what); return 1; }
int main(void) {
  char path[32], data[${wasmFileBytes}], found[2 * ${wasmFileBytes}];
  unsigned long long at[${wasmFileRounds}][4];
  memset(data, 'x', sizeof data);
  if (mkdir("/files", 0755) != 0) return failed("mkdir");
  for (int round = 0; round < ${wasmFileRounds}; round++) {
    at[round][0] = now();
    for (int i = 0; i < ${wasmFiles}; i++) {
      snprintf(path, sizeof path, "/files/%d", i);
      int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);
      if (fd < 0 || write(fd, data, sizeof data) != sizeof data || close(fd) != 0) return failed("create");
    }
    at[round][1] = now();
    for (int i = 0; i < ${wasmFiles}; i++) {
      snprintf(path, sizeof path, "/files/%d", i);
      int fd = open(path, O_RDONLY);
      if (fd < 0 || read(fd, found, sizeof found) != sizeof data || close(fd) != 0) return failed("read");
      if (memcmp(data, found, sizeof data) != 0) return fputs("other content\\n", stderr), 1;
    }
    at[round][2] = now();
    for (int i = 0; i < ${wasmFiles}; i++) {
      snprintf(path, sizeof path, "/files/%d", i);
      if (unlink(path) != 0) return failed("delete");
    }
    at[round][3] = now();
  }
  for (int round = 0; round < ${wasmFileRounds}; round++)
    printf("round %llu %llu %llu\\n", at[round][1] - at[round][0], at[round][2] - at[round][1],
           at[round][3] - at[round][2]);
  return 0;
}`,
} as const;
