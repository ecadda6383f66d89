import { messages } from '../../core/messages/define.ts';
import { formatNumber } from '../../core/messages/number.ts';
import { chapter, list, type Text, text } from '../document.ts';
import { formatConfidence, formatNumberShort } from '../format.ts';
import { standingInline } from '../words/verdict.ts';
import { words as inShort } from './answers/in-short.ts';
import { aboutChanges } from './categories/headline-table.ts';
import type { Section } from './section.ts';

const words = messages('section.reading', {
  title: 'How to read this',
  signs: '▲ is above {baseline}, ▼ is below: red is worse, green is better.',
  cost: 'Costs are relative to {baseline} in the same block: 2× is twice the time or memory, or half the rate. In the tables, “× {baseline}” is the ratio of the values themselves.',
  interval: 'Brackets are {confidence} confidence intervals: the ratios that fit the measurements.',
  claimed:
    ': a significant difference. Its interval excludes 1, it exceeds ±{band}, and it withstands the correction for the comparisons of its runtime.',
  equivalent: ': the {narrow} interval lies inside [{low}, {high}].',
  undecided:
    ': the interval allows both answers, or the correction does not confirm what it shows. “In short” says what would settle it.',
  observed: 'The costliest test of a category is observed. No claim is made about it alone.',
  cpu: 'CPU per start: of its cgroup and of the engine for it, from its creation until its last process has ended. It is observed, with the interval of its pairs. No claim is made about it.',
  further:
    'Idle memory of the first container on a host includes the text of its programs, which further containers share. Each further one is without it, as observed. No claim is made about it.',
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
      [text(t(words.interval({ confidence })))],
      [sign('worse'), text(', '), sign('better'), text(t(words.claimed({ band })))],
      [sign('equivalent'), text(t(equivalent))],
      [sign('inconclusive'), text(t(words.undecided))],
      [text(t(inShort.pooled))],
      [text(t(words.observed))],
      ...(rows.some(({ metric }) => metric === 'total.cpu') ? [[text(t(words.cpu))]] : []),
      ...(rows.some(({ metric }) => metric === 'memory.private') ? [[text(t(words.further))]] : []),
      ...(changes === null ? [] : [[text(t(changes))]]),
    ];
    return [chapter({ title: t(words.title), id: 'reading' }, list(items))];
  },
} satisfies Section;
