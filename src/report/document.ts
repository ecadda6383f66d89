import type { Lang } from '../messages/message.ts';

/** Running text. All of it is untrusted until a renderer escapes it. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Tone }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  /** Text of a record (reasons, error messages) in the language in which it is available. */
  | { readonly kind: 'quote'; readonly text: string; readonly lang: Lang }
  /** Name of a runtime: has its colour, and can be hidden together with its content. */
  | { readonly kind: 'runtime'; readonly text: string }
  /** A formatted number and its value, by which tables are sorted; `brief`: the short form for narrow terminals. */
  | { readonly kind: 'value'; readonly text: string; readonly value: number; readonly brief?: string }
  /** `sign`: shown by a terminal beside the word, so that no meaning depends on colour alone. */
  | {
      readonly kind: 'verdict';
      readonly text: string;
      readonly sign: string;
      readonly tone?: Tone | undefined;
    }
  /** A line break. */
  | { readonly kind: 'break'; readonly text: '\n' }
  /** `about`: the link's target in words, where the text is too short to say it. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly about?: string };

export type Text = readonly Inline[];

/** What a terminal may show in colour. */
export type Tone = 'good' | 'bad' | 'other' | 'quiet';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** The runtime that the column is about. */
  readonly runtime?: string;
  /** Short title for narrow terminals. */
  readonly brief?: string;
  /**
   * How a terminal fits text wider than `max` columns; with `min`, the column shrinks down to that where others need
   * room.
   */
  readonly fit?: { readonly how: 'cut' | 'wrap'; readonly min?: number; readonly max?: number };
}

/** Content of a report as data; `renderers/` convert it to Markdown, HTML and terminal text. */
export type Block =
  | {
      readonly kind: 'heading';
      readonly level: 1 | 2 | 3;
      readonly text: string;
      /** Anchor of links; a heading with one is in the table of contents. */
      readonly id?: string;
    }
  /** `quiet`: explanation of the rest. */
  | { readonly kind: 'paragraph'; readonly text: Text; readonly quiet?: boolean }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  /** Doubts to read before the numbers. */
  | { readonly kind: 'warning'; readonly items: readonly Text[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly Column[];
      /** A row of one cell is a title over the rows that follow. */
      readonly rows: readonly (readonly Text[])[];
    }
  /** A collapsible section: a heading of level 3 and its content. */
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
/** Name of a runtime in its colour. */
export const runtimeName = (name: string): Inline => ({ kind: 'runtime', text: name });
/** A formatted number with its value; `brief`: its short form. */
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
/** A paragraph that explains the rest. */
export const quiet = (value: string): Block => ({ kind: 'paragraph', text: [text(value)], quiet: true });
/** A list; no block without items. */
export const list = (items: readonly Text[]): readonly Block[] =>
  items.length === 0 ? [] : [{ kind: 'list', items }];
/** A left-aligned column. */
export const left = (title: string) => ({ title, align: 'left' as const });
/** A right-aligned column. */
export const right = (title: string) => ({ title, align: 'right' as const });

/** Maximum length of a reason in a summary, characters: it may contain an engine's output. */
const maxReasonLength = 240;

/** Shortens a reason for a summary, at a word; the section on missing results has the full text. */
export function briefly(words: string): string {
  if (words.length <= maxReasonLength) return words;
  const cut = words.slice(0, maxReasonLength).toWellFormed();
  return `${cut.slice(0, Math.max(cut.lastIndexOf(' '), maxReasonLength / 2)).trimEnd()}…`;
}

/** Adds a full stop to text of a record that does not end as a sentence. */
export function sentence(words: string): string {
  const trimmed = words.trim();
  return /[.!?…:]$/.test(trimmed) || trimmed === '' ? trimmed : `${trimmed}.`;
}
