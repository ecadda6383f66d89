import { messages } from '../../core/messages/define.ts';
import { chapter, text } from '../document.ts';
import { claimedChanges, comparisonBlocks } from '../run-comparison-table.ts';
import type { Section } from './section.ts';

const words = messages('section.since', {
  title: 'Since the run before',
  gist: '{n, plural, =0 {no change is claimed} one {{n} change} other {{n} changes}}',
});

/** Changes since the previous run; left out without a comparable one. */
export default {
  id: 'since',
  order: 250,
  blocks({ changes, lang, t }) {
    if (changes === undefined || changes === null) return [];
    const n = claimedChanges(changes);
    const gist = [text(t(words.gist({ n })))];
    const said = { title: t(words.title), id: 'since', gist, open: n > 0 };
    return [chapter(said, comparisonBlocks(changes, lang))];
  },
} satisfies Section;
