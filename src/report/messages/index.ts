import type { Lang } from '../../messages/message.ts';
import { en } from './en.ts';
import { fr } from './fr.ts';

/** The shape of a catalogue: what English has, every other language must have. */
export type Messages = typeof en;

/** The texts of a language. */
export function messages(lang: Lang): Messages {
  return lang === 'fr' ? fr : en;
}

/** A metric in words (a member of a family, such as one system call, in those of its family), or its id where it has none. */
export function metricLabel(metric: string, m: Messages): string {
  const own = lookup(m.metric, metric);
  if (own !== undefined) return own;
  const dot = metric.indexOf('.');
  const member = metric.slice(dot + 1);
  const family = lookup(m.metric, `${metric.slice(0, dot)}.*`);
  return family?.replace('*', () => lookup(m.role, member) ?? member) ?? metric;
}

/** A fact in words, or its id where it has none. */
export function factLabel(id: string, m: Messages): string {
  return lookup(m.fact, id) ?? id;
}

/** What disturbed a trial (`steal>1%`), in words with the threshold; a flag that has no words is told as it is. */
export function noiseLabel(flag: string, m: Messages): string {
  const [name = '', limit] = flag.split('>');
  const words = lookup(m.noiseFlag, name);
  return words === undefined ? flag : limit === undefined ? words : m.noiseAbove(words, limit);
}

/** Looks a word up by a name that comes from a record. */
export function lookup(words: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(words, name) ? words[name] : undefined;
}
