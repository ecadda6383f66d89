import type { Message, Quantity, Value, ValueList } from './message.ts';
import { register } from './registry.ts';
import { englishText } from './translate.ts';

register('external', { template: '{text}', isReason: false });
register('list', { template: '{items}', isReason: false });

/** A text that is not ocibench's: from an engine, a tool, a file or a user's own workload. It is the same in every language. */
export function external(text: string): Message {
  return { id: 'external', values: { text }, text };
}

/** Several messages in a row: `semicolon` joins clauses of a sentence, `space` and `line` whole sentences. */
export function joined(list: readonly Value[], join: ValueList['join']): Message {
  const values = { items: { list, join } };
  return { id: 'list', values, text: englishText('{items}', values) };
}

/** Names and other values inside a message: `a, b and c`. */
export function listed(list: readonly Value[], join: ValueList['join'] = 'comma'): ValueList {
  return { list, join };
}

/** `12.5 MiB`; a unit `' %'` keeps its space in English (`5 %`), `'%'` has none. */
export function quantity(amount: number, unit: string, decimals = 0): Quantity {
  return { amount, decimals, unit };
}
