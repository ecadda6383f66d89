import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Inline, Tone } from '../document.ts';
import type { Standing } from '../headline-cost.ts';

export const standingNames: Readonly<Record<Standing, Message>> = messages('standing', {
  worse: 'worse',
  better: 'better',
  differs: 'different',
  equivalent: 'equivalent',
  inconclusive: 'inconclusive',
  unavailable: 'not measured',
});

/** One-character signs show what is better without colour. */
export const standingSigns: Readonly<Record<Standing, string>> = {
  worse: '▼',
  better: '▲',
  differs: '≠',
  equivalent: '≈',
  inconclusive: '?',
  unavailable: '–',
};

export const standingTones: Readonly<Partial<Record<Standing, Tone>>> = { worse: 'bad', better: 'good' };

/** What something costs, in words. */
export const standingCosts: Readonly<Record<Standing, Message>> = messages('standing.cost', {
  worse: 'costs more',
  better: 'costs less',
  differs: 'differs',
  equivalent: 'as much',
  inconclusive: 'not decided',
  unavailable: 'not measured',
});

/** What a runtime costs, in words. */
export function standingInline(
  standing: Standing,
  t: (message: Message) => string,
): Extract<Inline, { readonly kind: 'verdict' }> {
  return {
    kind: 'verdict',
    text: t(standingCosts[standing]),
    sign: standingSigns[standing],
    tone: standingTones[standing],
  };
}
