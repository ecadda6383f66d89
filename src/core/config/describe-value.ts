import { external } from '../messages/compose.ts';
import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';

const words = messages('value', {
  missing: 'missing',
  list: 'a list',
  object: 'an object',
  text: 'the text {quoted}',
  function: 'a function',
  number: 'number {quoted}',
  boolean: 'boolean {quoted}',
  secret: 'a text that is not shown here',
});

/** The kind of a value that may be a secret and is therefore not quoted. */
export function describeKind(value: unknown): Message {
  return typeof value === 'string' ? words.secret : describeValue(value);
}

/** A value in JSON's words, short enough to quote. */
export function describeValue(value: unknown): Message {
  if (value === null) return external('null');
  if (value === undefined) return words.missing;
  if (Array.isArray(value)) return words.list;
  if (typeof value === 'object') return words.object;
  // JSON.stringify throws on a BigInt, and supports neither symbols nor functions.
  const text = typeof value === 'bigint' ? `${value}n` : (JSON.stringify(value) ?? typeof value);
  const quoted = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  if (typeof value === 'string') return words.text({ quoted });
  if (typeof value === 'function') return words.function;
  if (typeof value === 'number') return words.number({ quoted });
  if (typeof value === 'boolean') return words.boolean({ quoted });
  return external(`${typeof value} ${quoted}`);
}
