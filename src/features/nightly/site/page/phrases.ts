import type { DashboardData, SeriesMark } from '../data.ts';
import { fill } from './fill.ts';

type Words = DashboardData['words'];

/** Version changes, each such as `runc: 1.1.15 → 1.3.6`. */
export function changesText({ changes }: Pick<SeriesMark, 'changes'>, words: Words): readonly string[] {
  return changes.map(({ what, was, is }) => fill(words.change ?? '', { what, was, is }));
}

/** Joins parts of a sentence as the language does. */
export function clauses(parts: readonly string[], words: Words): string {
  return parts.filter((part) => part !== '').join(words.semicolon);
}

/** Status of a night, with the reason if known. */
export function statusText(status: string, reason: string, words: Words): string {
  const word = words[status === 'failed' ? 'failedNight' : status] ?? '';
  return reason === '' ? word : fill(words.notMeasured ?? '', { status: word, reason });
}
