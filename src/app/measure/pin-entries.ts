import { pinEntry, verifiedPins } from '../../core/host/pins.ts';
import { pinName } from '../../core/model/pin-name.ts';
import type { RunRecord } from '../../core/model/run.ts';
import { refuseOtherCopy } from '../../features/nightly/pins/pin.ts';
import { openToRuntimes } from '../../features/nightly/pins/pin-copy.ts';
import type { Registered } from './registered.ts';

/**
 * The registered runtimes and the pinned copies of `pinned`, each checked by its sha256. A copy that a daemon has registered is
 * taken as it is there. OcibenchError (exit 2) where a copy is not as it was pinned, or another program has its name.
 */
export async function withPins(registered: Registered, pinned: readonly string[]): Promise<Registered> {
  const pins = await verifiedPins(pinned);
  for (const { runtime } of pins) {
    await refuseOtherCopy(runtime, registered.entries);
    await openToRuntimes(runtime);
  }
  const known = new Set(registered.entries.map(({ name }) => name));
  const copies = pins.map(pinEntry).filter(({ name }) => !known.has(name));
  return { ...registered, entries: [...registered.entries, ...copies] };
}

/** The runtimes of a run whose pinned copies it measured without a daemon that had them registered. */
export function pinnedIn({ runtimes }: Pick<RunRecord, 'runtimes'>): readonly string[] {
  return runtimes.flatMap(({ entry }) =>
    entry.origin === 'pin' ? [entry.name.slice(0, -pinName('').length)] : [],
  );
}
