import { messages } from '../../core/messages/define.ts';
import { paragraph, type Text, text } from '../document/document.ts';
import { words as shared } from '../words/common.ts';
import type { Section } from './section.ts';

const words = messages('section.absentCharts', {
  title: 'Charts',
  intro: 'Left out for lack of data:',
});

/** Charts without data, with the reasons. */
export default {
  id: 'absent-charts',
  order: 1200,
  blocks({ t }, charts) {
    const items = charts.flatMap((chart): readonly Text[] =>
      'absent' in chart ? [[text(`${chart.title}${t(shared.colon)}${chart.absent}`)]] : [],
    );
    return items.length === 0
      ? []
      : [
          {
            kind: 'section',
            title: t(words.title),
            open: false,
            blocks: [paragraph(text(t(words.intro))), { kind: 'list', items }],
          },
        ];
  },
} satisfies Section;
