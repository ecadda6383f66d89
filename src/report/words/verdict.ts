import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Verdict } from '../../core/model/analysis/analysis.ts';
import type { Better } from '../../core/model/workload/metric.ts';
import type { Inline, Tone } from '../document/document.ts';
import { type CostStanding, standingOf } from '../findings/headline-cost.ts';

/** One-character signs: a cost above the baseline’s, or below; so that better and worse do not depend on colour. */
export const standingSigns: Readonly<Record<CostStanding, string>> = {
  worse: '▲',
  better: '▼',
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
  equivalent: 'no difference',
  inconclusive: 'inconclusive',
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
  equivalent: 'no difference',
  inconclusive: 'inconclusive',
  unavailable: 'not measured',
});

/** Verdicts that claim a difference. */
const claimed: readonly Verdict[] = ['faster', 'slower', 'less', 'more'];

type VerdictInline = Extract<Inline, { readonly kind: 'verdict' }>;

/** A verdict with what is known of its figure. */
interface Judged {
  readonly verdict: Verdict;
  /** The ratio that is shown beside it; null or absent where there is none. */
  readonly ratio?: number | null | undefined;
  readonly better?: Better | null;
}

/** A verdict in a table. Its sign says whether the ratio is above 1 or below; its tone, whether that is worse. */
export function verdictInline(of: Judged, t: (message: Message) => string): VerdictInline {
  const { verdict, better } = of;
  return {
    kind: 'verdict',
    text: t(verdictNames[verdict]),
    sign: signOf(of),
    tone: toneOf(standingOf({ verdict, better: better ?? 'neither' })),
    differs: verdict === 'baseline' ? undefined : claimed.includes(verdict),
  };
}

function toneOf(standing: CostStanding | null): Tone | undefined {
  if (standing === null || standing === 'inconclusive') return 'quiet';
  return standing === 'differs' ? 'other' : standingTones[standing];
}

function signOf({ verdict, ratio, better }: Judged): string {
  if (verdict === 'baseline') return '·';
  if (verdict === 'equivalent' || verdict === 'inconclusive' || verdict === 'unavailable')
    return standingSigns[verdict];
  const isUp = verdict === 'more' || verdict === (better === 'higher' ? 'faster' : 'slower');
  return (ratio == null ? isUp : ratio > 1) ? '▲' : '▼';
}
