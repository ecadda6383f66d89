import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import type { Category } from '../../../core/model/metric.ts';
import type { Room } from '../../../report/charts/grammar/define.ts';
import { type Picture, pictureOf } from '../../../report/charts/grammar/picture.ts';
import { formatConfidence } from '../../../report/format.ts';
import { categoryOrder } from '../../../report/labels.ts';
import { plainText } from '../../../report/sanitize.ts';
import { categoryNames } from '../../../report/words/category.ts';
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

/** A picture of a fleet. */
export interface FleetChart extends Picture {
  /** The category that it is about; null: all. */
  readonly category: Category | null;
}

/** All pictures: each host of a few, how they spread of many. */
export function fleetCharts(fleet: Fleet, lang: Lang): readonly FleetChart[] {
  const isMany = fleet.hosts.length > manyHosts;
  const confidence = formatConfidence(fleet.thresholds.confidence, lang);
  const perCategory = categoryOrder.flatMap((category): FleetChart[] => {
    const own = fleet.categories.filter((each) => each.category === category);
    if (own.length === 0) return [];
    const draw = (room: Room) => (isMany ? histogramPanels : dotPanels)(own, fleet, room);
    const title = words.category({ category: categoryNames[category] });
    const caption = (isMany ? words.histogram : words.dots)({ confidence });
    return [{ ...pictureOf(`fleet-${category}`, { title, caption }, draw, lang), category }];
  });
  return [...(isMany ? [bands(fleet, lang)] : maps(fleet, lang)).flat(), ...perCategory];
}

function bands(fleet: Fleet, lang: Lang): readonly FleetChart[] {
  if (fleet.categories.length === 0) return [];
  const about = { title: words.bands, caption: words.bandsCaption };
  return [{ ...pictureOf('fleet-bands', about, (room) => bandRows(fleet, room), lang), category: null }];
}

/** A map for each runtime. */
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
