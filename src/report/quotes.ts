import type { Lang } from '../messages/message.ts';
import { type Localized, localized, type MessageRefs } from '../messages/record.ts';
import type { Inline } from './document.ts';
import { phrase } from './phrases/phrase.ts';

type Quotable<F extends string> = { readonly [K in F]?: string | undefined } & {
  readonly messages?: MessageRefs | undefined;
};

/** What a field of a record says, in that language as far as possible; records of before there were messages too. */
export function said<F extends string>(record: Quotable<F>, field: F, lang: Lang): Localized {
  const found = localized(record, field, lang);
  return found.lang === lang ? found : saidText(found.text, lang);
}

/** The same of a text that stands in no field of its own. */
function saidText(text: string, lang: Lang): Localized {
  const found = phrase(text, lang);
  return found === null ? { text, lang: 'en' } : { text: found, lang };
}

/** Words of a record inside a report; `edit` cuts them or ends them with a full stop. */
export function quoted<F extends string>(
  record: Quotable<F>,
  field: F,
  lang: Lang,
  edit: (words: string) => string = (words) => words,
): Inline {
  return quote(said(record, field, lang), edit);
}

/** The same of a text that stands in no field of its own. */
export function quotedText(
  text: string,
  lang: Lang,
  edit: (words: string) => string = (words) => words,
): Inline {
  return quote(saidText(text, lang), edit);
}

function quote({ text, lang }: Localized, edit: (words: string) => string): Inline {
  return { kind: 'quote', text: edit(text), lang };
}
