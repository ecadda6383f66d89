import { quantileSorted } from 'simple-statistics';
import { messages } from '../../../core/messages/define.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Room, Spec } from '../../../report/charts/grammar/chart.ts';
import { multilineLabels, namedRows, span, still } from '../../../report/charts/grammar/dots.ts';
import { costTitle, lineAt, timesAxis } from '../../../report/charts/grammar/heat-map.ts';
import { phonePlot, phoneWidth, plotWidth } from '../../../report/charts/grammar/layout.ts';
import { chartName } from '../../../report/charts/grammar/palette.ts';
import type { AxisRange } from '../../../report/charts/grammar/scale.ts';
import { ink } from '../../../report/charts/grammar/theme.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { colorOf, costRange, drawn, fleetLayers, panels, panelTitle } from './chart-dots.ts';
import { categoryLabel, fleetWords } from './words.ts';

const words = messages('fleetReport.many', { yours: 'yours' });

/** Number of bars of a histogram. */
const bins = 40;

/** Spread of the hosts: one row per runtime and category. */
export function bandRows(fleet: Fleet, room: Room): Spec {
  const { lang, narrow } = room;
  const { categories } = fleet;
  const values = categories.map((of, place) => {
    const sorted = of.votes.map(({ cost }) => cost).toSorted((a, b) => a - b);
    const at = (part: number) => drawn(quantileSorted(sorted, part));
    return {
      place,
      row: [chartName(of.runtime), categoryLabel(of, lang)].join(narrow ? '\n' : ' · '),
      color: colorOf(fleet, of.runtime),
      p5: at(0.05),
      p25: at(0.25),
      p50: at(0.5),
      p75: at(0.75),
      p95: at(0.95),
    };
  });
  const x = timesAxis(room, costRange(categories, false), costTitle(categories[0]?.baseline ?? '', true));
  const rows = values.map(({ row }) => row);
  const y = namedRows('row', { labelLimit: 300, labelExpr: multilineLabels.labelExpr });
  const color = { field: 'color', type: 'nominal', scale: null, legend: null };
  const bar = (from: string, to: string, opacity: number) =>
    still({ type: 'bar', height: 10, opacity }, { y, color, x: { ...x, field: from }, x2: { field: to } });
  return {
    data: { values },
    width: narrow ? phonePlot(rows) : plotWidth,
    height: { step: narrow ? 32 : 20 },
    layer: [
      bar('p5', 'p95', 0.35),
      bar('p25', 'p75', 0.8),
      still({ type: 'tick', color: ink, thickness: 2, size: 14 }, { y, x: { ...x, field: 'p50' } }),
      lineAt(x, 1, { color: ink, strokeWidth: 1 }),
    ],
  };
}

/** One panel per runtime: histogram of the hosts' costs, and the fleet's estimate. */
export function histogramPanels(all: readonly FleetCategory[], fleet: Fleet, room: Room): Spec {
  const range = costRange(all, false);
  return panels(all, range, { ...room, spacing: 14 }, (of, x) => histogram(of, fleet, { ...room, range, x }));
}

function histogram(
  of: FleetCategory,
  fleet: Fleet,
  { lang, narrow, range, x }: Room & { readonly range: AxisRange; readonly x: Spec },
): Spec {
  const color = colorOf(fleet, of.runtime);
  const [least, most] = range.domain;
  const step = Math.log(most / least) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const { cost } of of.votes) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(Math.log(drawn(cost) / least) / step)));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const values = counts.flatMap((hosts, bin) =>
    hosts === 0
      ? []
      : [{ low: least * Math.exp(bin * step), high: least * Math.exp((bin + 1) * step), hosts, zero: 0 }],
  );
  const own = of.votes.find(({ host }) => host === fleet.own);
  const axis = { title: translate(fleetWords.hosts, lang), tickCount: 3, format: 'd', tickMinStep: 1 };
  const yours = translate(words.yours, lang);
  return {
    title: panelTitle(of, lang),
    width: narrow ? phoneWidth - 60 : plotWidth,
    height: 70,
    data: { values },
    layer: [
      ...fleetLayers(of, color, range, x),
      still(
        { type: 'rect', color, stroke: 'white', strokeWidth: 0.5 },
        { ...span(x), y: { field: 'hosts', type: 'quantitative', axis }, y2: { field: 'zero' } },
      ),
      ...(own === undefined
        ? []
        : [
            lineAt(x, drawn(own.cost), { color: ink, strokeWidth: 3 }),
            lineAt(x, drawn(own.cost), { type: 'text', color: ink, align: 'left', dx: 5, y: 8, text: yours }),
          ]),
    ],
  };
}
