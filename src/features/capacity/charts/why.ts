import { messages } from '../../../core/messages/define.ts';
import { defineChart } from '../../../report/charts/grammar/define.ts';
import { paged } from '../../../report/charts/grammar/layout.ts';
import { chartName, runtimesOf } from '../../../report/charts/grammar/palette.ts';
import { waterfalls } from '../../../report/charts/grammar/waterfall.ts';
import { chartWords } from '../../../report/charts/grammar/words.ts';
import { whyIn } from '../predict/why.ts';
import { waterfallOf, whyPictures } from './data/why-pictures.ts';

const words = messages('chart.why', {
  title: 'Where the CPU time of an application goes',
  caption:
    'CPU time of a unit of work, from {native} (top) to the runtime (bottom): how often the application asks × what one costs; grey: unexplained; each picture has its own scale',
  some: '{shown} of {all}, the costliest',
  absent: 'no application is recorded',
});

/** Maximum number of pictures in all charts of this kind, and in one chart. */
const maxPictures = 12;
const ofOne = 6;

/** A waterfall for every application under every runtime that has its own kernel. */
export default defineChart({
  id: 'why',
  section: 'why',
  order: 110,
  title: words.title,
  absent: words.absent,
  data(context) {
    const all = whyPictures(context);
    if (all.length === 0) return null;
    const shown = all.slice(0, maxPictures);
    return paged(shown, ofOne).map((page) => ({ page, shown: shown.length, all: all.length }));
  },
  draw({ page, shown, all }, context) {
    const native = whyIn(context)?.native ?? context.analysis.baseline;
    const attributions = page.map(({ attribution }) => attribution);
    return {
      caption: [words.caption({ native: chartName(native) }), shown < all && words.some({ shown, all })],
      runtimes: runtimesOf(attributions, context),
      counts: [],
      columns: 132,
      view: waterfalls(
        context,
        page.map((one) => waterfallOf(one, context)),
        {
          title: chartWords.timesAxis({ baseline: chartName(native) }),
          labelExpr: "format(datum.value, ',.12~g') + '×'",
          least: 1,
          baseline: native,
        },
      ),
    };
  },
});
