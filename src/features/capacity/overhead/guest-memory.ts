import type { RuntimeFacts } from '../../../core/model/runtime/runtime.ts';
import { aroundGuest } from '../../../core/runtimes/guest/guest-memory.ts';
import { familyOf } from '../../../core/runtimes/registry.ts';
import type { ComputedOverhead, GuestMemory } from './overhead-record.ts';
import { type MeasuredRun, partWorkloads, trialsOf } from './parts.ts';
import { wholeMebibytes } from './quantity.ts';

const kibibyte = 2 ** 10;

/**
 * One idle container (`sleep`) of Kata 3.25.0 with QEMU and virtio-fs, measured on the host: `Pss_Anon` and `Pss_Shmem` of its
 * processes, KiB (docs/accounting.md). QEMU ran without KVM, so its anonymous memory includes translated code: 80 to 106 MiB in
 * other guests. It is not subtracted, since the capture holds sums of mappings only (smaps_rollup). The agent in the guest was a
 * stub.
 */
export const kataCapture = {
  version: '3.25.0',
  emulation: 'QEMU TCG',
  /** Shim, virtiofsd and its child, QEMU without the guest's memory. */
  hostSideKib: { shim: 7_972, virtiofsd: 242 + 382, qemu: 168_624 },
  /** Touched memory of the guest; QEMU and a virtiofsd map it. */
  guestKib: 276_026 + 1_966,
} as const;

/**
 * Memory overhead of a Kata sandbox whose guest has `default_memory` + the container's limit. The program gets the limit; the
 * rest of the guest and the processes around it are overhead. A guest keeps all memory it has touched, page cache included, so
 * in time it uses all of its memory.
 */
export function kataEstimate(guestBytes: number): ComputedOverhead {
  const { version, emulation, hostSideKib, guestKib } = kataCapture;
  const hostSideBytes = Object.values(hostSideKib).reduce((sum, part) => sum + part, 0) * kibibyte;
  return {
    runtime: 'kata',
    family: 'kata',
    version,
    emulation,
    guestBytes,
    idleBytes: hostSideBytes + Math.min(guestBytes, guestKib * kibibyte),
    hostSideBytes,
    podFixed: { memoryBytes: wholeMebibytes(guestBytes + hostSideBytes), milliCpu: null },
  };
}

/** Memory around each guest of a runtime that was measured; empty if none of its guests was seen. */
function aroundGuests(
  measured: MeasuredRun,
  { entry, family }: Pick<RuntimeFacts, 'entry' | 'family'>,
): readonly NonNullable<ReturnType<typeof aroundGuest>>[] {
  return trialsOf(measured, entry.name, partWorkloads.sized).flatMap(
    ({ processes }) => aroundGuest(processes, family) ?? [],
  );
}

/** Do a runtime's containers run in guests of which none was among the processes that were read? Then their memory is unknown. */
export function lacksGuests(measured: MeasuredRun, facts: Pick<RuntimeFacts, 'entry' | 'family'>): boolean {
  return familyOf(facts.family).kernel === 'guest' && aroundGuests(measured, facts).length === 0;
}

/**
 * What a measured runtime's guests take beside what their containers hold; null if its containers run in no guest, or none was
 * seen. Where the guest's memory cannot be told from the monitor's, all that a sandbox holds at rest
 * (`fixedBytes`) counts as around the guest: too much rather than too little. `defaultBytes`: `default_memory`.
 */
export function guestMemory(
  measured: MeasuredRun,
  facts: Pick<RuntimeFacts, 'entry' | 'family'>,
  { defaultBytes, fixedBytes }: { readonly defaultBytes: number; readonly fixedBytes: number },
): GuestMemory | null {
  const found = familyOf(facts.family).kernel === 'guest' ? aroundGuests(measured, facts) : [];
  if (found.length === 0) return null;
  const isApart = found.every((each) => each.isApart);
  const hostSideBytes = isApart ? Math.max(...found.map(({ bytes }) => bytes)) : fixedBytes;
  return { defaultBytes, hostSideBytes, isApart };
}
