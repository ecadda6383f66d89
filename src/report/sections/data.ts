import { messages } from '../../core/messages/define.ts';
import { chapter, link, paragraph, text } from '../document/document.ts';
import type { Section } from './section.ts';

const words = messages('section.data', {
  title: 'Data',
  intro: 'Every value, and the numbers behind this report:',
  rows: 'In tables, n leads to the row of summary.csv. The single values are the rows of measurements.csv with the same runtime, workload, params and metric.',
});

const files = ['measurements.csv', 'summary.csv', 'facts.csv', 'analysis.json', 'trials.jsonl', 'run.json'];

/** Links to the run's files beside the report. */
export default {
  id: 'data',
  order: 1300,
  blocks({ t }) {
    return [
      chapter({ title: t(words.title), id: 'data', open: true }, [
        paragraph(
          text(`${t(words.intro)} `),
          ...files.flatMap((file, i) => [text(i === 0 ? '' : ', '), link(file, file)]),
        ),
        paragraph(text(t(words.rows))),
      ]),
    ];
  },
} satisfies Section;
