import type { Message, Value, Values } from './message.ts';
import { register } from './registry.ts';
import { englishText, givenFix } from './translate.ts';

/**
 * The names of the values that an ICU template needs, read from its text by the type checker: `'{n} of {all} trials'` needs `n`
 * and `all`. Text inside the branches of a plural or select is read as well.
 *
 * `Depth` holds one letter per open brace, innermost first: `a` an argument, `b` the body of a branch.
 */
export type ValueNames<T extends string> = string extends T ? string : Text<T, ''>;

/** State "running text": the next brace opens an argument, or closes the body that contains the text. `''` is an apostrophe. */
type Text<T extends string, Depth extends string> = T extends `${infer Before}{${infer Rest}`
  ? Before extends `${infer _}}${infer _}`
    ? Close<T, Depth>
    : Before extends `${infer _}''`
      ? Argument<Rest, Depth>
      : Before extends `${infer _}'`
        ? Quoted<Rest, Depth>
        : Argument<Rest, Depth>
  : Close<T, Depth>;

/** After `'{`: a quoted brace, which is text up to the next apostrophe. */
type Quoted<T extends string, Depth extends string> = T extends `${infer _}'${infer Rest}`
  ? Text<Rest, Depth>
  : never;

/** At a `}` in running text: the body ends, and the argument that it belongs to goes on. */
type Close<T extends string, Depth extends string> = T extends `${infer _}}${infer Rest}`
  ? Depth extends `b${infer Outer}`
    ? Branches<Rest, Outer>
    : never
  : never;

/** After the `{` of an argument: its name ends at `}` or, where it has branches, at `,`. */
type Argument<T extends string, Depth extends string> = T extends `${infer Name}}${infer Rest}`
  ? Name extends `${infer Short},${infer _}`
    ? Short | (T extends `${Short},${infer Kind}` ? Branches<Kind, `a${Depth}`> : never)
    : Name | Text<Rest, Depth>
  : never;

/** Between the branches of an argument: `{` opens the next body, `}` ends the argument. */
type Branches<T extends string, Depth extends string> = T extends `${infer Before}{${infer Rest}`
  ? Before extends `${infer _}}${infer _}`
    ? EndOfArgument<T, Depth>
    : Text<Rest, `b${Depth}`>
  : EndOfArgument<T, Depth>;

type EndOfArgument<T extends string, Depth extends string> = T extends `${infer _}}${infer Rest}`
  ? Depth extends `a${infer Outer}`
    ? Text<Rest, Outer>
    : never
  : never;

/** Result of a template: a message, or a function from the values that it needs to a message. */
type TemplateResult<T extends string, Product> = [ValueNames<T>] extends [never]
  ? Product
  : (values: Readonly<Record<ValueNames<T>, Value>>) => Product;

/** Why something is wrong, with a stable code for programs, and a fix. */
export interface Reason {
  readonly code: string;
  readonly message: Message;
  readonly fix: Message;
}

interface ReasonTemplate {
  readonly message: string;
  /** Absent: the value `fix`, a message of its own. */
  readonly fix?: string;
}

/** Both templates of a reason, from which the type checker reads its values. */
type Templates<T extends ReasonTemplate> =
  `${T['message']}${T extends { readonly fix: string } ? T['fix'] : typeof givenFix}`;

/**
 * Messages of one topic, in English, beside the code that uses them: `messages('schedule', { blocks: '{n} blocks'
 * }).blocks({ n: 3 })`. Their ids are `scope.key`, public and stable; the catalogue has the French of each. Templates
 * are ICU MessageFormat.
 */
export function messages<const T extends Readonly<Record<string, string>>>(
  scope: string,
  templates: T,
): { readonly [K in keyof T]: TemplateResult<T[K], Message> } {
  return eachMessage(scope, templates, false);
}

/** One message without values, with a complete id of its own, such as the name of a metric. */
export function message(id: string, template: string): Message {
  return messageMaker(id, template, false)({});
}

/** Warnings, errors and reasons that have no fix of their own; `docs/reasons.md` lists them. */
export function notices<const T extends Readonly<Record<string, string>>>(
  scope: string,
  templates: T,
): { readonly [K in keyof T]: TemplateResult<T[K], Message> } {
  return eachMessage(scope, templates, true);
}

/**
 * Warnings, errors and reasons with a fix: `reasons('disk', { full: { message: '…', fix: '…' } }).full`. The fix may
 * use the same values; without one, the value `fix` is the fix.
 */
export function reasons<const T extends Readonly<Record<string, ReasonTemplate>>>(
  scope: string,
  templates: T,
): { readonly [K in keyof T]: TemplateResult<Templates<T[K]>, Reason> } {
  return mapped(templates, ({ message, fix = givenFix }, key) => {
    const code = `${scope}.${key}`;
    const makeMessage = messageMaker(code, message, true);
    const makeFix = messageMaker(`${code}.fix`, fix, true);
    const make = (values: Values): Reason => ({ code, message: makeMessage(values), fix: makeFix(values) });
    return hasValues(message + fix) ? make : make({});
  }) as { readonly [K in keyof T]: TemplateResult<Templates<T[K]>, Reason> };
}

function eachMessage<T extends Readonly<Record<string, string>>>(
  scope: string,
  templates: T,
  isReason: boolean,
): { readonly [K in keyof T]: TemplateResult<T[K], Message> } {
  return mapped(templates, (template, key) => {
    const make = messageMaker(`${scope}.${key}`, template, isReason);
    return hasValues(template) ? make : make({});
  }) as { readonly [K in keyof T]: TemplateResult<T[K], Message> };
}

function messageMaker(id: string, template: string, isReason: boolean): (values: Values) => Message {
  register(id, { template, isReason });
  return (values) => {
    const text = englishText(template, values);
    return Object.keys(values).length === 0 ? { id, text } : { id, values, text };
  };
}

/** A template needs values if it contains a brace outside quotes; two apostrophes are a literal one. */
const hasValues = (template: string) =>
  template
    .replaceAll("''", '')
    .replaceAll(/'[{}][^']*'?/g, '')
    .includes('{');

function mapped<V>(of: Readonly<Record<string, V>>, make: (value: V, key: string) => unknown): object {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, make(value, key)]));
}
