import type { Lang, Message } from '../../core/messages/message.ts';
import { localized, type MessageRefs } from '../../core/messages/record.ts';
import { saidAs } from '../../core/model/failure/said.ts';
import type { Inline } from './document.ts';

type QuotableRecord<F extends string> = { readonly [K in F]?: string | undefined } & {
  readonly messages?: MessageRefs | undefined;
};

/** Text of a record, translated if its message is known; `edit` shortens it or adds a full stop. */
export function quoted<F extends string>(
  record: QuotableRecord<F>,
  field: F,
  lang: Lang,
  edit: (words: string) => string = (words) => words,
): Inline {
  const { text, lang: shown } = localized(record, field, lang);
  return { kind: 'quote', text: edit(text), lang: shown };
}

/** The inline for a message that was taken from a record. */
export function quotedMessage(message: Message, lang: Lang, edit?: (words: string) => string): Inline {
  return quoted(saidAs('words', message), 'words', lang, edit);
}
