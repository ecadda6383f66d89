import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Spec } from '../../../report/charts/grammar/define.ts';
import { phonePlot, plotWidth } from '../../../report/charts/grammar/layout.ts';
import { byPlace } from '../../../report/charts/grammar/live.ts';
import { chartName } from '../../../report/charts/grammar/palette.ts';
import type { AxisRange } from '../../../report/charts/grammar/scale.ts';
import { ink } from '../../../report/charts/grammar/theme.ts';
import { plainText } from '../../../report/sanitize.ts';
import { cutMiddle } from '../../../report/wrap.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { colorOf, costAxis, costRange, drawn, fleetLayers } from './chart-axis.ts';
import { particularsOf } from './words.ts';

const words = messages('fleetReport.dots', { own: '{host} ◀ yours' });

/** The label of a host beside a plot. */
export function hostLabel(fleet: Fleet, host: number, lang: Lang, narrow: boolean): string {
  const name = cutMiddle(plainText(fleet.hosts[host]?.name ?? ''), narrow ? 14 : 24);
  return host === fleet.own ? translate(words.own({ host: name }), lang) : name;
}

/** The title of a panel: the runtime, and what tells it apart. */
export function panelTitle(of: FleetCategory, lang: Lang): string {
  const particulars = particularsOf(of, lang);
  return [chartName(of.runtime), ...(particulars === '' ? [] : [particulars])].join(', ');
}

/** A panel for each runtime, below each other on one axis: a dot a host with its interval, and all of them together. */
export function dotPanels(all: readonly FleetCategory[], fleet: Fleet, lang: Lang, narrow: boolean): Spec {
  const range = costRange(all, true);
  return {
    vconcat: all.map((of, at) => panel(of, fleet, range, { lang, narrow, titled: at === all.length - 1 })),
    spacing: 18,
  };
}

function panel(
  of: FleetCategory,
  fleet: Fleet,
  range: AxisRange,
  room: { readonly lang: Lang; readonly narrow: boolean; readonly titled: boolean },
): Spec {
  const { lang, narrow } = room;
  const color = colorOf(fleet, of.runtime);
  const apart = new Set(
    fleet.outliers.filter(({ category }) => fleet.categories[category] === of).map(({ host }) => host),
  );
  const values = of.votes.map(({ host, cost, low, high }, place) => ({
    place,
    host: hostLabel(fleet, host, lang, narrow),
    cost: drawn(cost),
    ...(low === null || high === null ? {} : { low: drawn(low), high: drawn(high) }),
    apart: apart.has(host) ? 'yes' : 'no',
    own: host === fleet.own ? 'yes' : 'no',
  }));
  const labels = values.map(({ host }) => host);
  const x = costAxis(of, range, room);
  const y = { field: 'host', type: 'nominal', sort: byPlace, axis: { title: null, labelLimit: 260 } };
  return {
    title: { text: panelTitle(of, lang), fontSize: 12, anchor: 'start', offset: 6 },
    width: narrow ? phonePlot(labels) : plotWidth,
    height: { step: 17 },
    data: { values },
    layer: [
      ...fleetLayers(of, color, range, x),
      {
        transform: [{ filter: 'isValid(datum.low)' }],
        mark: { type: 'rule', color, strokeWidth: 1.5 },
        encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'point', filled: true, size: 55, color, opacity: 1 },
        encoding: {
          y,
          x: { ...x, field: 'cost' },
          // Not by colour alone: a host that stands apart is a triangle, the reader's own has a border.
          shape: {
            condition: { test: "datum.apart === 'yes'", value: 'triangle-up' },
            value: 'circle',
          },
          size: {
            condition: { test: "datum.apart === 'yes' || datum.own === 'yes'", value: 130 },
            value: 55,
          },
          stroke: { condition: { test: "datum.own === 'yes'", value: ink }, value: color },
          strokeWidth: { condition: { test: "datum.own === 'yes'", value: 2.5 }, value: 0 },
        },
      },
    ],
  };
}
