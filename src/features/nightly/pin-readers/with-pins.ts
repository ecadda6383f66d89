import type { ReadPins } from '../../../app/ports.ts';
import { notices, type Reason, reasons } from '../../../core/messages/define.ts';
import { type OcibenchError, refusal } from '../../../core/model/failure/error.ts';
import { pinName } from '../../../core/model/names.ts';
import type { RuntimeEntry } from '../../../core/model/runtime/runtime.ts';
import { openToRuntimes, pinEntry, pinnedNames, readPin, verifiedPins } from '../app/pins/pinned-copies.ts';

const text = notices('pin', { cannot: '{runtime} cannot be pinned' });
const why = reasons('pin', {
  taken: {
    message: 'another runtime is registered as {name}, the name of the copy',
    fix: 'give that runtime another name',
  },
});

/** Why a runtime cannot be pinned, or used with its pin. */
export function refusePin(runtime: string, reason: Reason): OcibenchError {
  return refusal(text.cannot({ runtime }), { file: 'ocibench nightly pin', key: runtime }, reason);
}

/** OcibenchError (exit 2) where another program is registered under the name of the runtime's pinned copy. */
export async function refuseOtherCopy(runtime: string, entries: readonly RuntimeEntry[]): Promise<void> {
  const name = pinName(runtime);
  const there = entries.find((entry) => entry.name === name);
  if (there === undefined) return;
  const own = (await pinnedNames()).includes(runtime) ? pinEntry(await readPin(runtime)).path : null;
  if (there.path !== own) throw refusePin(runtime, why.taken({ name }));
}

/** Adds the pinned copies, each checked by its sha256. A copy that a daemon has registered is used as registered. */
export default (async (registered, pinned) => {
  const pins = await verifiedPins(pinned);
  for (const { runtime } of pins) {
    await refuseOtherCopy(runtime, registered.entries);
    await openToRuntimes(runtime);
  }
  const known = new Set(registered.entries.map(({ name }) => name));
  const copies = pins.map(pinEntry).filter(({ name }) => !known.has(name));
  return { ...registered, entries: [...registered.entries, ...copies] };
}) satisfies ReadPins;
