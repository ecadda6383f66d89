import { messages } from '../../../../core/messages/define.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import { translate } from '../../../../core/messages/translate.ts';
import type { Room, Spec } from '../../../../report/charts/grammar/chart.ts';
import { namedRows, still } from '../../../../report/charts/grammar/dots.ts';
import { countAxis, endMarks, groupedBars } from '../../../../report/charts/grammar/grouped-bars.ts';
import { lineAt } from '../../../../report/charts/grammar/heat-map.ts';
import { phonePlot, plotWidth } from '../../../../report/charts/grammar/layout.ts';
import { chartName, familyColors } from '../../../../report/charts/grammar/palette.ts';
import { type Picture, pictureOf } from '../../../../report/charts/grammar/picture.ts';
import { zeroRange } from '../../../../report/charts/grammar/scale.ts';
import { grey, ink } from '../../../../report/charts/grammar/theme.ts';
import { formatPercent } from '../../../../report/document/format.ts';
import { plainText } from '../../../../report/document/sanitize.ts';
import { cutMiddle } from '../../../../report/document/wrap.ts';
import type { CapacityPlan, Frontier, PlanOption, RuntimePlan } from '../capacity-plan.ts';
import { bestOption } from './blocks.ts';
import { hostsShown, planWords, resourceNames } from './words.ts';

const words = messages('capacityPlan.chart', {
  hosts: 'Hosts under each runtime',
  hostsCaption: 'On the best host type for each; the line is the interval of the number needed.',
  taken: 'Utilisation',
  takenCaption: 'All hosts together. The resource closest to 100% decides how many hosts are needed.',
  takenAxis: 'utilisation, %',
  frontier: 'Hosts as services move to {runtime}',
  frontierCaption: 'Cheapest move first. Above the dashed line, the budget is exceeded.',
  before: 'before',
  named: '{value} {series}',
});

/** A picture of a plan. */
export interface PlanChart extends Picture {
  readonly under: 'hosts' | 'moves';
}

/** All pictures of a plan. */
export function planCharts(plan: CapacityPlan, lang: Lang): readonly PlanChart[] {
  if (plan.runtimes.every((each) => bestOption(each) === null)) return [];
  const hosts = { title: words.hosts, caption: words.hostsCaption };
  const taken = { title: words.taken, caption: words.takenCaption };
  const frontiers = plan.frontiers.filter(({ moves, stays }) => moves.length + stays.length > 0);
  return [
    { ...pictureOf('plan-hosts', hosts, (room) => hostBars(plan, room), lang), under: 'hosts' },
    { ...pictureOf('plan-taken', taken, (room) => takenBars(plan, room), lang), under: 'hosts' },
    ...frontiers.map((frontier, at): PlanChart => {
      const title = words.frontier({ runtime: plainText(frontier.runtime) });
      const about = { title, caption: words.frontierCaption };
      const draw = (room: Room) => frontierSteps(frontier, colorsOf(plan)(frontier.runtime), room);
      return { ...pictureOf(`plan-frontier-${at}`, about, draw, lang), under: 'moves' };
    }),
  ];
}

/** Colours of runtimes, as in every other chart. */
function colorsOf({ runtimes }: CapacityPlan): (runtime: string) => string {
  const colors = familyColors(runtimes.map(({ runtime: name, family }) => ({ name, family })));
  return (runtime) => colors.get(runtime) ?? grey;
}

/** Names of series, for bars that are coloured by runtime. */
const seriesOf = (names: readonly string[]) => new Map(names.map((name) => [name, grey]));

