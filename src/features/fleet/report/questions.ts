import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { type Text, text } from '../../../report/document.ts';
import { formatRatio } from '../../../report/format.ts';
import { plainText } from '../../../report/sanitize.ts';
import { categoryInText } from '../../../report/words/category.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { costShown } from './words.ts';

const words = messages('fleetReport.question', {
  own: 'In {category} under {runtime}, {cheaper} of {all} machines cost less than yours ({cost}). Which facts of yours could explain its place, and how would you test that?',
  where:
    'In {category} under {runtime}, the cheapest machine pays {least} and the costliest {most}, for the same work. What would you measure to find out why?',
  mean: 'All machines together: {runtime} costs {cost} in {category}. One more machine would lie between {low} and {high}. Why is the second interval wider, and which one would you give to somebody who buys a machine?',
  verdict:
    'In {category} under {runtime}, {clear} of {all} machines have an interval that excludes 1×. Why is the verdict of the class not a vote of these?',
  cause:
    'Facts of machines that go with a cost often go with each other. Which two machines of the table would you compare, and what would you change on one of them, to tell cause from company?',
  noise:
    'Which machine has the widest intervals? What may have run beside the measurement, and does that make its middle wrong, or only uncertain?',
});

/** Questions for the discussion, with the figures of this class. */
export function questionItems(fleet: Fleet, lang: Lang): readonly Text[] {
  const t = (message: Message) => translate(message, lang);
  const widest = fleet.categories
    .filter(({ votes }) => votes.length > 1)
    .toSorted((a, b) => b.tau - a.tau)[0];
  return [...(widest === undefined ? [] : ofCategory(widest, fleet, lang)), words.cause, words.noise].map(
    (question) => [text(t(question))],
  );
}

function ofCategory(of: FleetCategory, fleet: Fleet, lang: Lang): readonly Message[] {
  const { votes, predictedLow, predictedHigh } = of;
  const place = { runtime: plainText(of.runtime), category: categoryInText[of.category] };
  const shown = (cost: number) => formatRatio(cost, lang);
  const costs = votes.map(({ cost }) => cost);
  const own = votes.find(({ host }) => host === fleet.own);
  const clear = votes.filter(
    ({ low, high }) => low !== null && high !== null && (low > 1 || high < 1),
  ).length;
  return [
    ...(own === undefined
      ? []
      : [
          words.own({
            ...place,
            cheaper: costs.filter((cost) => cost < own.cost).length,
            all: votes.length,
            cost: shown(own.cost),
          }),
        ]),
    words.where({ ...place, least: shown(Math.min(...costs)), most: shown(Math.max(...costs)) }),
    ...(predictedLow === null || predictedHigh === null
      ? []
      : [
          words.mean({
            ...place,
            cost: costShown(of.cost, of.low, of.high, lang),
            low: shown(predictedLow),
            high: shown(predictedHigh),
          }),
        ]),
    words.verdict({ ...place, clear, all: votes.length }),
  ];
}
