import type { Lang } from '../messages/message.ts';

/** Running text: everything in it is untrusted until a renderer has escaped it. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Tone }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  /** Words of a record (reasons, error messages), in the language that they could be said in. */
  | { readonly kind: 'quote'; readonly text: string; readonly lang: Lang }
  /** The name of a runtime, which has its colour and can be hidden with all that is about it. */
  | { readonly kind: 'runtime'; readonly text: string }
  /** A formatted number with the number itself, by which a table is sorted; `brief`: where a terminal has little room. */
  | { readonly kind: 'value'; readonly text: string; readonly value: number; readonly brief?: string }
  /** `sign`: what a terminal shows beside the word, so that colour is never the only sign. */
  | {
      readonly kind: 'verdict';
      readonly text: string;
      readonly sign: string;
      readonly tone?: Tone | undefined;
    }
  /** The text goes on on another line. */
  | { readonly kind: 'break'; readonly text: '\n' }
  /** `about`: what a short text leaves open of where the link leads. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly about?: string };

export type Text = readonly Inline[];

/** What a terminal may show in colour. */
export type Tone = 'good' | 'bad' | 'other' | 'quiet';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** The one that the column is about. */
  readonly runtime?: string;
  /** The title where a terminal has little room. */
  readonly brief?: string;
  /** How a terminal fits in what is wider than `max` columns; with `min`, the column gives way to the others down to that. */
  readonly fit?: { readonly how: 'cut' | 'wrap'; readonly min?: number; readonly max?: number };
}

/** What people read, as data; `renderers/` make Markdown, HTML and text for a terminal of it. */
export type Block =
  | {
      readonly kind: 'heading';
      readonly level: 1 | 2 | 3;
      readonly text: string;
      /** What links lead to; a heading with one is in the table of contents. */
      readonly id?: string;
    }
  /** `quiet`: what explains the rest. */
  | { readonly kind: 'paragraph'; readonly text: Text; readonly quiet?: boolean }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  /** Doubts that must be read before the numbers. */
  | { readonly kind: 'warning'; readonly items: readonly Text[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      /** A row of one cell is a title over those that follow it. */
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
export const lineBreak: Inline = { kind: 'break', text: '\n' };
export const code = (value: string): Inline => ({ kind: 'code', text: value });
export const strong = (value: string): Inline => ({ kind: 'strong', text: value });
export const runtimeName = (name: string): Inline => ({ kind: 'runtime', text: name });
export const number = (shown: string, value: number, brief?: string): Inline => ({
  kind: 'value',
  text: shown,
  value,
  ...(brief === undefined ? {} : { brief }),
});
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
export const quiet = (value: string): Block => ({ kind: 'paragraph', text: [text(value)], quiet: true });
/** No block where there are no items. */
export const list = (items: readonly Text[]): readonly Block[] =>
  items.length === 0 ? [] : [{ kind: 'list', items }];
export const left = (title: string) => ({ title, align: 'left' as const });
export const right = (title: string) => ({ title, align: 'right' as const });

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
