import type { Message } from '../messages/message.ts';
import type { Analysis, SummaryRow } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import { words } from './words/common.ts';

/** The doubt that goes before all others; null where the processor was a real one. */
export function emulationDoubt({ host }: RunRecord): Message | null {
  return host.emulation === null ? null : words.emulated({ by: host.emulation });
}

/** Is this row a time or a rate of a guest that was executed in software? */
export function ofEmulatedGuest(
  { runtime, unit }: Pick<SummaryRow, 'runtime' | 'unit'>,
  { emulatedGuests = [] }: Analysis,
): boolean {
  const timed = unit === 'ns' || unit === 'ns/op' || unit === 'ops/s' || unit === 'bytes/s';
  return timed && emulatedGuests.some((guest) => guest.runtime === runtime);
}

/** The analysis' doubts without those that the report has words of its own for. */
export function otherDoubts({ warnings }: Analysis): Analysis['warnings'] {
  return warnings.filter(({ code }) => code !== 'emulated');
}

/** What the notes of summary.csv begin with where the processor was emulated. */
const emulatedNote = 'emulated';

/** A note with the mark before it: `emulated`, or `emulated; ` and the note. */
export function markedNote(note: string): string {
  return note === '' ? emulatedNote : `${emulatedNote}; ${note}`;
}
