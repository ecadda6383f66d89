import type { Message, Values } from '../../src/core/messages/message.ts';
import { translateRef } from '../../src/core/messages/translate.ts';

/** The message of that id, as the source says it; the module that defines it must have been imported. */
export function messageOf(id: string, values?: Values): Message {
  const ref = values === undefined ? { id } : { id, values };
  const text = translateRef(ref, 'en');
  if (text === null) throw new Error(`no module that was imported defines the message ${id}`);
  return { ...ref, text };
}
