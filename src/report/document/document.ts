import type { Lang } from '../../core/messages/message.ts';

/** Running text. All of it is untrusted until a renderer escapes it. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Tone }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong'; readonly text: string }
  /** Text of a record (reasons, error messages) in the language in which it is available. */
  | { readonly kind: 'quote'; readonly text: string; readonly lang: Lang }
  /** Name of a runtime: has its colour, and can be hidden together with its content. */
  | { readonly kind: 'runtime'; readonly text: string }
  /** A formatted number, and its value for sorting tables; `brief`: the short form for narrow terminals. */
  | { readonly kind: 'value'; readonly text: string; readonly value: number; readonly brief?: string }
  /** `sign`: shown by a terminal beside the word, so that no meaning depends on colour alone. */
  | {
      readonly kind: 'verdict';
      readonly text: string;
      readonly sign: string;
      readonly tone?: Tone | undefined;
      /** Is a difference claimed? Absent if the verdict is not about a difference, as for a baseline. */
      readonly differs?: boolean | undefined;
    }
  /** A small picture, which only a page shows. */
  | { readonly kind: 'picture'; readonly text: ''; readonly chart: string }
  /** A line break. */
  | { readonly kind: 'break'; readonly text: '\n' }
  /** Text that a link can lead to. */
  | { readonly kind: 'anchor'; readonly text: string; readonly id: string }
  /** `about`: the link's target in words, if the text is too short. */
  | { readonly kind: 'link'; readonly text: string; readonly href: string; readonly about?: string };

export type Text = readonly Inline[];

/** Tone of a text, which a terminal may show in colour. */
export type Tone = 'good' | 'bad' | 'other' | 'quiet';

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** The runtime that the column is about. */
  readonly runtime?: string;
  /** Short title for narrow terminals. */
  readonly brief?: string;
  /**
   * How a terminal fits text wider than `max` columns. With `min`, the column may shrink to that width if others need space.
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
  /** `quiet`: an explanation, shown less prominently. */
  | { readonly kind: 'paragraph'; readonly text: Text; readonly quiet?: boolean }
  /** The finding of the whole document, in one sentence. */
  | { readonly kind: 'lead'; readonly text: string }
  | { readonly kind: 'badges'; readonly items: readonly Badge[] }
  | CardsBlock
  | MatrixBlock
  | { readonly kind: 'list'; readonly items: readonly Text[] }
  /** Doubts to read before the numbers. */
  | {
      readonly kind: 'warning';
      readonly items: readonly Text[];
      /** Does a page show only their number at first? */
      readonly folded?: boolean;
    }
  | {
      readonly kind: 'table';
      /** Contents of the table, for screen readers. */
      readonly caption?: string;
      readonly columns: readonly Column[];
      /** A row of one cell is a title for the rows that follow. */
      readonly rows: readonly (readonly Text[])[];
    }
  | Fold
  | {
      readonly kind: 'figure';
      readonly chart: string;
      readonly title: string;
      readonly caption: string;
      /** Text alternative; default: title and caption. */
      readonly seen?: string;
    };

/** A heading with content that can be folded away. */
export interface Fold {
  readonly kind: 'section';
  readonly title: string;
  /** Default 3. */
  readonly level?: 2 | 3;
  /** Anchor of links; a fold of level 2 with one is in the table of contents. */
  readonly id?: string;
  /** Summary of the content, which a page shows beside the title. */
  readonly gist?: Text;
  /** Does a page show the content at once? Default true. */
  readonly open?: boolean;
  readonly blocks: readonly Block[];
}

/** A few words on whether something can be relied on. */
export interface Badge {
  readonly tone: 'good' | 'care' | 'plain';
  readonly sign: string;
  readonly text: string;
  /** Anchor of its explanation. */
  readonly href: string;
}

/** A few figures per runtime: each card has one value for each of `terms`. */
export interface CardsBlock {
  readonly kind: 'cards';
  readonly caption: string;
  /** Title of the runtimes. */
  readonly corner: string;
  readonly terms: readonly string[];
  readonly cards: readonly {
    readonly runtime: string;
    readonly about: string;
    readonly values: readonly CardFigure[];
  }[];
}

/** A value, with a remark. */
export interface CardFigure {
  readonly value: Text;
  readonly beside: Text;
}

/** Runtimes × categories, with a finding in every cell. */
export interface MatrixBlock {
  readonly kind: 'matrix';
  readonly caption: string;
  /** Title of the row headers. */
  readonly corner: string;
  readonly columns: readonly { readonly title: string; readonly about: string }[];
  readonly rows: readonly {
    readonly runtime: string;
    /** Explanation of the row, if its name is not enough. */
    readonly about?: string;
    /** One cell per column, or one for all columns. */
    readonly cells: readonly MatrixCell[];
  }[];
}

/** Presentation of a finding; `level`: its strength, 1 to 3. */
export type CellTone =
  | { readonly kind: 'worse' | 'better'; readonly level: 1 | 2 | 3 }
  | { readonly kind: 'equivalent' | 'undecided' | 'absent' };

export interface MatrixCell {
  readonly tone: CellTone;
  /** The finding, then remarks, one line each. */
  readonly lines: readonly Text[];
  /** Anchor of the section with the details. */
  readonly href: string;
}

export const text = (value: string): Inline => ({ kind: 'text', text: value });
/** A small picture in a line of text, which only a page shows. */
export const picture = (chart: string): Inline => ({ kind: 'picture', text: '', chart });
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
/** A paragraph of explanation, shown less prominently. */
export const quiet = (value: string): Block => ({ kind: 'paragraph', text: [text(value)], quiet: true });
/** A list; empty without items. */
export const list = (items: readonly Text[]): readonly Block[] =>
  items.length === 0 ? [] : [{ kind: 'list', items }];
/** A list below a heading; empty without items. */
export const titled = (level: 2 | 3, title: string, items: readonly Text[], id?: string): readonly Block[] =>
  items.length === 0 ? [] : [heading(level, title, id), ...list(items)];
/** A left-aligned column. */
export const left = (title: string) => ({ title, align: 'left' as const });

/** A section of the report: a fold of level 2 with an anchor. Closed unless `open`. */
export const chapter = (
  { title, id, gist, open = false }: { title: string; id: string; gist?: Text; open?: boolean },
  blocks: readonly Block[],
): Fold => ({ kind: 'section', level: 2, title, id, open, blocks, ...(gist === undefined ? {} : { gist }) });
/** Text that links can lead to by `id`. */
export const anchor = (value: string, id: string): Inline => ({ kind: 'anchor', text: value, id });

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
