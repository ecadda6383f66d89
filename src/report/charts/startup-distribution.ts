import { messages } from '../../core/messages/define.ts';
import { subjectLabel } from '../document/labels.ts';
import { plainText } from '../document/sanitize.ts';
import { importantSubjects, subjectsLeftOut } from './data/startup-bars.ts';
import { startupHeadlines, startupSamples, thinned } from './data/startup-samples.ts';
import { valueFinding } from './data/value-finding.ts';
import { middleUnit, valueAxis } from './grammar/axis.ts';
import { defineChart } from './grammar/define.ts';
import {
  endLabels,
  hasInterval,
  layer,
  rowTip,
  runtimeLines,
  span,
  tooltip,
  valueTip,
} from './grammar/dots.ts';
import { facets, pictureGrid } from './grammar/facets.ts';
import { round, scaled } from './grammar/layout.ts';
import { picking } from './grammar/live.ts';
import { chartName, runtimeColor, runtimesOf } from './grammar/palette.ts';
import { autoRange } from './grammar/scale.ts';
import { gapsIn } from './grammar/stacked-bars.ts';
import { ink } from './grammar/theme.ts';
import { axisTitle, chartWords } from './grammar/words.ts';

const words = messages('chart.startup-distribution', {
  title: 'Every start: time to first output',
  caption: 'One dot per container; tick: median; line: its {confidence} CI',
});

/** Every container's time as a dot, with median and interval: shows the distribution behind the ratios. */
export default defineChart({
  id: 'startup-distribution',
  section: 'startup',
  order: 30,
  title: words.title,
  absent: chartWords.noStart,
  data(context) {
    const subjects = importantSubjects(startupHeadlines(context), context);
    const samples = startupSamples(context.measurements, subjects.rows);
    return samples.length === 0 ? [] : [{ subjects, samples }];
  },
  finding: ({ subjects }, context) => valueFinding(subjects.rows, context),
  draw({ subjects, samples }, context) {
    const { lang, confidence } = context;
    const { rows } = subjects;
    const { shown, caption } = thinned(samples, lang);
    const unit = middleUnit('ns', rows, context);
    const time = chartWords.timeAxis({ unit: unit.name });
    const dots = shown.map((sample) => ({
      subject: plainText(sample.subject),
      runtime: chartName(sample.runtime),
      value: round(sample.value / unit.factor),
      jitter: jitter(sample.block),
    }));
    const medians = rows.map((row) => ({
      subject: plainText(subjectLabel(row)),
      runtime: chartName(row.runtime),
      median: scaled(row.median, unit.factor),
      low: scaled(row.ciLow, unit.factor),
      high: scaled(row.ciHigh, unit.factor),
      tip: rowTip(row, context),
    }));
    const range = autoRange(shown.map((sample) => sample.value / unit.factor));
    const names = runtimesOf(rows, context);
    const grid = pictureGrid(subjects.shown, names, context);
    const y = runtimeLines({ paddingInner: 0.1 });
    const x = valueAxis(context, range, axisTitle(time, range.log));
    const dot = {
      y,
      x,
      color: { ...runtimeColor(context, names), legend: null },
      tooltip: valueTip(context, time),
      // `sort`: see `byPlace`.
      yOffset: {
        field: 'jitter',
        type: 'quantitative',
        sort: 'ascending',
        scale: { domain: [-1.6, 1.6] },
      },
    };
    // Crowded strips need more transparency to show their density.
    const opacity = shown.length > 80 * rows.length ? 0.35 : 0.65;
    const layers = [
      picking(layer({ type: 'circle', size: 22, opacity }, dot, 'isValid(datum.value)'), 'runtime', 'marks'),
      layer({ type: 'rule', strokeWidth: 1.3, color: ink }, { y, ...span(x), tooltip }, hasInterval),
      layer(
        { type: 'tick', thickness: 2.5, size: 24, color: ink, opacity: 1 },
        { y, x: { ...x, field: 'median' }, tooltip },
        'isValid(datum.median)',
      ),
      endLabels({ y, x: { value: 0 } }, 6, 10, 'isValid(datum.label)'),
    ];
    return {
      caption: [words.caption({ confidence }), caption, subjectsLeftOut(subjects)],
      runtimes: names,
      columns: grid.subtitle,
      counts: rows.map((row) => row.n),
      view: facets(
        [...dots, ...medians, ...gapsIn(rows, names, lang)],
        [...new Set(medians.map(({ subject }) => subject))],
        grid,
        {
          height: { step: subjects.shown > 3 ? 28 : 34, for: 'position' },
          layer: layers,
        },
      ),
    };
  },
});

/**
 * Vertical offset of a dot, -1 … 1, computed only from the block (multiples of the golden ratio), so that every rendering is
 * the same.
 */
function jitter(block: number): number {
  const turn = (block * 0.618_033_988_75) % 1;
  return Number((turn * 2 - 1).toFixed(2));
}
