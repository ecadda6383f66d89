import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { type CellTone, type MatrixBlock, type MatrixCell, text } from '../../../report/document.ts';
import { formatRatio, formatRatioInterval } from '../../../report/format.ts';
import { categoryOrder } from '../../../report/labels.ts';
import { plainText } from '../../../report/sanitize.ts';
import { categoryNames } from '../../../report/words/category.ts';
import { standingInline } from '../../../report/words/verdict.ts';
import type { Fleet, FleetCategory } from '../merge/fleet-record.ts';
import { spreadShown } from './lead.ts';
import { fleetWords, particularsOf } from './words.ts';

const words = messages('fleetReport.matrix', {
  caption: 'Cost of each runtime over all hosts, relative to its baseline',
  unsure: 'inconclusive',
  same: 'no difference',
  spread: 'hosts: {spread}',
  none: 'not measured',
});

/** Costs at which a cell becomes darker. */
const steps = { clear: 1.5, strong: 3 } as const;

/** Matrix of runtimes × categories: the fleet's estimate, and the spread of hosts. */
export function fleetMatrix({ categories }: Fleet, lang: Lang): MatrixBlock {
  const t = (message: Message) => translate(message, lang);
  const shown = categoryOrder.filter((category) => categories.some((each) => each.category === category));
  const rows = [
    ...Map.groupBy(categories, (each) => [each.runtime, particularsOf(each, lang)].join('|')).values(),
  ];
  return {
    kind: 'matrix',
    caption: t(words.caption),
    corner: t(fleetWords.runtime),
    columns: shown.map((category) => ({ title: t(categoryNames[category]), about: '' })),
    rows: rows.flatMap((own) => {
      const [first] = own;
      if (first === undefined) return [];
      const about = particularsOf(first, lang);
      return [
        {
          runtime: plainText(first.runtime),
          ...(about === '' ? {} : { about }),
          cells: shown.map((category) =>
            cellOf(
              own.find((each) => each.category === category),
              lang,
            ),
          ),
        },
      ];
    }),
  };
}

function cellOf(of: FleetCategory | undefined, lang: Lang): MatrixCell {
  const t = (message: Message) => translate(message, lang);
  if (of === undefined)
    return { tone: { kind: 'absent' }, lines: [[text(t(words.none))]], href: '#estimates' };
  const { cost, low, high, verdict, tau, category, votes } = of;
  const said =
    verdict === 'inconclusive'
      ? [[text(t(words.unsure))]]
      : verdict === 'equivalent'
        ? [[text(t(words.same))]]
        : [];
  const interval = low === null || high === null ? [] : [[text(formatRatioInterval(cost, low, high, lang))]];
  const standing =
    verdict === 'inconclusive' || verdict === 'equivalent' ? verdict : cost > 1 ? 'worse' : 'better';
  return {
    tone: toneOf(of),
    lines: [
      [standingInline(standing, t), text(` ${formatRatio(cost, lang)}`)],
      ...interval,
      ...(votes.length < 2 ? [] : [[text(t(words.spread({ spread: spreadShown(tau, lang) })))]]),
      ...said,
    ],
    href: `#category-${category}`,
  };
}

function toneOf({ verdict, cost }: FleetCategory): CellTone {
  if (verdict === 'inconclusive') return { kind: 'undecided' };
  if (verdict === 'equivalent') return { kind: 'equivalent' };
  const factor = Math.max(cost, 1 / cost);
  const level = factor >= steps.strong ? 3 : factor >= steps.clear ? 2 : 1;
  return { kind: cost > 1 ? 'worse' : 'better', level };
}
