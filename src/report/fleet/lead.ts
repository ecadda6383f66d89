import { listed } from '../../messages/compose.ts';
import { messages } from '../../messages/define.ts';
import type { Lang, Message } from '../../messages/message.ts';
import type { Fleet, FleetCategory } from '../../model/fleet.ts';
import { formatPercent, formatRatio } from '../format.ts';
import { plainText } from '../sanitize.ts';
import { categoryInText } from '../words/category.ts';

const words = messages('fleetReport.lead', {
  range:
    'On {hosts, plural, one {one host} other {# hosts}}, {runtime} costs from {least} ({cheap}) to {most} ({dear}) of {baseline}; hosts differ most in {where}: by {spread}.',
  one: 'On {hosts, plural, one {one host} other {# hosts}}, {runtime} costs {cost} of {baseline} in {category}; hosts differ by {spread}.',
  outliers: 'Far from the others: {names}.',
  none: 'No category was measured on these hosts.',
});

/** Outliers that the first sentence names. */
const maxNamed = 4;

/** What a fleet says, in a sentence for each runtime, and which hosts stand apart. */
export function leadOf(fleet: Fleet, lang: Lang): readonly Message[] {
  const { categories, hosts, outliers } = fleet;
  const main = categories.filter(({ variant = 1 }) => variant === 1);
  if (main.length === 0) return [words.none];
  const apart = [...new Set(outliers.map(({ host }) => plainText(hosts[host]?.name ?? '')))];
  const shown = apart.length > maxNamed ? [...apart.slice(0, maxNamed), `… +${apart.length - maxNamed}`] : apart;
  return [
    ...[...Map.groupBy(main, ({ runtime }) => runtime).values()].flatMap((own) => sentenceOf(own, lang)),
    ...(apart.length === 0 ? [] : [words.outliers({ names: listed(shown, 'and') })]),
  ];
}

function sentenceOf(own: readonly FleetCategory[], lang: Lang): readonly Message[] {
  const byCost = own.toSorted((a, b) => a.cost - b.cost);
  const [cheapest, dearest] = [byCost[0], byCost.at(-1)];
  const apart = own.toSorted((a, b) => b.tau - a.tau)[0];
  if (cheapest === undefined || dearest === undefined || apart === undefined) return [];
  const common = {
    hosts: Math.max(...own.map(({ votes }) => votes.length)),
    runtime: plainText(dearest.runtime),
    baseline: plainText(dearest.baseline),
    spread: spreadShown(apart.tau, lang),
  };
  return own.length === 1
    ? [
        words.one({
          ...common,
          cost: formatRatio(dearest.cost, lang),
          category: categoryInText[dearest.category],
        }),
      ]
    : [
        words.range({
          ...common,
          least: formatRatio(cheapest.cost, lang),
          cheap: categoryInText[cheapest.category],
          most: formatRatio(dearest.cost, lang),
          dear: categoryInText[dearest.category],
          where: categoryInText[apart.category],
        }),
      ];
}

/** `±18%`: the standard deviation of the hosts' true costs. */
export function spreadShown(tau: number, lang: Lang): string {
  return `±${formatPercent(tau - 1, lang, tau < 1.1 ? 1 : 0)}`;
}
