import { messages } from '../../core/messages/define.ts';
import { unavailableRuntimes } from '../context.ts';
import { chapter, paragraph, text } from '../document/document.ts';
import { groupBy, subjectLabel } from '../document/labels.ts';
import { manySubjects } from '../findings/category-summary.ts';
import { nothingMeasured } from '../findings/nothing-measured.ts';
import { hasValue } from '../findings/row-guards.ts';
import { inShortBlocks } from './answers/in-short.ts';
import { openQuestions } from './answers/open-questions.ts';
import { summaryBlocks } from './answers/summary.ts';
import type { Section } from './section.ts';

const words = messages('section.answers', { title: 'In short' });

/**
 * The run in a few sentences, and what would settle the rest. The verdict of each test stands in the table of its category;
 * many tests are summarised in a table here.
 */
export default {
  id: 'answers',
  order: 350,
  blocks(context) {
    const { rows, t } = context;
    const gone = unavailableRuntimes(context);
    // Facts have their own section.
    const headlines = rows.filter(
      (row) => row.headline && !gone.includes(row.runtime) && row.category !== 'isolation',
    );
    const groups = groupBy(headlines, subjectLabel).filter((group) => group.some(hasValue));
    const blocks = [
      ...(groups.length === 0
        ? nothingMeasured(context.run, context.analysis).map((said) => paragraph(text(t(said))))
        : []),
      ...inShortBlocks(context),
      ...openQuestions(context),
      ...(groups.length > manySubjects ? summaryBlocks(headlines, context) : []),
    ];
    return [chapter({ title: t(words.title), id: 'answers' }, blocks)];
  },
} satisfies Section;
