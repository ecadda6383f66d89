import type { Message } from '../../core/messages/message.ts';
import type { Analysis, SummaryRow } from '../../core/model/analysis/analysis.ts';
import type { RunRecord } from '../../core/model/run/run.ts';
import { isOfEmulator } from '../../core/model/trial/emulated-figure.ts';
import { words } from '../words/common.ts';

/** The warning that precedes all others: the processor was emulated; null if it was real. */
export function emulationDoubt({ host }: RunRecord): Message | null {
  return host.emulation === null ? null : words.emulated({ by: host.emulation });
}

/** Were the guests of this runtime emulated? */
export function hasEmulatedGuests(
  runtime: string,
  { emulatedGuests = [] }: Pick<Analysis, 'emulatedGuests'>,
): boolean {
  return emulatedGuests.some((guest) => guest.runtime === runtime);
}

/** Is this row a time, a rate or the memory of an emulated guest? */
export function ofEmulatedGuest(
  row: Pick<SummaryRow, 'runtime' | 'metric' | 'unit'>,
  analysis: Analysis,
): boolean {
  return isOfEmulator(row) && hasEmulatedGuests(row.runtime, analysis);
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
