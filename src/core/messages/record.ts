import { external } from './compose.ts';
import type { Lang, Message, MessageRef, Value } from './message.ts';
import { holdsCommand, translateRef } from './translate.ts';

/** Is the value a reference to a message? Any other value is text, a number or a list. */
function isRef(value: Value): value is MessageRef {
  return typeof value === 'object' && 'id' in value;
}

/** See {@link messageRefsSchema}. */
export type MessageRefs = Readonly<Record<string, MessageRef>>;

type Messages = Readonly<Record<string, Message | undefined>>;
type Texts<M extends Messages> = {
  [K in keyof M as undefined extends M[K] ? never : K]: string;
} & {
  [K in keyof M as undefined extends M[K] ? K : never]?: string;
};

/** Converts messages to fields of a record: their English texts, and `messages` for programs and other languages. */
export function recorded<const M extends Messages>(of: M): Texts<M> & { readonly messages: MessageRefs } {
  const texts: Record<string, string> = {};
  const refs: Record<string, MessageRef> = {};
  for (const [field, message] of Object.entries(of)) {
    if (message === undefined) continue;
    texts[field] = message.text;
    refs[field] = bareRef(message);
  }
  return { ...(texts as Texts<M>), messages: refs };
}

/** The reference without the English texts of nested messages, which follow from their ids. */
export function bareRef({ id, values }: MessageRef): MessageRef {
  if (values === undefined) return { id };
  return {
    id,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, bare(value)])),
  };
}

function bare(value: Value): Value {
  if (typeof value !== 'object') return value;
  if ('list' in value) return { ...value, list: value.list.map(bare) };
  return isRef(value) ? bareRef(value) : value;
}

/** A text, in the requested language if possible; in English where its message is not known. */
export interface LocalizedText {
  readonly text: string;
  readonly lang: Lang;
}

/** The text of a record's field, in that language if possible. */
export function localized<F extends string>(
  record: { readonly [K in F]?: string | undefined } & { readonly messages?: MessageRefs | undefined },
  field: F,
  lang: Lang,
): LocalizedText {
  const text = record[field] ?? '';
  const ref = record.messages?.[field];
  if (ref === undefined || (lang === 'en' && !holdsCommand(text))) return { text, lang: 'en' };
  const translated = translateRef(ref, lang);
  return translated === null ? { text, lang: 'en' } : { text: translated, lang };
}

/** The message of a record's field, for use in another message; external text where the record has none. */
export function recalled<F extends string>(
  record: { readonly [K in F]?: string | undefined } & { readonly messages?: MessageRefs | undefined },
  field: F,
): Message {
  const text = record[field] ?? '';
  const ref = record.messages?.[field];
  return ref === undefined ? external(text) : { ...ref, text };
}
