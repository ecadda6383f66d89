import type { ComputedOverhead } from './overhead-record.ts';
import { wholeMebibytes } from './quantity.ts';

const kibibyte = 2 ** 10;

/**
 * One idle container (`sleep`) of Kata 3.25.0 with QEMU and virtio-fs, as its host saw it: `Pss_Anon` and `Pss_Shmem` of its
 * processes, KiB (docs/accounting.md). QEMU ran without KVM, whose translated code is in its anonymous memory, and the
 * agent in the guest was a stand-in.
 */
export const kataCapture = {
  version: '3.25.0',
  /** Shim, virtiofsd and its child, QEMU without the guest's memory. */
  hostSideKib: { shim: 7_972, virtiofsd: 242 + 382, qemu: 168_624 },
  /** The guest's memory that had been touched; QEMU and a virtiofsd map it. */
  guestKib: 276_026 + 1_966,
} as const;

/** `default_memory` of Kata's own configuration files, bytes. */
export const kataDefaultMemory = 2 ** 31;

/**
 * What a sandbox of Kata takes, for a guest of `default_memory` + the container's limit. The program has the limit; all else
 * of the guest, and the processes around it, is overhead. A guest keeps what it has touched, its page cache included, so
 * in time it takes all of its memory.
 */
export function kataEstimate(guestBytes: number): ComputedOverhead {
  const { version, hostSideKib, guestKib } = kataCapture;
  const hostSideBytes = Object.values(hostSideKib).reduce((sum, part) => sum + part, 0) * kibibyte;
  return {
    runtime: 'kata',
    family: 'kata',
    version,
    guestBytes,
    idleBytes: hostSideBytes + Math.min(guestBytes, guestKib * kibibyte),
    hostSideBytes,
    podFixed: { memoryBytes: wholeMebibytes(guestBytes + hostSideBytes), milliCpu: null },
  };
}
