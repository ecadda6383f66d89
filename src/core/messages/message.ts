/** The languages that messages are written in. */
export type Lang = 'en' | 'fr';

/** A number with its unit, formatted in the reader's language: `12.5 MiB`, `12,5 Mio`. */
export interface Quantity {
  readonly amount: number;
  /** Digits after the decimal point. */
  readonly decimals: number;
  /** `''`: a plain number. */
  readonly unit: string;
}

/** Several values, joined as the reader's language joins them. */
export interface ValueList {
  readonly list: readonly Value[];
  /** `and`: `a, b and c`; `comma`: `a, b, c`; `semicolon`: clauses of a sentence; `space` and `line`: sentences one after the other. */
  readonly join: 'and' | 'comma' | 'semicolon' | 'space' | 'line';
}

/** A command of ocibench whose words a template cannot know. No record has one. */
export interface CommandValue {
  readonly ocibench: readonly string[];
}

/** What a record keeps of a message: enough to say it in another language, and a stable code for programs. */
export interface MessageRef {
  /** Public and stable; `docs/reasons.md` lists them. */
  readonly id: string;
  readonly values?: Values | undefined;
}

/**
 * A value of a message. A string is quoted unchanged, because it may be external (a name, a tool's output). A number
 * and a {@link Quantity} are formatted for the reader's language. A message in a message is translated too.
 */
export type Value = string | number | Quantity | ValueList | CommandValue | MessageRef;

export type Values = Readonly<Record<string, Value>>;

/** One thing that is said, in any language: records hold its text, and beside it the reference. */
export interface Message extends MessageRef {
  /** English. */
  readonly text: string;
}
