import { defaultMemoryOf } from '../../core/runtimes/guest/guest-memory.ts';
import { familyOf } from '../../core/runtimes/registry.ts';
import type { MoveRecord } from './record.ts';

/** Memory that a guest takes of the host in time, beside what its programs hold: all of its own, and what is around it, bytes. */
export interface GuestTakes {
  readonly defaultBytes: number;
  readonly aroundBytes: number;
}

/** Do the containers of this runtime run in guests? */
export function startsGuests({ runtimes }: Pick<MoveRecord, 'runtimes'>, runtime: string): boolean {
  return familyOf(runtimes.find(({ entry }) => entry.name === runtime)?.family).kernel === 'guest';
}

/** The software emulator of a runtime's guests (`QEMU TCG`); null where nothing proves emulation. */
export function emulatorOf({ runtimes }: Pick<MoveRecord, 'runtimes'>, runtime: string): string | null {
  return runtimes.find(({ entry }) => entry.name === runtime)?.vm?.emulation ?? null;
}

/**
 * What each guest of a runtime takes in time; null if its containers run in none, or none was measured. It has `default_memory`
 * beside the limits of its containers, and a guest keeps all memory that it has touched. Where its memory could not be told
 * from the monitor's, all that the largest held at rest counts as around it: too much rather than too little.
 */
export function guestTakes(move: Pick<MoveRecord, 'runtimes' | 'cost'>, runtime: string): GuestTakes | null {
  const { cost } = move;
  if (cost === undefined || !startsGuests(move, runtime)) return null;
  const moved = new Set(cost.moved[runtime] ?? []);
  const used = cost.measured
    .filter((each) => each.runtime === runtime && each.failure === null)
    .flatMap(({ services }) => services.filter(({ service }) => moved.has(service)));
  const around = used.map(({ aroundGuestBytes }) => aroundGuestBytes ?? null);
  const held = used.map(({ privateBytes }) => privateBytes);
  const known = (around.includes(null) ? held : around).filter((bytes) => bytes !== null);
  if (known.length === 0) return null;
  const defaultBytes = defaultMemoryOf(move.runtimes.find(({ entry }) => entry.name === runtime));
  return { defaultBytes, aroundBytes: Math.max(...known) };
}
