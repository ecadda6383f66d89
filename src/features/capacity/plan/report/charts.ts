import { messages } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import { translate } from '../../../../core/messages/translate.ts';
import { plainNumber } from '../../../../report/charts/grammar/axis.ts';
import type { Spec } from '../../../../report/charts/grammar/define.ts';
import { legendColumns, phonePlot, plotWidth } from '../../../../report/charts/grammar/layout.ts';
import { byPlace, placed } from '../../../../report/charts/grammar/live.ts';
import { chartName } from '../../../../report/charts/grammar/palette.ts';
import { zeroRange } from '../../../../report/charts/grammar/scale.ts';
import { ink, theme, withTexts } from '../../../../report/charts/grammar/theme.ts';
import { plainText } from '../../../../report/sanitize.ts';
import { cutMiddle } from '../../../../report/wrap.ts';
import type { CapacityPlan, Frontier, PlanOption, RuntimePlan } from '../capacity-plan.ts';
import { hostsShown } from './figures.ts';
import { bestOption } from './lead.ts';
import { planWords, resourceNames } from './words.ts';

const words = messages('capacityPlan.chart', {
  hosts: 'Hosts under each runtime',
  hostsCaption: 'On the best type of host for each; the line is the interval of what is needed.',
  taken: 'What is taken of these hosts',
  takenCaption: 'Of all hosts together. A bar near 100% is what more hosts are needed for.',
  takenAxis: 'taken, %',
  frontier: 'Hosts as services move to {runtime}',
  frontierCaption: 'The cheapest move first. Above the dashed line the budget is exceeded.',
  before: 'before',
});

/** A picture of a plan, for a page and for a phone. */
export interface PlanChart {
  readonly id: string;
  readonly under: 'hosts' | 'moves';
  readonly title: string;
  readonly caption: string;
  readonly wide: Spec;
  readonly narrow: Spec;
}

/** Okabe and Ito's colours: told apart also without red and green. */
const colors = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9'] as const;

/** All pictures of a plan. */
export function planCharts(plan: CapacityPlan, lang: Lang): readonly PlanChart[] {
  const t = (message: Message) => translate(message, lang);
  const chart = (
    head: Pick<PlanChart, 'id' | 'under'>,
    title: Message,
    caption: Message,
    draw: (narrow: boolean) => Spec,
  ): PlanChart => ({
    ...head,
    title: t(title),
    caption: t(caption),
    wide: framed(draw(false), lang),
    narrow: framed(draw(true), lang),
  });
  if (plan.runtimes.every((each) => bestOption(each) === null)) return [];
  return [
    chart({ id: 'plan-hosts', under: 'hosts' }, words.hosts, words.hostsCaption, (narrow) =>
      hostBars(plan, lang, narrow),
    ),
    chart({ id: 'plan-taken', under: 'hosts' }, words.taken, words.takenCaption, (narrow) =>
      takenBars(plan, lang, narrow),
    ),
    ...plan.frontiers
      .filter(({ moves, stays }) => moves.length + stays.length > 0)
      .map((frontier, at) =>
        chart(
          { id: `plan-frontier-${at}`, under: 'moves' },
          words.frontier({ runtime: plainText(frontier.runtime) }),
          words.frontierCaption,
          (narrow) => frontierSteps(frontier, lang, narrow),
        ),
      ),
  ];
}

function framed(view: Spec, lang: Lang): Spec {
  return withTexts({
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    ...view,
    config: { ...theme(lang), background: 'transparent', padding: 8 },
  });
}

/** Runtimes at the left, and a bar for each series. */
function groupedBars(of: {
  readonly values: readonly Spec[];
  readonly rows: readonly string[];
  readonly series: readonly string[];
  readonly greatest: number;
  /** No tick above it. */
  readonly most?: number;
  readonly axis: string;
  readonly narrow: boolean;
  readonly layers?: readonly Spec[];
}): Spec {
  const { values, rows, series, greatest, most = Number.POSITIVE_INFINITY, axis, narrow, layers = [] } = of;
  const { domain, ticks: all } = zeroRange(greatest, narrow ? 0.4 : 0.2);
  const ticks = all.filter((tick) => Number.isInteger(tick) && tick <= most);
  const y = { field: 'row', type: 'nominal', sort: byPlace, axis: { title: null } };
  const yOffset = { field: 'series', type: 'nominal', sort: series };
  const x = {
    field: 'value',
    type: 'quantitative',
    scale: { domain, nice: false },
    axis: { title: axis, values: ticks, labelExpr: plainNumber, ...(narrow && { labelOverlap: true }) },
  };
  const color = {
    field: 'series',
    type: 'nominal',
    scale: { domain: series, range: colors.slice(0, series.length) },
    legend: { columns: legendColumns(series, narrow), symbolType: 'square' },
  };
  return {
    data: { values: placed(values, 'row', rows) },
    width: narrow ? phonePlot(rows) : plotWidth,
    height: { step: 16, for: 'offset' },
    layer: [
      { mark: { type: 'bar' }, encoding: { y, yOffset, x, color } },
      ...layers.map((layer) => ({
        ...layer,
        encoding: { y, yOffset, x, ...(layer.encoding as Spec) },
      })),
      {
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 5, fontSize: 10, color: ink },
        encoding: { y, yOffset, x: { ...x, field: 'end' }, text: { field: 'label' } },
      },
    ],
  };
}

