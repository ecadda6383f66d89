import { external, joined } from '../../../core/messages/compose.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { saidAs } from '../../../core/model/said.ts';
import type { CalibrationCheck } from './calibration.ts';

/** Title and note of a check, with the messages of both. */
export function titledAndNoted(title: Message, notes: readonly Message[]) {
  const [only] = notes;
  const note = notes.length > 1 ? joined(notes, 'semicolon') : (only ?? external(''));
  const texts = { ...saidAs('title', title).messages, ...saidAs('note', note).messages };
  return {
    title: title.text,
    note: note.text,
    ...(Object.keys(texts).length === 0 ? {} : { messages: texts }),
  };
}

/** The check with one more note. */
export function withNote(check: CalibrationCheck, note: Message): CalibrationCheck {
  const notes = check.note === '' ? [note] : [recalled(check, 'note'), note];
  return { ...check, ...titledAndNoted(recalled(check, 'title'), notes) };
}
