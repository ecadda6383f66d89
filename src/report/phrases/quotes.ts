import type { Lang } from '../../messages/message.ts';
import { phrase } from './phrase.ts';

interface Quote {
  readonly kind: 'quote';
  readonly text: string;
}

const isQuote = (node: object): node is Quote => 'kind' in node && node.kind === 'quote';

/**
 * The same document with every quote that is a sentence of ours told in its language. What an engine or a tool said, or a
 * workload of the user's own, stays a quote, which renderers mark as English.
 */
export function tellQuotes<T>(node: T, lang: Lang): T {
  if (lang === 'en' || typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((child: unknown) => tellQuotes(child, lang)) as T;
  if (isQuote(node)) {
    const told = phrase(node.text, lang);
    return told === null ? node : ({ kind: 'text', text: told } as T);
  }
  return Object.fromEntries(
    Object.entries(node).map(([name, child]: [string, unknown]) => [name, tellQuotes(child, lang)]),
  ) as T;
}
