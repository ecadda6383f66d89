import { joined, listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { CategoryEstimate } from '../../../core/model/analysis/analysis.ts';
import { enginesOf } from '../../../core/model/run/run.ts';
import { defaultLayer } from '../../../core/model/trial/cell.ts';
import type { ReportContext } from '../../context.ts';
import { formatRatio } from '../../document/format.ts';
import { shortSubject, withoutEngine } from '../../document/labels.ts';
import { plainText } from '../../document/sanitize.ts';
import {
  type CategoryCost,
  type CategorySummary,
  placedCosts,
  placeName,
  placeOf,
} from '../../findings/category-summary.ts';
import { hasEmulatedGuests } from '../../findings/emulation.ts';
import { headlineCosts } from '../../findings/headline-cost.ts';
import { isClaim } from '../../tables/direct-table.ts';
import { categoryInText } from '../../words/category.ts';

const titles = messages('place', {
  oci: 'runtime alone',
  containerd: 'containerd',
  docker: 'Docker',
  podman: 'Podman',
  floor: 'floor',
});

const words = messages('section.places', {
  sentence: 'Compared with {baseline} in {category}, {claims}.',
  runtime: '{runtime} costs {costs}',
  emulated: '{runtime} (emulated guest)',
  direct: '{ratio} when called directly',
  through: '{ratio} through {place}',
  test: '{ratio} for {test}',
  undecided: '{cost} (inconclusive)',
  equivalent: '{cost} (no difference)',
  engine: '{engine} costs {low} to {high} as much as {first}: {claims} of {all} comparisons differ.',
});

/** A layer or an engine of the run, by its name in it. */
export interface Place {
  readonly name: string;
  readonly title: Message | string;
  readonly layer: CategoryEstimate['layer'];
}

/** The layers and engines of these costs, if there are several: those with estimates first. */
export function placesIn(
  summaries: readonly Pick<CategorySummary, 'costs' | 'estimates'>[],
): readonly Place[] {
  const places = new Map<string, Place>();
  for (const cost of summaries.flatMap(placedCosts)) {
    const name = placeName(cost);
    const { layer, engine } = placeOf(cost);
    places.set(name, { name, layer, title: engine === undefined ? titles[layer] : plainText(engine) });
  }
  return places.size < 2 ? [] : [...places.values()];
}

/**
 * What a run over layers or engines found in one category: for every runtime the place where it differs most from the baseline,
 * and the one where it differs least; then what engines cost beside the first. Null for a run of one place, or of several
 * categories.
 */
export function placesSentence(
  summaries: readonly CategorySummary[],
  context: ReportContext,
): Message | null {
  const { baseline } = context.analysis;
  const [category, ...others] = new Set(summaries.map((summary) => summary.category));
  const places = placesIn(summaries);
  if (category === undefined || others.length > 0 || places.length === 0) return null;
  const claims = summaries.flatMap((summary) => aboutRuntime(summary, places, context));
  if (claims.length === 0) return null;
  const sentence = words.sentence({
    baseline,
    category: categoryInText[category],
    claims: listed(claims, 'semicolon'),
  });
  return joined([sentence, ...enginesBesideFirst(context)], 'space');
}

/** `crun costs 0.35× when called directly and 0.84× through docker-26` */
function aboutRuntime(
  summary: CategorySummary,
  places: readonly Place[],
  context: ReportContext,
): readonly Message[] {
  const distance = ({ cost }: CategoryCost) => Math.abs(Math.log(cost.ratio));
  const { runtime } = summary;
  const placeOfCost = (cost: CategoryCost) => places.findIndex(({ name }) => name === placeName(cost));
  const all = placedCosts(summary).toSorted((a, b) => placeOfCost(a) - placeOfCost(b));
  const byDistance = all.toSorted((a, b) => distance(b) - distance(a));
  const ends = new Set([byDistance[0], byDistance.at(-1)]);
  const costs = all.filter((cost) => ends.has(cost)).map((cost) => costAt(cost, all, places, context));
  if (costs.length === 0) return [];
  const name = hasEmulatedGuests(runtime, context.analysis) ? words.emulated({ runtime }) : runtime;
  return [words.runtime({ runtime: name, costs: listed(costs, 'and') })];
}

/** The cost at its place, with the name of the test where it is one of several there. `all`: the costs of the runtime. */
function costAt(
  of: CategoryCost,
  all: readonly CategoryCost[],
  places: readonly Place[],
  { lang }: ReportContext,
): Message {
  const place = places.find(({ name }) => name === placeName(of));
  const isOneOfSeveral = all.some((other) => other !== of && placeName(other) === placeName(of));
  const shown = formatRatio(of.cost.ratio, lang);
  const ratio =
    of.only !== null && isOneOfSeveral
      ? words.test({ ratio: shown, test: shortSubject({ ...withoutEngine(of.only), layer: defaultLayer }) })
      : shown;
  const cost =
    place === undefined || place.layer === 'oci'
      ? words.direct({ ratio })
      : words.through({ ratio, place: place.title });
  if (of.standing === 'inconclusive') return words.undecided({ cost });
  return of.standing === 'equivalent' ? words.equivalent({ cost }) : cost;
}

/** `docker-28 costs 0.60× to 0.83× of docker-26: 10 of 10 comparisons differ.` */
function enginesBesideFirst({ analysis, run, lang }: ReportContext): readonly Message[] {
  const [first = '', ...others] = enginesOf(run.config);
  // Each runtime is compared with itself in the first engine, not with the baseline.
  const costs = headlineCosts(analysis.engines ?? [], '');
  return others.flatMap((engine) => {
    const own = costs.filter(({ row }) => row.engine === engine);
    const ratios = own.map(({ cost }) => cost.ratio);
    if (ratios.length === 0) return [];
    return words.engine({
      engine: plainText(engine),
      first: plainText(first),
      all: own.length,
      claims: own.filter(({ row }) => isClaim(row)).length,
      low: formatRatio(Math.min(...ratios), lang),
      high: formatRatio(Math.max(...ratios), lang),
    });
  });
}
