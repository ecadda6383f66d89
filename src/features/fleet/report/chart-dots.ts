import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Room, Spec } from '../../../report/charts/grammar/define.ts';
import { hasInterval, namedRows, span, still } from '../../../report/charts/grammar/dots.ts';
import { phonePlot, plotWidth } from '../../../report/charts/grammar/layout.ts';
import { chartName } from '../../../report/charts/grammar/palette.ts';
import type { AxisRange } from '../../../report/charts/grammar/scale.ts';
import { ink } from '../../../report/charts/grammar/theme.ts';
import { plainText } from '../../../report/sanitize.ts';
import { cutMiddle } from '../../../report/wrap.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { colorOf, costRange, drawn, fleetLayers, panels } from './chart-axis.ts';
import { particularsOf } from './words.ts';

const words = messages('fleetReport.dots', { own: '{host} ◀ yours' });

/** The label of a host beside a plot. */
export function hostLabel(fleet: Fleet, host: number, lang: Lang, narrow: boolean): string {
  const name = cutMiddle(plainText(fleet.hosts[host]?.name ?? ''), narrow ? 14 : 24);
  return host === fleet.own ? translate(words.own({ host: name }), lang) : name;
}

/** The title of a panel: the runtime, and what tells it apart. */
export function panelTitle(of: FleetCategory, lang: Lang): Spec {
  const particulars = particularsOf(of, lang);
  const text = [chartName(of.runtime), ...(particulars === '' ? [] : [particulars])].join(', ');
  return { text, fontSize: 12, anchor: 'start', offset: 6 };
}

/** A panel for each runtime: a dot a host with its interval, and all of them together. */
export function dotPanels(all: readonly FleetCategory[], fleet: Fleet, room: Room): Spec {
  const range = costRange(all, true);
  return panels(all, range, { ...room, spacing: 18 }, (of, x) => panel(of, fleet, { ...room, range, x }));
}

function panel(
  of: FleetCategory,
  fleet: Fleet,
  { lang, narrow, range, x }: Room & { readonly range: AxisRange; readonly x: Spec },
): Spec {
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
  const y = namedRows('host', { labelLimit: 260 });
  const where = (test: string, value: unknown, otherwise: unknown) => ({
    condition: { test, value },
    value: otherwise,
  });
  const [isApart, isOwn] = ["datum.apart === 'yes'", "datum.own === 'yes'"];
  return {
    title: panelTitle(of, lang),
    width: narrow ? phonePlot(labels) : plotWidth,
    height: { step: 17 },
    data: { values },
    layer: [
      ...fleetLayers(of, color, range, x),
      still({ type: 'rule', color, strokeWidth: 1.5 }, { y, ...span(x) }, hasInterval),
      still(
        { type: 'point', filled: true, size: 55, color, opacity: 1 },
        {
          ...{ y, x: { ...x, field: 'cost' } },
          // Not by colour alone: a host that stands apart is a triangle, the reader's own has a border.
          shape: where(isApart, 'triangle-up', 'circle'),
          size: where(`${isApart} || ${isOwn}`, 130, 55),
          stroke: where(isOwn, ink, color),
          strokeWidth: where(isOwn, 2.5, 0),
        },
      ),
    ],
  };
}
