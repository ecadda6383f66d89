import { listed } from '../messages/compose.ts';
import { messages } from '../messages/define.ts';
import type { Message } from '../messages/message.ts';

/**
 * The value in a record for a name from outside. A record also inherits names: for `constructor`, `record[name]` is a
 * function and `name in record` is true.
 */
export function lookup<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined;
}

/**
 * Number of single-character edits that turn `a` into `b`: insert, delete, replace (Levenshtein 1965), or swap two
 * neighbours (optimal string alignment: Damerau 1964, without edits between the two).
 */
function editDistance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replace, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

const words = messages('name', {
  meant: "did you mean ''{guess}''?",
  known: 'choose from: {names}',
});

/** What helps with a name that is none of these: the one that it most likely means, or all. */
export function suggestName(
  name: string,
  known: readonly string[],
  guess: string | null = nearest(name, known),
): Message {
  return guess === null ? words.known({ names: listed(known) }) : words.meant({ guess });
}

/** The known name that `name` most likely means; null when none is similar enough. */
export function nearest(name: string, known: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_]/g, '');
  const scored = known
    .map((candidate) => ({ candidate, distance: editDistance(plain(name), plain(candidate)) }))
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate, 'en'));
  const best = scored[0];
  return best !== undefined && best.distance <= Math.max(1, Math.floor(name.length / 3))
    ? best.candidate
    : null;
}
