import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { valueAxis } from '../../../report/charts/grammar/axis.ts';
import type { Room, Spec } from '../../../report/charts/grammar/chart.ts';
import { type GroupedBar, groupedBars } from '../../../report/charts/grammar/grouped-bars.ts';
import { round } from '../../../report/charts/grammar/layout.ts';
import { chartName } from '../../../report/charts/grammar/palette.ts';
import { pictureOf } from '../../../report/charts/grammar/picture.ts';
import { displayUnit, formatValue } from '../../../report/document/format.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { cutMiddle } from '../../../report/document/wrap.ts';
import { costsOf, type TargetCost } from '../costs.ts';
import { type CostMetric, costMetrics } from '../figures.ts';
import type { MoveRecord } from '../record.ts';
import { cpusShown, rateShown } from './costs.ts';
import type { MovePicture } from './picture.ts';

const words = messages('move.chart', {
  cpus: 'CPUs for {rate} requests a second, by service',
  rest: 'CPUs when idle, by service',
  caption: 'Medians; the line is the interval of the difference from {baseline}.',
  memory: 'Memory when idle, by service',
  cpuAxis: 'CPUs',
  memoryAxis: 'memory, {unit}',
});

/** The pictures of a move: CPU and memory of each service, for each target. */
export function movePictures(
  { cost, baseline }: MoveRecord,
  colors: ReadonlyMap<string, string>,
  lang: Lang,
): readonly MovePicture[] {
  if (cost === undefined) return [];
  return costsOf(cost, baseline).flatMap((target, at): readonly MovePicture[] =>
    [target.cpuMetric, 'memory' as const].flatMap((metric) => {
      if (!target.rows.some((row) => row.service !== null && row.metric === metric)) return [];
      const title =
        metric === 'memory'
          ? words.memory
          : metric === 'rest'
            ? words.rest
            : words.cpus({ rate: rateShown(target.rate ?? 0, lang) });
      const caption = words.caption({ baseline: plainText(baseline) });
      const draw = (room: Room) => bars(target, { metric, baseline, colors }, room);
      return [
        {
          ...pictureOf(`move-${metric}-${at}`, { title, caption }, draw, lang),
          target: target.runtime,
        },
      ];
    }),
  );
}

function bars(
  { runtime, rows }: TargetCost,
  of: {
    readonly metric: CostMetric;
    readonly baseline: string;
    readonly colors: ReadonlyMap<string, string>;
  },
  room: Room,
): Spec {
  const { lang, narrow } = room;
  const { metric, baseline, colors } = of;
  const { unit } = costMetrics[metric];
  const own = rows.filter((row) => row.service !== null && row.metric === metric);
  const highest = Math.max(0, ...own.flatMap((row) => [row.baseline, row.target]));
  const display = displayUnit(unit, highest, lang);
  const values = own.flatMap((row): readonly GroupedBar[] => {
    const name = cutMiddle(plainText(row.service ?? ''), narrow ? 16 : 30);
    const bar = (series: string, value: number, low: number | null, high: number | null): GroupedBar => ({
      row: name,
      series: chartName(series),
      value: round(value / display.factor),
      low: low === null ? null : round(Math.max(0, low) / display.factor),
      high: high === null ? null : round(high / display.factor),
      end: round(Math.max(value, high ?? 0) / display.factor),
      label: unit === 'ratio' ? cpusShown(value, lang) : formatValue(value, unit, lang),
    });
    const { low, high } = row.difference;
    return [
      bar(baseline, row.baseline, null, null),
      bar(
        runtime,
        row.target,
        low === null ? null : row.baseline + low,
        high === null ? null : row.baseline + high,
      ),
    ];
  });
  const series = new Map(
    [baseline, runtime].map((name) => [chartName(name), colors.get(name) ?? '#6b6b6b'] as const),
  );
  const axis = metric === 'memory' ? words.memoryAxis({ unit: display.name }) : words.cpuAxis;
  return groupedBars(room, {
    values,
    series,
    greatest: Math.max(0, ...values.map(({ end }) => end)),
    x: (range) => valueAxis(room, range, axis, narrow ? { labelOverlap: true } : {}),
  });
}
