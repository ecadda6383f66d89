import { messages } from '../../../core/messages/define.ts';
import { defineChart } from '../../../report/charts/grammar/define.ts';
import { chartName, runtimesOf } from '../../../report/charts/grammar/palette.ts';
import { waterfalls } from '../../../report/charts/grammar/waterfall.ts';
import { chartWords } from '../../../report/charts/grammar/words.ts';
import { subjectLabel, withoutEngine } from '../../../report/document/labels.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { metricName } from '../../../report/words/metric.ts';
import { layerPicture, type StackPage, stackPages } from './data/layer-pictures.ts';

const words = messages('chart.layers', {
  title: 'Layer by layer: {metric}',
  caption:
    '{subject}; each bar is what a layer adds, line: its {confidence} CI; “through” is the whole, “beside” no part of it; ×: cost relative to {baseline} (?: inconclusive)',
  absent: 'no start was measured at several layers',
});

/** Waterfalls of every runtime through every engine: until the first output, and until the container is gone. */
export default defineChart<StackPage>({
  id: 'layers',
  section: 'layers',
  order: 35,
  title: ({ lang }, page) => words.title({ metric: metricName(page?.metric ?? 'startup.to_output', lang) }),
  absent: words.absent,
  data(context) {
    const pages = stackPages(context);
    return pages.length === 0 ? null : pages;
  },
  draw({ stacks, all }, context) {
    const { analysis, confidence } = context;
    const [first] = stacks;
    const subject =
      first === undefined
        ? ''
        : subjectLabel(withoutEngine({ ...first, profile: 'default', layer: 'docker' }));
    return {
      caption: [
        words.caption({
          subject: plainText(subject),
          confidence,
          baseline: chartName(analysis.baseline),
        }),
      ],
      runtimes: runtimesOf(stacks, context),
      counts: stacks.map(({ whole }) => whole.n),
      columns: 132,
      view: waterfalls(
        context,
        stacks.map((stack) => layerPicture(stack, context)),
        {
          title: chartWords.timeAxis({ unit: 'ms' }),
          // One scale for all pictures of the run.
          onScale: all.map((stack) => layerPicture(stack, context)),
          names: 168,
        },
      ),
    };
  },
});
