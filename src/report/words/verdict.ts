import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Verdict } from '../../core/model/analysis.ts';
import type { Inline, Tone } from '../document.ts';

export const verdictNames: Readonly<Record<Verdict, Message>> = messages('verdict', {
  baseline: 'baseline',
  faster: 'faster',
  slower: 'slower',
  less: 'less',
  more: 'more',
  equivalent: 'equivalent',
  inconclusive: 'inconclusive',
  unavailable: 'unavailable',
});

const signs: Readonly<Record<Verdict, string>> = {
  baseline: '·',
  faster: '▲',
  slower: '▼',
  less: '↓',
  more: '↑',
  equivalent: '≈',
  inconclusive: '?',
  unavailable: '–',
};

const tones: Readonly<Partial<Record<Verdict, Tone>>> = {
  baseline: 'quiet',
  faster: 'good',
  slower: 'bad',
  less: 'other',
  more: 'other',
  inconclusive: 'quiet',
};

/** Verdicts that claim a difference. */
const claimed: readonly Verdict[] = ['faster', 'slower', 'less', 'more'];

type VerdictInline = Extract<Inline, { readonly kind: 'verdict' }>;

/** A verdict in a table. */
export function verdictInline(verdict: Verdict, t: (message: Message) => string): VerdictInline {
  return {
    kind: 'verdict',
    text: t(verdictNames[verdict]),
    sign: signs[verdict],
    tone: tones[verdict],
    differs: verdict === 'baseline' ? undefined : claimed.includes(verdict),
  };
}
