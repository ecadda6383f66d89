import { notices } from '../../src/core/messages/define.ts';
import type { Message } from '../../src/core/messages/message.ts';
import { ParseError } from '../../src/core/model/workload.ts';

const says = notices('tool.within', {
  impossible: '{what} is {value}, which cannot be',
});

/**
 * The number, if it lies between the bounds (both inclusive); only a broken tool or clock exceeds them. ParseError
 * otherwise.
 */
export function within(
  what: Message | string,
  value: number,
  [low, high]: readonly [number, number],
): number {
  if (!(value >= low && value <= high)) throw new ParseError(says.impossible({ what, value }));
  return value;
}

/** The end of the last line of the text, short enough for a ParseError; escapes lengthen it up to six times. */
export function quoted(text: string): string {
  return JSON.stringify((text.trim().split('\n').at(-1) ?? '').slice(-120));
}