function hostBars(plan: CapacityPlan, room: Room): Spec {
  const { lang } = room;
  const colorOf = colorsOf(plan);
  const series = [planWords.byRequests, planWords.byUsage, planWords.needed].map((name) =>
    translate(name, lang),
  );
  const named = (value: string, at: number) =>
    translate(words.named({ value, series: series[at] ?? '' }), lang);
  const values = plan.runtimes.flatMap((each) => {
    const option = bestOption(each);
    if (option?.needed == null) return [];
    const row = rowName(each, option);
    const { needed, byRequests, byUsage } = option;
    const bar = (at: number, value: number) => ({
      row,
      series: series[at] ?? '',
      value,
      end: value,
      label: named(String(value), at),
      color: colorOf(each.runtime),
      isFaint: true,
    });
    return [
      ...(byRequests === null ? [] : [bar(0, byRequests)]),
      ...(byUsage === null ? [] : [bar(1, byUsage.value)]),
      {
        ...bar(2, needed.value),
        low: needed.low,
        high: needed.high,
        end: Math.max(needed.value, needed.high ?? 0),
        label: named(hostsShown(needed, lang), 2),
        isFaint: false,
      },
    ];
  });
  const greatest = Math.max(...values.map(({ end }) => end));
  return groupedBars(room, {
    values,
    series: seriesOf(series),
    greatest,
    x: (range) => countAxis(room, range, planWords.hosts, Number.POSITIVE_INFINITY),
  });
}

/** Row label: the runtime and its best host type. */
function rowName({ runtime }: RuntimePlan, { hosts }: PlanOption): string {
  const types = hosts.filter((each) => each.hosts > 0).map(({ type }) => plainText(type));
  return `${chartName(runtime)} (${cutMiddle(types.join(' + '), 20)})`;
}

function takenBars(plan: CapacityPlan, room: Room): Spec {
  const colorOf = colorsOf(plan);
  const values = plan.runtimes.flatMap((each) => {
    const option = bestOption(each);
    const taken = option?.taken ?? [];
    const fullest = Math.max(...taken.map(({ fraction }) => fraction));
    return taken.map(({ resource, fraction }) => {
      const value = Math.round(fraction * 1000) / 10;
      const series = translate(resourceNames[resource], room.lang);
      const percent = formatPercent(fraction, room.lang);
      return {
        row: option === null ? '' : rowName(each, option),
        series,
        value,
        end: value,
        label: translate(words.named({ value: percent, series }), room.lang),
        color: colorOf(each.runtime),
        isFaint: fraction < fullest,
      };
    });
  });
  const series = [...new Set(values.map(({ series: name }) => name))];
  return groupedBars(room, {
    values,
    series: seriesOf(series),
    greatest: 100,
    x: (range) => countAxis(room, range, words.takenAxis, 100),
  });
}

/** One step per service, starting before any move. */
function frontierSteps({ before, moves, stays, allowed }: Frontier, color: string, room: Room): Spec {
  const { lang, narrow } = room;
  const steps = [
    { name: translate(words.before, lang), hosts: before },
    ...[...moves, ...stays].map(({ service, hosts }) => ({
      name: cutMiddle(plainText(service), narrow ? 16 : 30),
      hosts,
    })),
  ];
  const values = steps.map(({ name, hosts }, place) => ({
    name,
    value: hosts.value,
    low: hosts.low,
    high: hosts.high,
    place,
    end: Math.max(hosts.value, hosts.high ?? 0),
    label: hostsShown(hosts, lang),
  }));
  const greatest = Math.max(allowed, ...values.map(({ end }) => end));
  const x = countAxis(
    room,
    zeroRange(greatest, narrow ? 0.5 : 0.2),
    planWords.hosts,
    Number.POSITIVE_INFINITY,
  );
  const place = { y: namedRows('name') };
  return {
    data: { values },
    width: narrow ? phonePlot(values.map(({ name }) => name)) : plotWidth,
    height: { step: 22 },
    layer: [
      still({ type: 'bar', height: 14, color }, { ...place, x }),
      lineAt(x, allowed, { strokeDash: [5, 4], strokeWidth: 1.5, color: ink }),
      ...endMarks(place, x, 6),
    ],
  };
}
