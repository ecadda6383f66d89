import type { Lang } from '../number.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

/** The shape of a catalogue: what English has, every other language must have. */
export type Messages = typeof en;

/** The texts of a language. */
export function messages(lang: Lang): Messages {
  return lang === 'fr' ? fr : en;
}

/** A metric in words, or its id where it has none (members of a family, such as one system call). */
export function metricLabel(metric: string, m: Messages): string {
  return lookup(m.metric, metric) ?? metric;
}

/** A fact in words, or its id where it has none. */
export function factLabel(id: string, m: Messages): string {
  return lookup(m.fact, id) ?? id;
}

/** Looks a word up by a name that comes from a record. */
export function lookup(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
