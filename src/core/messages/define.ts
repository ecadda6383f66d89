import type { Message, Value, Values } from './message.ts';
import { register } from './registry.ts';
import type { ValueNames } from './template.ts';
import { englishText } from './translate.ts';

/** Made by a template: a message, or a function of the values that it needs. */
type Made<T extends string, Product> = [ValueNames<T>] extends [never]
  ? Product
  : (values: Readonly<Record<ValueNames<T>, Value>>) => Product;

/** Why something is not as it should be, with a stable code for programs, and what helps. */
export interface Reason {
  readonly code: string;
  readonly message: Message;
  readonly fix: Message;
}

interface ReasonTemplate {
  readonly message: string;
  readonly fix: string;
}

/**
 * Messages of one subject, in English, beside the code that uses them:
 * `messages('plan', { blocks: '{n} blocks' }).blocks({ n: 3 })`. Their ids are `scope.key`, public and stable; the
 * catalogue has the French of each. Templates are ICU MessageFormat.
 */
export function messages<const T extends Readonly<Record<string, string>>>(
  scope: string,
  templates: T,
): { readonly [K in keyof T]: Made<T[K], Message> } {
  return eachMessage(scope, templates, false);
}

/** One message that needs no value, under a whole id of its own, such as the name of a metric. */
export function message(id: string, template: string): Message {
  return messageMaker(id, template, false)({});
}

/** Warnings, errors and reasons that have no fix of their own; `docs/reasons.md` lists them. */
export function notices<const T extends Readonly<Record<string, string>>>(
  scope: string,
  templates: T,
): { readonly [K in keyof T]: Made<T[K], Message> } {
  return eachMessage(scope, templates, true);
}

/** Warnings, errors and reasons with what helps: `reasons('disk', { full: { message: '…', fix: '…' } }).full`. The fix may use the same values. */
export function reasons<const T extends Readonly<Record<string, ReasonTemplate>>>(
  scope: string,
  templates: T,
): { readonly [K in keyof T]: Made<`${T[K]['message']}${T[K]['fix']}`, Reason> } {
  return mapped(templates, ({ message, fix }, key) => {
    const code = `${scope}.${key}`;
    const makeMessage = messageMaker(code, message, true);
    const makeFix = messageMaker(`${code}.fix`, fix, true);
    const make = (values: Values): Reason => ({ code, message: makeMessage(values), fix: makeFix(values) });
    return hasValues(message + fix) ? make : make({});
  }) as { readonly [K in keyof T]: Made<`${T[K]['message']}${T[K]['fix']}`, Reason> };
}

function eachMessage<T extends Readonly<Record<string, string>>>(
  scope: string,
  templates: T,
  isReason: boolean,
): { readonly [K in keyof T]: Made<T[K], Message> } {
  return mapped(templates, (template, key) => {
    const make = messageMaker(`${scope}.${key}`, template, isReason);
    return hasValues(template) ? make : make({});
  }) as { readonly [K in keyof T]: Made<T[K], Message> };
}

function messageMaker(id: string, template: string, isReason: boolean): (values: Values) => Message {
  register(id, { template, isReason });
  return (values) => {
    const text = englishText(template, values);
    return Object.keys(values).length === 0 ? { id, text } : { id, values, text };
  };
}

/** A template that needs values holds a brace that no apostrophe quotes; two apostrophes are one that is text. */
const hasValues = (template: string) =>
  template
    .replaceAll("''", '')
    .replaceAll(/'[{}][^']*'?/g, '')
    .includes('{');

function mapped<V>(of: Readonly<Record<string, V>>, make: (value: V, key: string) => unknown): object {
  return Object.fromEntries(Object.entries(of).map(([key, value]) => [key, make(value, key)]));
}
