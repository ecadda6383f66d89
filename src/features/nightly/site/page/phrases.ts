import type { DashboardData, Mark } from '../data.ts';
import { fill } from './fill.ts';

type Words = DashboardData['words'];

/** What became another version, each as `runc: 1.1.15 → 1.3.6`. */
export function changesText({ changes }: Pick<Mark, 'changes'>, words: Words): readonly string[] {
  return changes.map(({ what, was, is }) => fill(words.change ?? '', { what, was, is }));
}

/** Parts of a sentence, as the language joins them. */
export function clauses(parts: readonly string[], words: Words): string {
  return parts.filter((part) => part !== '').join(words.semicolon);
}

/** How a night ended, and why where that is known. */
export function statusText(status: string, reason: string, words: Words): string {
  const word = words[status === 'failed' ? 'failedNight' : status] ?? '';
  return reason === '' ? word : fill(words.notMeasured ?? '', { status: word, reason });
}
