import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message, Value } from '../../../core/messages/message.ts';
import { defaultLayer } from '../../../core/model/trial/cell.ts';
import { formatPercent, formatRatio } from '../../../report/document/format.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { categoryInText } from '../../../report/words/category.ts';
import type { Fleet, FleetCategory, FleetComparison } from '../merge/fleet-record.ts';
import { firstOf, particularsOf } from './words.ts';

const words = messages('fleetReport.lead', {
  range:
    'On {hosts, plural, one {one host} other {# hosts}}, {runtime} costs from {least} ({cheap}) to {most} ({dear}) relative to {baseline}{differ}.',
  same: 'On {hosts, plural, one {one host} other {# hosts}}, {runtime} costs {most} relative to {baseline} in {n, plural, =2 {both} other {all {n}}} categories{differ}.',
  one: 'On {hosts, plural, one {one host} other {# hosts}}, {runtime} costs {cost} relative to {baseline} in {category}{differ}.',
  at: '{category} ({place})',
  differ: '; hosts differ most in {where}: by {spread}',
  alike: '; hosts do not differ detectably',
  outliers: 'Far from the others: {names}.',
  without: 'Without {n, plural, one {one host} other {# hosts}}: {names}.',
  mean: 'The plain mean of all hosts gives another verdict for {places}.',
  aside: 'No weight there, because too far from the others: {names}.',
  place: '{runtime} ({category})',
  none: 'No category was measured on these hosts.',
});

/** Does the plain mean say something else: by more than the practical band, or by its verdict? */
export function meanDiffers(
  { cost, mean, verdict }: FleetCategory | FleetComparison,
  { thresholds }: Pick<Fleet, 'thresholds'>,
): boolean {
  return mean.verdict !== verdict || Math.abs(Math.log(cost / mean.cost)) > Math.log1p(thresholds.practical);
}

/** Maximum number of outliers that the first sentence names. */
const maxNamed = 4;

/** Summary of a fleet: a sentence per runtime and architecture, where the plain mean says something else, and the hosts apart. */
export function leadOf(fleet: Fleet, lang: Lang): readonly Message[] {
  const { categories, hosts, outliers, thresholds } = fleet;
  const main = [
    ...Map.groupBy(firstVariants(categories), ({ runtime, arch }) =>
      [runtime, arch ?? ''].join('|'),
    ).values(),
  ].map(inOnePlace);
  if (main.length === 0) return [words.none];
  const differing = main.flat().filter((of) => meanDiffers(of, fleet));
  const places = differing.map((of) => words.place({ runtime: runtimeOf(of), category: nameOf(of, lang) }));
  const aside = [...new Set(differing.flatMap(({ setAside }) => setAside))];
  const apart = [...new Set(outliers.map(({ host }) => host))].filter((host) => !aside.includes(host));
  const without = hosts.flatMap((host, at) => (host.without === undefined ? [] : [at]));
  return [
    ...main.flatMap((own) => sentenceOf(own, thresholds, lang)),
    ...(differing.length === 0 ? [] : [words.mean({ places: someNamed(places) })]),
    ...(aside.length === 0 ? [] : [words.aside({ names: namesOf(aside, fleet) })]),
    ...(apart.length === 0 ? [] : [words.outliers({ names: namesOf(apart, fleet) })]),
    ...(without.length === 0 ? [] : [words.without({ n: without.length, names: namesOf(without, fleet) })]),
  ];
}

/** The categories of most hosts: of each architecture, the first variant. */
function firstVariants(categories: readonly FleetCategory[]): readonly FleetCategory[] {
  const seen = new Set<string>();
  return categories.filter(({ runtime, category, layer, engine, arch }) => {
    const question = [runtime, category, layer, engine ?? '', arch ?? ''].join('|');
    if (seen.has(question)) return false;
    seen.add(question);
    return true;
  });
}

/** Some names of hosts, by their places in the fleet. */
function namesOf(places: readonly number[], { hosts }: Fleet): ReturnType<typeof listed> {
  return someNamed(places.map((host) => plainText(hosts[host]?.name ?? '')));
}

function someNamed(all: readonly Value[]): ReturnType<typeof listed> {
  return listed(
    firstOf(all, maxNamed, (n) => `… +${n}`),
    'and',
  );
}

/** Name of a runtime, with the architecture if the fleet has several. */
function runtimeOf({ runtime, arch }: FleetCategory): string {
  return [runtime, ...(arch === undefined ? [] : [`(${arch})`])].map(plainText).join(' ');
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
    runtime: runtimeOf(dearest),
    baseline: plainText(dearest.baseline),
    differ:
      apart === undefined
        ? hosts === 1
          ? ''
          : words.alike
        : words.differ({ where: categoryInText[apart.category], spread: spreadShown(apart.tau, lang) }),
  };
  const [least, most] = [formatRatio(cheapest.cost, lang), formatRatio(dearest.cost, lang)];
  if (own.length === 1) return [words.one({ ...common, cost: most, category: nameOf(dearest, lang) })];
  if (least === most) return [words.same({ ...common, most, n: own.length })];
  const [cheap, dear] = [nameOf(cheapest, lang), nameOf(dearest, lang)];
  return [words.range({ ...common, least, cheap, most, dear })];
}

/** `starting and stopping`, with its layer or engine unless it is the usual one. */
function nameOf({ category, layer, engine }: FleetCategory, lang: Lang): Message {
  const place = particularsOf({ layer, engine, variant: undefined, arch: undefined }, lang);
  return place === '' ? categoryInText[category] : words.at({ category: categoryInText[category], place });
}

/** `±18%`: the standard deviation of the hosts' true costs. */
export function spreadShown(tau: number, lang: Lang): string {
  return `±${formatPercent(tau - 1, lang, tau < 1.095 ? 1 : 0)}`;
}
