import { messages } from '../../core/messages/define.ts';
import { formatNumber } from '../../core/messages/number.ts';
import { chapter, list, type Text, text } from '../document.ts';
import { formatConfidence, formatNumberShort } from '../format.ts';
import { standingInline } from '../words/verdict.ts';
import { words as inShort } from './answers/in-short.ts';
import type { Section } from './section.ts';

const words = messages('section.reading', {
  title: 'How to read this',
  cost: 'Costs are relative to {baseline} in the same block: 2× is twice the time or memory, or half the rate. In the tables, “× {baseline}” is the ratio of the values themselves.',
  interval: 'Brackets hold the {confidence} confidence interval: ratios that fit what was measured.',
  claimed:
    ': a difference is claimed. Its interval excludes 1, it is greater than ±{band}, and it withstands the correction for the comparisons of its runtime.',
  equivalent: ': no difference that matters. The {narrow} interval lies inside [{low}, {high}].',
  undecided:
    ': the interval holds both answers, or the correction does not confirm what it shows. “In short” says how many more blocks an answer takes.',
  observed: 'The workload that costs most is what was observed. No claim is made about it alone.',
  cpu: 'CPU of a start: of its cgroup and of the engine for it, from its creation until its last process has ended. It is what was observed, with the interval of its pairs. No claim is made about it: the correction counts the time of the start.',
  further:
    'The first idle container on a host: with the text of its programs, which all containers of the same ones share. Each further one: without it, as observed. No claim is made about it.',
});

/** Explanation of the signs and numbers of the first screen. */
export default {
  id: 'reading',
  order: 120,
  blocks({ analysis, rows, confidence, band, lang, t }) {
    const { baseline, thresholds } = analysis;
    const sign = (standing: Parameters<typeof standingInline>[0]) => standingInline(standing, t);
    const equivalent = words.equivalent({
      narrow: formatConfidence(1 - 2 * thresholds.alpha, lang),
      low: formatNumber(1 / (1 + thresholds.practical), 3, lang),
      high: formatNumberShort(1 + thresholds.practical, lang),
    });
    const items: readonly Text[] = [
      [text(t(words.cost({ baseline })))],
      [text(t(words.interval({ confidence })))],
      [sign('worse'), text(', '), sign('better'), text(t(words.claimed({ band })))],
      [sign('equivalent'), text(t(equivalent))],
      [sign('inconclusive'), text(t(words.undecided))],
      [text(t(inShort.pooled))],
      [text(t(words.observed))],
      ...(rows.some(({ metric }) => metric === 'total.cpu') ? [[text(t(words.cpu))]] : []),
      ...(rows.some(({ metric }) => metric === 'memory.private') ? [[text(t(words.further))]] : []),
    ];
    return [chapter({ title: t(words.title), id: 'reading' }, list(items))];
  },
} satisfies Section;
