import { messages } from '../../core/messages/define.ts';
import { formatNumber } from '../../core/messages/number.ts';
import { usualSpread } from '../../core/model/run/session-spread.ts';
import { chapter, list, type Text, text } from '../document/document.ts';
import { formatConfidence, formatNumberShort, formatPercent } from '../document/format.ts';
import { standingInline } from '../words/verdict.ts';
import { words as inShort } from './answers/in-short.ts';
import { aboutChanges } from './categories/headline-table.ts';
import type { Section } from './section.ts';

const words = messages('section.reading', {
  title: 'How to read this',
  signs: '▲ is above {baseline}, ▼ is below. On the page, orange is worse and blue is better.',
  cost: 'Costs are relative to {baseline} in the same block: 2× is twice the time or memory, or half the rate. In the tables, “× {baseline}” is the plain ratio of the values; rates are not inverted.',
  values:
    '{baseline}’s value is its median. The value of another runtime is that median times the ratio beside it. summary.csv has the plain medians.',
  interval:
    'Brackets are {confidence} confidence intervals: the ratios that are compatible with the measurements of this run. They do not hold what differs between days, boots or hosts: between two runs of the same software that is usually ±{sessions}.',
  claimed:
    ': a significant difference. Its interval excludes 1, the effect exceeds ±{band}, and it remains significant after correction for all comparisons of that runtime.',
  equivalent: ': the {narrow} interval lies inside [{low}, {high}].',
  undecided:
    ': the interval is compatible with both answers, or the difference does not remain significant after correction. “In short” says how many more measurements are needed to decide.',
  observed:
    'The costliest test of a category is simply the one with the highest measured ratio. That ratio can be slightly below the category’s, which is estimated differently (see Method). The ranking is not tested for significance.',
  cpu: 'CPU per start: CPU time used by the container’s cgroup, and by the engine on its behalf, from creation until its last process has exited. It is descriptive and not tested for significance; its interval comes from paired trials.',
  further:
    'Idle memory of the first container on a host includes the code of its programs, which additional containers share. The figure for each additional container excludes that code. It is descriptive and not tested for significance.',
});

/** Explanation of the signs and numbers of the first screen. */
export default {
  id: 'reading',
  order: 120,
  blocks(context) {
    const { analysis, rows, confidence, band, lang, t } = context;
    const changes = aboutChanges(context);
    const { baseline, thresholds } = analysis;
    const sign = (standing: Parameters<typeof standingInline>[0]) => standingInline(standing, t);
    const equivalent = words.equivalent({
      narrow: formatConfidence(1 - 2 * thresholds.alpha, lang),
      low: formatNumber(1 / (1 + thresholds.practical), 3, lang),
      high: formatNumberShort(1 + thresholds.practical, lang),
    });
    const items: readonly Text[] = [
      [text(t(words.cost({ baseline })))],
      [text(t(words.signs({ baseline })))],
      [text(t(words.values({ baseline })))],
      [text(t(words.interval({ confidence, sessions: formatPercent(usualSpread - 1, lang) })))],
      [sign('worse'), text(', '), sign('better'), text(t(words.claimed({ band })))],
      [sign('equivalent'), text(t(equivalent))],
      [sign('inconclusive'), text(t(words.undecided))],
      [text(t(inShort.middle))],
      [text(t(words.observed))],
      ...(rows.some(({ metric }) => metric === 'total.cpu') ? [[text(t(words.cpu))]] : []),
      ...(rows.some(({ metric }) => metric === 'memory.private') ? [[text(t(words.further))]] : []),
      ...(changes === null ? [] : [[text(t(changes))]]),
    ];
    return [chapter({ title: t(words.title), id: 'reading' }, list(items))];
  },
} satisfies Section;
