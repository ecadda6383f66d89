import { listed } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Message } from '../../core/messages/message.ts';
import type { RunComparison } from '../../core/model/run/run-comparison.ts';
import { type Block, chapter, paragraph, text } from '../document/document.ts';
import { terminalText } from '../document/sanitize.ts';
import { claimedChanges, comparisonBlocks } from '../tables/run-comparison-table.ts';
import type { Section } from './section.ts';

const words = messages('section.since', {
  title: 'Since the previous run',
  gist: '{n, plural, =0 {no significant change} one {{n} change} other {{n} changes}}',
  gistLeftOut: 'not compared',
  leftOut: 'This run is not compared with the previous one, {before}: {reason}.',
  difference: '{key} was {was} and is {is}',
  more: '{n} more {n, plural, one {difference} other {differences}}',
  all: 'To compare them anyway:  @(compare {before} {after} --accept {keys})',
});

const reasons = messages('section.since', {
  differs: 'these differences change figures ({differences})',
  cutOff: 'that run was cut off',
  nothingInCommon: 'they have no test in common',
});

type LeftOut = NonNullable<RunComparison['leftOut']>;

/** Number of differences that are named. */
const maxNamed = 4;

/** Changes since the previous run, or why the two are not compared; left out without a previous run. */
export default {
  id: 'since',
  order: 250,
  blocks({ changes, lang, t }) {
    if (changes === undefined || changes === null) return [];
    const said = { title: t(words.title), id: 'since' };
    const { leftOut } = changes;
    if (leftOut !== undefined) {
      const sentences = whyLeftOut(changes, leftOut).map((one): Block => paragraph(text(t(one))));
      return [chapter({ ...said, gist: [text(t(words.gistLeftOut))], open: false }, sentences)];
    }
    const n = claimedChanges(changes);
    const gist = [text(t(words.gist({ n })))];
    return [chapter({ ...said, gist, open: n > 0 }, comparisonBlocks(changes, lang))];
  },
} satisfies Section;

function whyLeftOut({ before, after }: RunComparison, { reason, differences }: LeftOut): readonly Message[] {
  const run = terminalText(before, 60);
  const leftOut = (why: Message) => words.leftOut({ before: run, reason: why });
  if (reason === 'cut-off') return [leftOut(reasons.cutOff)];
  if (reason === 'nothing-in-common') return [leftOut(reasons.nothingInCommon)];
  const named = differences
    .slice(0, maxNamed)
    .map(({ key, was, is }) =>
      words.difference({ key: terminalText(key, 60), was: terminalText(was, 40), is: terminalText(is, 40) }),
    );
  const n = differences.length - named.length;
  const all = n > 0 ? [...named, words.more({ n })] : named;
  const keys = n > 0 ? 'all' : differences.map(({ key }) => key).join(',');
  const isOfOneBaseline = differences.every(({ key }) => key !== 'config.baseline');
  return [
    leftOut(reasons.differs({ differences: listed(all, 'semicolon') })),
    // Ratios to another baseline say nothing of a change.
    ...(isOfOneBaseline ? [words.all({ before: run, after, keys })] : []),
  ];
}
