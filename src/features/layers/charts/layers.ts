import { messages } from '../../../core/messages/define.ts';
import { defineChart } from '../../../report/charts/grammar/define.ts';
import { paged } from '../../../report/charts/grammar/layout.ts';
import { runtimesOf } from '../../../report/charts/grammar/palette.ts';
import { waterfalls } from '../../../report/charts/grammar/waterfall.ts';
import { chartWords } from '../../../report/charts/grammar/words.ts';
import { layerPicture, shownStacks } from './data/layer-pictures.ts';

const words = messages('chart.layers', {
  title: 'Where the time of a start goes, layer by layer',
  caption:
    'Each bar begins where the one above ends: what a layer adds to the one below, by the differences within blocks, with the {confidence} interval of that at its end. The bar after them is what was measured through the highest layer, from zero; what follows it is no part of the stack',
  absent: 'no start was measured at several layers',
});

/** Maximum number of pictures per chart. */
const ofOne = 6;

/** A waterfall for each runtime, until the first output and until the container is gone. */
export default defineChart({
  id: 'layers',
  section: 'layers',
  order: 35,
  title: words.title,
  absent: words.absent,
  data(context) {
    const stacks = shownStacks(context);
    return stacks.length === 0 ? null : paged(stacks, ofOne);
  },
  draw(stacks, context) {
    const pictures = stacks.map((stack) => layerPicture(stack, context));
    return {
      caption: [words.caption({ confidence: context.confidence })],
      runtimes: runtimesOf(stacks, context),
      counts: stacks.map(({ whole }) => whole.n),
      columns: 132,
      view: waterfalls(context, pictures, {
        title: chartWords.timeAxis({ unit: 'ms' }),
        isCommon: true,
        names: 168,
      }),
    };
  },
});
