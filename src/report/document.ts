/** Running text: everything in it is untrusted until a renderer has escaped it. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  /** Words of a record (reasons, error messages), which are English whatever the report's language is. */
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly href: string };

export type Text = readonly Inline[];

/** A report as data; report.md and report.html are two renderings of the same blocks. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: Text }
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  /** Doubts that must be read before the numbers. */
  | { readonly kind: 'warning'; readonly items: readonly Text[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly { readonly title: string; readonly align: 'left' | 'right' }[];
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
export const link = (label: string, href: string): Inline => ({ kind: 'link', text: label, href });
export const heading = (level: 1 | 2 | 3, value: string): Block => ({ kind: 'heading', level, text: value });
export const paragraph = (...parts: Inline[]): Block => ({ kind: 'paragraph', text: parts });

/** Ends words of a record with a full stop unless they already end a sentence. */
export function sentence(words: string): string {
  const trimmed = words.trim();
  return /[.!?…:]$/.test(trimmed) || trimmed === '' ? trimmed : `${trimmed}.`;
}
