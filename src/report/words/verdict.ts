import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Verdict } from '../../core/model/analysis.ts';
import type { Inline, Tone } from '../document.ts';
import type { CostStanding } from '../headline-cost.ts';

export const standingNames: Readonly<Record<CostStanding, Message>> = messages('standing', {
  worse: 'worse',
  better: 'better',
  differs: 'different',
  equivalent: 'equivalent',
  inconclusive: 'inconclusive',
  unavailable: 'not measured',
});

/** One-character signs, so that better and worse do not depend on colour. */
export const standingSigns: Readonly<Record<CostStanding, string>> = {
  worse: '▼',
  better: '▲',
  differs: '≠',
  equivalent: '≈',
  inconclusive: '?',
  unavailable: '–',
};

export const standingTones: Readonly<Partial<Record<CostStanding, Tone>>> = { worse: 'bad', better: 'good' };

/** Standing on cost in words. */
export const standingCosts: Readonly<Record<CostStanding, Message>> = messages('standing.cost', {
  worse: 'costs more',
  better: 'costs less',
  differs: 'differs',
  equivalent: 'as much',
  inconclusive: 'not decided',
  unavailable: 'not measured',
});

/** Standing of a runtime on cost in words, as an inline. */
export function standingInline(
  standing: CostStanding,
  t: (message: Message) => string,
): Extract<Inline, { readonly kind: 'verdict' }> {
  return {
    kind: 'verdict',
    text: t(standingCosts[standing]),
    sign: standingSigns[standing],
    tone: standingTones[standing],
  };
}

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
