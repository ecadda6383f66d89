import { quantileSorted } from 'simple-statistics';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Category } from '../../../core/model/metric.ts';
import type { Room, Spec } from '../../../report/charts/grammar/define.ts';
import { multilineLabels, namedRows, still } from '../../../report/charts/grammar/dots.ts';
import {
  costTitle,
  type HeatCell,
  heatMap,
  lineAt,
  timesAxis,
} from '../../../report/charts/grammar/heat-map.ts';
import { phonePlot, plotWidth } from '../../../report/charts/grammar/layout.ts';
import { shownRuntimes } from '../../../report/charts/grammar/live.ts';
import { chartName } from '../../../report/charts/grammar/palette.ts';
import { type Picture, pictureOf } from '../../../report/charts/grammar/picture.ts';
import { ink } from '../../../report/charts/grammar/theme.ts';
import { formatConfidence, formatRatio } from '../../../report/format.ts';
import { categoryOrder } from '../../../report/labels.ts';
import { plainText } from '../../../report/sanitize.ts';
import { categoryNames } from '../../../report/words/category.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { colorOf, costRange, dotPanels, drawn, hostLabel } from './chart-dots.ts';
import { categoryLabel, manyHosts, particularsOf } from './words.ts';

const chartMapWords = messages('fleetReport.map', {
  legend: 'cost ÷ cost of {baseline}',
  tip: '{host}: {cost}',
});

/** Short names of categories for the columns of a map. */
const columnNames: Readonly<Record<FleetCategory['category'], Message>> = messages('fleetReport.column', {
  startup: 'startup',
  syscall: 'calls',
  io: 'I/O',
  memory: 'memory',
  cpu: 'CPU',
  network: 'network',
  app: 'apps',
  sandbox: 'sandbox',
  agent: 'agent',
  restore: 'restore',
  density: 'density',
  isolation: 'isolation',
});

/** Minimum limit of the colour scale, as a factor in either direction. */
const leastLimit = 3;

/** Map of one runtime: hosts × categories. */
function mapOf(all: readonly FleetCategory[], fleet: Fleet, { lang, narrow }: Room): Spec {
  const [first] = all;
  const columns = all.map((of) => columnOf(of, lang));
  const cells = fleet.hosts.flatMap((_, host) =>
    all.flatMap((of, at): HeatCell[] => {
      const vote = of.votes.find((each) => each.host === host);
      const call = hostLabel(fleet, host, lang, narrow);
      const place = { call, column: columns[at] ?? '', runtime: chartName(of.runtime) };
      if (vote === undefined) return [{ ...place, label: '–', ratio: null, unsure: false, tip: '' }];
      const { cost, low, high } = vote;
      const shown = formatRatio(cost, lang);
      return [
        {
          ...place,
          label: shown,
          ratio: cost,
          unsure: low === null || high === null || (low <= 1 && high >= 1),
          tip: translate(chartMapWords.tip({ host: call, cost: shown }), lang),
        },
      ];
    }),
  );
  const farthest = cells.flatMap(({ ratio }) => (ratio === null ? [] : [Math.max(ratio, 1 / ratio)]));
  const runtime = chartName(first?.runtime ?? '');
  return {
    params: [shownRuntimes([runtime])],
    ...heatMap({
      panels: [cells],
      columns,
      columnWidth: narrow ? Math.max(36, Math.min(70, Math.floor(230 / Math.max(1, columns.length)))) : 76,
      limit: Math.max(leastLimit, Math.min(100, Math.max(...farthest, 1))),
      legend: translate(chartMapWords.legend({ baseline: chartName(first?.baseline ?? '') }), lang),
      narrow,
    }),
  };
}

function columnOf(of: FleetCategory, lang: Lang): string {
  const particulars = particularsOf(of, lang);
  const name = translate(columnNames[of.category], lang);
  return particulars === '' ? name : `${name} (${particulars})`;
}

const words = messages('fleetReport.chart', {
  map: 'All hosts: {runtime}',
  mapCaption: 'Cost as a factor of {baseline}. Pale: the host’s own interval includes 1×.',
  bands: 'How hosts spread',
  bandsCaption:
    'Costs of the hosts: light band 5 to 95%, dark band the middle half, line the median. Right of 1× is more expensive.',
  category: '{category}: all hosts',
  dots: 'Each dot is a host with its own interval. Line and dark band: all hosts together, with {confidence} interval. Light band: where a run on one more host would lie.',
});

/** Spread of the hosts: one row per runtime and category. */
function bandRows(fleet: Fleet, room: Room): Spec {
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

/** A picture of a fleet. */
export interface FleetChart extends Picture {
  /** Its category; null: all. */
  readonly category: Category | null;
}

/** All pictures: single hosts of a small fleet, their spread in a large one. */
export function fleetCharts(fleet: Fleet, lang: Lang): readonly FleetChart[] {
  if (fleet.hosts.length > manyHosts) return bands(fleet, lang);
  const confidence = formatConfidence(fleet.thresholds.confidence, lang);
  const perCategory = categoryOrder.flatMap((category): FleetChart[] => {
    const own = fleet.categories.filter((each) => each.category === category);
    if (own.length === 0) return [];
    const draw = (room: Room) => dotPanels(own, fleet, room);
    const title = words.category({ category: categoryNames[category] });
    const caption = words.dots({ confidence });
    return [{ ...pictureOf(`fleet-${category}`, { title, caption }, draw, lang), category }];
  });
  return [...maps(fleet, lang), ...perCategory];
}

function bands(fleet: Fleet, lang: Lang): readonly FleetChart[] {
  if (fleet.categories.length === 0) return [];
  const about = { title: words.bands, caption: words.bandsCaption };
  return [{ ...pictureOf('fleet-bands', about, (room) => bandRows(fleet, room), lang), category: null }];
}

/** One map per runtime. */
function maps(fleet: Fleet, lang: Lang): readonly FleetChart[] {
  return [...Map.groupBy(fleet.categories, ({ runtime }) => runtime)].map(([runtime, own], at) => {
    const about = {
      title: words.map({ runtime: plainText(runtime) }),
      caption: words.mapCaption({ baseline: plainText(baselinesOf(own)) }),
    };
    return {
      ...pictureOf(`fleet-map-${at + 1}`, about, (room) => mapOf(own, fleet, room), lang),
      category: null,
    };
  });
}

function baselinesOf(own: readonly FleetCategory[]): string {
  return [...new Set(own.map(({ baseline }) => baseline))].join(', ');
}
