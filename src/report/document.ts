/** Running text: everything in it is untrusted until a renderer has escaped it. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  /** Words of a record (reasons, error messages), which are English whatever the report's language is. */
  | { readonly kind: 'quote'; readonly text: string }
  /** The name of a runtime, which has its colour and can be hidden with all that is about it. */
  | { readonly kind: 'runtime'; readonly text: string }
  /** A formatted number with the number itself, by which a table is sorted. */
  | { readonly kind: 'value'; readonly text: string; readonly value: number }
  /** `about`: what a short text leaves open of where the link leads. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly about?: string };

export type Text = readonly Inline[];

/** A report as data; report.md and report.html are two renderings of the same blocks. */
export type Block =
  | {
      readonly kind: 'heading';
      readonly level: 1 | 2 | 3;
      readonly text: string;
      /** What links lead to; a heading with one is in the table of contents. */
      readonly id?: string;
    }
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  /** Doubts that must be read before the numbers. */
  | { readonly kind: 'warning'; readonly items: readonly Text[] }
  | {
      readonly kind: 'table';
      /** `runtime`: the one that the column is about. */
      readonly columns: readonly {
        readonly title: string;
        readonly align: 'left' | 'right';
        readonly runtime?: string;
      }[];
      readonly rows: readonly (readonly Text[])[];
    }
  /** What a reader may fold away: a heading of level 3 and what belongs to it. */
  | { readonly kind: 'section'; readonly title: string; readonly blocks: readonly Block[] }
  | {
      readonly kind: 'figure';
      readonly chart: string;
      readonly title: string;
      readonly caption: string;
    };

export const text = (value: string): Inline => ({ kind: 'text', text: value });
export const code = (value: string): Inline => ({ kind: 'code', text: value });
export const strong = (value: string): Inline => ({ kind: 'strong', text: value });
export const quote = (value: string): Inline => ({ kind: 'quote', text: value });
export const runtimeName = (name: string): Inline => ({ kind: 'runtime', text: name });
export const number = (shown: string, value: number): Inline => ({ kind: 'value', text: shown, value });
export const link = (label: string, href: string, about?: string): Inline => ({
  kind: 'link',
  text: label,
  href,
  ...(about === undefined ? {} : { about }),
});
export const heading = (level: 1 | 2 | 3, value: string, id?: string): Block => ({
  kind: 'heading',
  level,
  text: value,
  ...(id === undefined ? {} : { id }),
});
export const paragraph = (...parts: Inline[]): Block => ({ kind: 'paragraph', text: parts });

/** What a summary has room for of a reason that may hold an engine's words, characters. */
const mostOfReason = 240;

/** A reason for a summary: cut at a word where it is too long; the whole of it is told where what is missing is. */
export function briefly(words: string): string {
  if (words.length <= mostOfReason) return words;
  const cut = words.slice(0, mostOfReason).toWellFormed();
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), mostOfReason / 2)).trimEnd()}…`;
}

/** Ends words of a record with a full stop unless they already end a sentence. */
export function sentence(words: string): string {
  const trimmed = words.trim();
  return /[.!?…:]$/.test(trimmed) || trimmed === '' ? trimmed : `${trimmed}.`;
}
