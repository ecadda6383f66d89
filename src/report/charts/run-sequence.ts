import { messages } from '../../core/messages/define.ts';
import { translate } from '../../core/messages/translate.ts';
import { displayUnit, formatCount } from '../format.ts';
import { subjectLabel } from '../labels.ts';
import { startupHeadlines, startupSamples, thinned } from './data/startup-samples.ts';
import { valueAxis } from './grammar/axis.ts';
import { defineChart } from './grammar/define.ts';
import { dotStyle, layer, valueTip } from './grammar/dots.ts';
import { phoneWidth, plotWidth, round } from './grammar/layout.ts';
import { picking, shownData } from './grammar/live.ts';
import { chartName, runtimesOf } from './grammar/palette.ts';
import { autoRange } from './grammar/scale.ts';
import { grey, ink } from './grammar/theme.ts';
import { axisTitle, chartWords } from './grammar/words.ts';

const words = messages('chart.run-sequence', {
  title: 'Time to first output in the order of measurement',
  caption: '{subject}; a slope or step means that the host drifted, which cancels out of paired ratios',
  blocks: 'grey: every other block',
  disturbed: 'cross: measured while the host was disturbed ({disturbed} of {all})',
  trialAxis: 'trial, in order of time',
});

/** Headline startup time in the order of measurement: shows drift, steps and periods. */
export default defineChart({
  id: 'run-sequence',
  section: 'noise',
  order: 120,
  title: words.title,
  absent: chartWords.noStart,
  data(context) {
    const all = startupHeadlines(context);
    const [first] = all;
    if (first === undefined) return [];
    const rows = all.filter((row) => subjectLabel(row) === subjectLabel(first));
    const samples = startupSamples(context.measurements, rows);
    return samples.length === 0 ? [] : [{ first, rows, samples }];
  },
  draw({ first, rows, samples }, context) {
    const { lang, narrow } = context;
    const rank = new Map(samples.map((sample, i) => [sample, i + 1]));
    const { shown, caption } = thinned(samples, lang);
    const unit = displayUnit('ns', first.median, lang);
    const flagged = new Set(
      context.trials
        .filter(({ trial }) => (trial.noise?.flags.length ?? 0) > 0)
        .map(({ trial }) => trial.trialId),
    );
    const disturbed = samples.filter(({ trialId }) => flagged.has(trialId)).length;
    const values = shown.map((sample) => ({
      runtime: chartName(sample.runtime),
      at: rank.get(sample) ?? 0,
      value: round(sample.value / unit.factor),
      ...(flagged.has(sample.trialId) && { disturbed: true }),
    }));
    const range = autoRange(values.map(({ value }) => value));
    const time = chartWords.timeAxis({ unit: unit.name });
    const names = runtimesOf(samples, context);
    const { color, shape } = dotStyle(context, names);
    const x = {
      field: 'at',
      type: 'quantitative',
      scale: { domain: [0, samples.length + 1], nice: false, zero: false },
      axis: {
        title: translate(words.trialAxis, lang),
        tickMinStep: 1,
        tickCount: narrow ? 5 : 10,
        format: ',d',
        grid: false,
      },
    };
    const y = valueAxis(context, range, axisTitle(time, range.log), { grid: true });
    const bands = otherBlocks(samples);
    return {
      caption: [
        words.caption({ subject: subjectLabel(first) }),
        bands.length > 0 && words.blocks,
        disturbed > 0 &&
          words.disturbed({
            disturbed: formatCount(disturbed, lang),
            all: formatCount(samples.length, lang),
          }),
        caption,
      ],
      runtimes: names,
      counts: rows.map((row) => row.n),
      view: {
        width: narrow ? phoneWidth - 60 : plotWidth + 80,
        height: 280,
        ...shownData(values),
        layer: [
          {
            data: { values: bands },
            mark: { type: 'rect', color: grey, opacity: 0.1 },
            encoding: { x: { ...x, field: 'from' }, x2: { field: 'to' } },
          },
          picking(
            layer({ type: 'line', strokeWidth: 1, opacity: 0.35 }, { x, y, color }),
            'runtime',
            'legend',
          ),
          layer(
            { type: 'point', filled: true, size: 34, opacity: 0.85 },
            { x, y, color, shape, tooltip: valueTip(context, time) },
          ),
          layer(
            {
              type: 'point',
              shape: 'M-1,-1L1,1M-1,1L1,-1',
              size: 60,
              strokeWidth: 1.4,
              color: ink,
              opacity: 1,
            },
            { x, y, tooltip: valueTip(context, time) },
            'datum.disturbed',
          ),
        ],
      },
    };
  },
});

/** Ranges of every second block in the order of trials, from before its first trial to after its last. */
function otherBlocks(samples: readonly { readonly block: number }[]) {
  const begins = samples.flatMap(({ block }, i) => (block === samples[i - 1]?.block ? [] : [i]));
  return begins.flatMap((begin, i) =>
    i % 2 === 0 ? [] : [{ from: begin + 0.5, to: (begins[i + 1] ?? samples.length) + 0.5 }],
  );
}
