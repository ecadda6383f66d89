import { ParseError } from '../model/workload.ts';

/** The number, if it lies between the bounds (both inclusive) outside of which only a broken tool or clock can be. ParseError otherwise. */
export function within(what: string, value: number, [low, high]: readonly [number, number]): number {
  if (!(value >= low && value <= high)) throw new ParseError(`${what} is ${value}, which cannot be`);
  return value;
}

/** The end of the last line of the text as a ParseError may quote it; escapes make it up to six times as long. */
export function quoted(text: string): string {
  return JSON.stringify((text.trim().split('\n').at(-1) ?? '').slice(-120));
}