function hostBars({ runtimes }: CapacityPlan, lang: Lang, narrow: boolean): Spec {
  const t = (message: Message) => translate(message, lang);
  const values = runtimes.flatMap((each) => {
    const option = bestOption(each);
    if (option?.needed == null) return [];
    const row = rowName(each, option);
    const { needed, byRequests, byUsage } = option;
    return [
      ...(byRequests === null
        ? []
        : [
            {
              row,
              series: t(planWords.byRequests),
              value: byRequests,
              end: byRequests,
              label: String(byRequests),
            },
          ]),
      ...(byUsage === null
        ? []
        : [
            {
              ...{ row, series: t(planWords.byUsage), value: byUsage.value, end: byUsage.value },
              label: String(byUsage.value),
            },
          ]),
      {
        ...{ row, series: t(planWords.needed), value: needed.value, low: needed.low, high: needed.high },
        end: Math.max(needed.value, needed.high ?? 0),
        label: hostsShown(needed, lang),
      },
    ];
  });
  return groupedBars({
    values,
    rows: [...new Set(values.map(({ row }) => row))],
    series: [t(planWords.byRequests), t(planWords.byUsage), t(planWords.needed)],
    greatest: Math.max(...values.map(({ end }) => end)),
    axis: t(planWords.hosts),
    narrow,
    layers: [
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'rule', strokeWidth: 2, color: ink },
        encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
    ],
  });
}

/** A runtime, and the type of host that is best for it. */
function rowName({ runtime }: RuntimePlan, { hosts }: PlanOption): string {
  const types = hosts.filter((each) => each.hosts > 0).map(({ type }) => plainText(type));
  return `${chartName(runtime)} (${cutMiddle(types.join(' + '), 20)})`;
}

function takenBars({ runtimes }: CapacityPlan, lang: Lang, narrow: boolean): Spec {
  const values = runtimes.flatMap((each) => {
    const option = bestOption(each);
    return (option?.taken ?? []).map(({ resource, fraction }) => {
      const value = Math.round(fraction * 1000) / 10;
      return {
        row: option === null ? '' : rowName(each, option),
        series: translate(resourceNames[resource], lang),
        ...{ value, end: value, label: `${Math.round(value)}` },
      };
    });
  });
  return groupedBars({
    values,
    rows: [...new Set(values.map(({ row }) => row))],
    series: [...new Set(values.map(({ series }) => series))],
    ...{ greatest: 100, most: 100 },
    axis: translate(words.takenAxis, lang),
    narrow,
  });
}

/** A step for every service, from before anything moved. */
function frontierSteps({ before, moves, stays, allowed }: Frontier, lang: Lang, narrow: boolean): Spec {
  const steps = [
    { name: translate(words.before, lang), hosts: before },
    ...[...moves, ...stays].map(({ service, hosts }) => ({
      name: cutMiddle(plainText(service), narrow ? 16 : 30),
      hosts,
    })),
  ];
  const values = steps.map(({ name, hosts: { value, low, high } }, place) => ({
    ...{ name, value, low, high, place },
    label: hostsShown({ value, low, high }, lang),
  }));
  const greatest = Math.max(allowed, ...values.map(({ value, high }) => Math.max(value, high ?? 0)));
  const names = values.map(({ name }) => name);
  const { domain, ticks } = zeroRange(greatest, narrow ? 0.5 : 0.2);
  const y = { field: 'name', type: 'nominal', sort: byPlace, axis: { title: null } };
  const x = {
    field: 'value',
    type: 'quantitative',
    scale: { domain, nice: false },
    axis: {
      title: translate(planWords.hosts, lang),
      values: ticks.filter(Number.isInteger),
      labelExpr: plainNumber,
    },
  };
  return {
    data: { values },
    width: narrow ? phonePlot(names) : plotWidth,
    height: { step: 22 },
    layer: [
      { mark: { type: 'bar', height: 14, color: colors[0] }, encoding: { y, x } },
      {
        transform: [{ filter: 'isValid(datum.low) && isValid(datum.high)' }],
        mark: { type: 'rule', strokeWidth: 2, color: ink },
        encoding: { y, x: { ...x, field: 'low' }, x2: { field: 'high' } },
      },
      {
        data: { values: [{ allowed }] },
        mark: { type: 'rule', strokeDash: [5, 4], strokeWidth: 1.5, color: ink },
        encoding: { x: { ...x, field: 'allowed' } },
      },
      {
        transform: [{ calculate: 'max(datum.value, isValid(datum.high) ? datum.high : 0)', as: 'end' }],
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 6, fontSize: 10, color: ink },
        encoding: { y, x: { ...x, field: 'end' }, text: { field: 'label' } },
      },
    ],
  };
}
