import { external } from '../../messages/compose.ts';
import type { Message } from '../../messages/message.ts';
import { type MessageRefs, recorded } from '../../messages/record.ts';

/** An error whose text is a message. */
export class MessageError extends Error {
  override readonly name: string = 'MessageError';
  readonly said: Message;

  constructor(message: Message | string, options?: ErrorOptions) {
    super(typeof message === 'string' ? message : message.text, options);
    this.said = asMessage(message);
  }
}

/** Convert a text to a message; a string becomes a quote of external text. */
export function asMessage(text: Message | string): Message {
  return typeof text === 'string' ? external(text) : text;
}

/** The message of an error if it has one, else a quote of its text. The thrown value need not be an Error. */
export function saidBy(error: unknown): Message {
  if (!(error instanceof Error)) return external(String(error));
  const { said } = error as { readonly said?: Message };
  return said?.text === error.message ? said : external(error.message);
}

/** A text as a field of a record. A quote gets no reference: it would repeat the text. */
export function saidAs<F extends string>(
  field: F,
  text: Message | string,
): { [K in F]: string } & { messages?: MessageRefs } {
  const message = asMessage(text);
  const fields = message.id === 'external' ? { [field]: message.text } : recorded({ [field]: message });
  return fields as { [K in F]: string } & { messages?: MessageRefs };
}
