import { joined, quantity } from '../messages/compose.ts';
import type { Message, Value } from '../messages/message.ts';
import type { SummaryRow } from '../model/analysis.ts';
import { saidAs } from '../model/said.ts';

/** Notes of a row in the form of its record: clauses separated by semicolons. */
export function noteFields(notes: readonly Message[]): Pick<SummaryRow, 'note' | 'messages'> {
  const [only] = notes;
  if (only === undefined) return { note: '' };
  return saidAs('note', notes.length === 1 ? only : joined(notes, 'semicolon'));
}

/** `12 %`: distance of a ratio from 1, with two digits. */
export function percentFromOne(ratio: number | null): Value {
  const percent = Number((100 * ((ratio ?? 1) - 1)).toPrecision(2));
  const text = String(percent);
  // A quantity cannot show an infinity or an exponent as a number does.
  if (!/^-?\d+(\.\d+)?$/.test(text)) return `${text} %`;
  return quantity(percent, ' %', text.split('.')[1]?.length ?? 0);
}
