import type { Message } from '../core/messages/message.ts';
import type { Analysis, SummaryRow } from '../core/model/analysis.ts';
import type { RunRecord } from '../core/model/run.ts';
import { words } from './words/common.ts';

/** The warning that precedes all others: the processor was emulated; null if it was real. */
export function emulationDoubt({ host }: RunRecord): Message | null {
  return host.emulation === null ? null : words.emulated({ by: host.emulation });
}

/** Is this row a time or rate measured in an emulated guest? */
export function ofEmulatedGuest(
  { runtime, unit }: Pick<SummaryRow, 'runtime' | 'unit'>,
  { emulatedGuests = [] }: Analysis,
): boolean {
  const timed = unit === 'ns' || unit === 'ns/op' || unit === 'ops/s' || unit === 'bytes/s';
  return timed && emulatedGuests.some((guest) => guest.runtime === runtime);
}

/** The analysis' warnings, except those for which the report has its own words. */
export function otherDoubts({ warnings }: Analysis): Analysis['warnings'] {
  return warnings.filter(({ code }) => code !== 'emulated');
}

/** First word of summary.csv's notes if the processor was emulated. */
const emulatedNote = 'emulated';

/** A note with that mark: `emulated`, or `emulated; ` and the note. */
export function markedNote(note: string): string {
  return note === '' ? emulatedNote : `${emulatedNote}; ${note}`;
}
