import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Category } from '../../../core/model/metric.ts';
import type { Spec } from '../../../report/charts/grammar/define.ts';
import { theme, withTexts } from '../../../report/charts/grammar/theme.ts';
import { formatConfidence } from '../../../report/format.ts';
import { categoryOrder } from '../../../report/labels.ts';
import { plainText } from '../../../report/sanitize.ts';
import { categoryNames } from '../../../report/words/category.ts';
import { wrapText } from '../../../report/wrap.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { dotPanels } from './chart-dots.ts';
import { bandRows, histogramPanels } from './chart-many.ts';
import { mapOf } from './chart-map.ts';
import { manyHosts } from './words.ts';

const words = messages('fleetReport.chart', {
  map: 'Every host: {runtime}',
  mapCaption: 'Cost as a factor of {baseline}. Pale: the host’s own interval includes 1×.',
  bands: 'How hosts spread',
  bandsCaption:
    'Of the hosts’ costs: light band 5 to 95%, dark band the middle half, line the median. Right of 1× costs more.',
  category: '{category}: every host',
  dots: 'A dot is a host with its own interval. Line and dark band: all hosts together, with {confidence} interval; light band: where a run on one more host would lie.',
  histogram:
    'Bars: number of hosts. Line and dark band: all hosts together, with {confidence} interval; light band: where a run on one more host would lie.',
});

/** A picture of a fleet, for a page, a phone, and a file of its own. */
export interface FleetChart {
  readonly id: string;
  /** The category that it is about; null: all. */
  readonly category: Category | null;
  readonly title: string;
  readonly caption: string;
  readonly wide: Spec;
  readonly narrow: Spec;
  /** With title and caption. */
  readonly titled: Spec;
}

/** All pictures: each host of a few, how they spread of many. */
export function fleetCharts(fleet: Fleet, lang: Lang): readonly FleetChart[] {
  const isMany = fleet.hosts.length > manyHosts;
  const confidence = formatConfidence(fleet.thresholds.confidence, lang);
  const perCategory = categoryOrder.flatMap((category): FleetChart[] => {
    const own = fleet.categories.filter((each) => each.category === category);
    if (own.length === 0) return [];
    const draw = (narrow: boolean) =>
      isMany ? histogramPanels(own, fleet, lang, narrow) : dotPanels(own, fleet, lang, narrow);
    const title = words.category({ category: categoryNames[category] });
    const caption = (isMany ? words.histogram : words.dots)({ confidence });
    return [chart({ id: `fleet-${category}`, category }, title, caption, draw, lang)];
  });
  return [...(isMany ? [bands(fleet, lang)] : maps(fleet, lang)).flat(), ...perCategory];
}

function bands(fleet: Fleet, lang: Lang): readonly FleetChart[] {
  if (fleet.categories.length === 0) return [];
  return [
    chart(
      { id: 'fleet-bands', category: null },
      words.bands,
      words.bandsCaption,
      (narrow) => bandRows(fleet, lang, narrow),
      lang,
    ),
  ];
}

/** A map for each runtime. */
function maps(fleet: Fleet, lang: Lang): readonly FleetChart[] {
  return [...Map.groupBy(fleet.categories, ({ runtime }) => runtime)].map(([runtime, own], at) =>
    chart(
      { id: `fleet-map-${at + 1}`, category: null },
      words.map({ runtime: plainText(runtime) }),
      words.mapCaption({ baseline: plainText(baselinesOf(own)) }),
      (narrow) => mapOf(own, fleet, lang, narrow),
      lang,
    ),
  );
}

function baselinesOf(own: readonly FleetCategory[]): string {
  return [...new Set(own.map(({ baseline }) => baseline))].join(', ');
}

function chart(
  head: Pick<FleetChart, 'id' | 'category'>,
  title: Message,
  caption: Message,
  draw: (narrow: boolean) => Spec,
  lang: Lang,
): FleetChart {
  const [named, read] = [translate(title, lang), translate(caption, lang)];
  const framed = (view: Spec, background: string | undefined): Spec =>
    withTexts({
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      ...view,
      config: { ...theme(lang), ...(background === undefined ? {} : { background, padding: 8 }) },
    });
  return {
    ...head,
    title: named,
    caption: read,
    wide: framed(draw(false), 'transparent'),
    narrow: framed(draw(true), 'transparent'),
    titled: framed(
      { title: { text: wrapText(named, 75), subtitle: wrapText(read, 108) }, ...draw(false) },
      undefined,
    ),
  };
}
