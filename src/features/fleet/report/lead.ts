import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { defaultLayer } from '../../../core/model/cell.ts';
import { formatPercent, formatRatio } from '../../../report/format.ts';
import { plainText } from '../../../report/sanitize.ts';
import { categoryInText } from '../../../report/words/category.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { particularsOf } from './words.ts';

const words = messages('fleetReport.lead', {
  range:
    'On {hosts, plural, one {one host} other {# hosts}}, {runtime} costs from {least} ({cheap}) to {most} ({dear}) of {baseline}{differ}.',
  one: 'On {hosts, plural, one {one host} other {# hosts}}, {runtime} costs {cost} of {baseline} in {category}{differ}.',
  at: '{category} ({place})',
  differ: '; hosts differ most in {where}: by {spread}',
  alike: '; no difference between the hosts is shown',
  outliers: 'Far from the others: {names}.',
  none: 'No category was measured on these hosts.',
});

/** Maximum number of outliers that the first sentence names. */
const maxNamed = 4;

/** Summary of a fleet: a sentence per runtime, and the outlying hosts. */
export function leadOf(fleet: Fleet, lang: Lang): readonly Message[] {
  const { categories, hosts, outliers, thresholds } = fleet;
  const main = categories.filter(({ variant = 1 }) => variant === 1);
  if (main.length === 0) return [words.none];
  const apart = [...new Set(outliers.map(({ host }) => plainText(hosts[host]?.name ?? '')))];
  const shown =
    apart.length > maxNamed ? [...apart.slice(0, maxNamed), `… +${apart.length - maxNamed}`] : apart;
  return [
    ...[...Map.groupBy(main, ({ runtime }) => runtime).values()]
      .map(inOnePlace)
      .flatMap((own) => sentenceOf(own, thresholds, lang)),
    ...(apart.length === 0 ? [] : [words.outliers({ names: listed(shown, 'and') })]),
  ];
}

/** The categories of one layer and engine, for a sentence: the usual ones, else the first that go through an engine. */
function inOnePlace(own: readonly FleetCategory[]): readonly FleetCategory[] {
  const usual = own.filter(({ layer }) => layer === defaultLayer);
  const place = usual.find(({ engine }) => engine === undefined) ?? usual[0] ?? own[0];
  return own.filter(({ layer, engine }) => layer === place?.layer && engine === place.engine);
}

function sentenceOf(
  own: readonly FleetCategory[],
  { alpha }: Fleet['thresholds'],
  lang: Lang,
): readonly Message[] {
  const byCost = own.toSorted((a, b) => a.cost - b.cost);
  const [cheapest, dearest] = [byCost[0], byCost.at(-1)];
  const apart = own.filter(({ differP }) => (differP ?? 1) < alpha).toSorted((a, b) => b.tau - a.tau)[0];
  if (cheapest === undefined || dearest === undefined) return [];
  const hosts = Math.max(...own.map(({ votes }) => votes.length));
  const common = {
    hosts,
    runtime: plainText(dearest.runtime),
    baseline: plainText(dearest.baseline),
    differ:
      apart === undefined
        ? hosts === 1
          ? ''
          : words.alike
        : words.differ({ where: categoryInText[apart.category], spread: spreadShown(apart.tau, lang) }),
  };
  return own.length === 1
    ? [
        words.one({
          ...common,
          cost: formatRatio(dearest.cost, lang),
          category: nameOf(dearest, lang),
        }),
      ]
    : [
        words.range({
          ...common,
          least: formatRatio(cheapest.cost, lang),
          cheap: nameOf(cheapest, lang),
          most: formatRatio(dearest.cost, lang),
          dear: nameOf(dearest, lang),
        }),
      ];
}

/** `starting and stopping`, with its layer or engine unless it is the usual one. */
function nameOf({ category, layer, engine }: FleetCategory, lang: Lang): Message {
  const place = particularsOf({ layer, engine, variant: undefined }, lang);
  return place === '' ? categoryInText[category] : words.at({ category: categoryInText[category], place });
}

/** `±18%`: the standard deviation of the hosts' true costs. */
export function spreadShown(tau: number, lang: Lang): string {
  return `±${formatPercent(tau - 1, lang, tau < 1.095 ? 1 : 0)}`;
}
