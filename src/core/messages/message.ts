/** The languages in which messages are written. */
export type Lang = 'en' | 'fr';

/** A number with its unit, formatted in the reader's language: `12.5 MiB`, `12,5 Mio`. */
export interface Quantity {
  readonly amount: number;
  /** Digits after the decimal point. */
  readonly decimals: number;
  /** `''`: a plain number. */
  readonly unit: string;
}

/** Several values, joined by the rules of the reader's language. */
export interface ValueList {
  readonly list: readonly Value[];
  /** `and`: `a, b and c`; `comma`: `a, b, c`; `semicolon`: clauses of a sentence; `space` and `line`: sentences in a row. */
  readonly join: 'and' | 'comma' | 'semicolon' | 'space' | 'line';
}

/** A command of ocibench whose words are not known in the template. Not used in records. */
export interface CommandValue {
  readonly ocibench: readonly string[];
}

/** The reference to a message in a record: enough to write it in another language, and a stable code for programs. */
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

/** A text in any language: records hold its English text, and the reference beside it. */
export interface Message extends MessageRef {
  /** English. */
  readonly text: string;
}
