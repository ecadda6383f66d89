import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import { number, type Text, text } from '../../../report/document.ts';
import { plainText } from '../../../report/sanitize.ts';
import type { TableColumn } from '../../../report/table-of.ts';
import { verdictNames } from '../../../report/words/verdict.ts';
import type { Fleet, FleetCategory, FleetComparison } from '../merge/fleet-record.ts';
import { categoryLabel, comparisonLabel, costShown } from './words.ts';

type Estimate = FleetCategory | FleetComparison;

const words = messages('fleetReport.mean', {
  title: 'plain mean',
  beside: '{runtime}, {what}: {cost}, {verdict}; the plain mean of all hosts: {mean}, {meanVerdict}',
  pulled: '{said}. No weight, because too far from the others: {hosts}.',
  host: '{host} ({cost})',
  drawn: '{said}. Hosts far from the others have less weight.',
});

/** Does the plain mean say something else: by more than the practical band, or by its verdict? */
export function meanDiffers(
  { cost, mean, verdict }: Estimate,
  { thresholds }: Pick<Fleet, 'thresholds'>,
): boolean {
  return mean.verdict !== verdict || Math.abs(Math.log(cost / mean.cost)) > Math.log1p(thresholds.practical);
}

/** The plain mean where it says something else; false if it says so nowhere. */
export function meanColumn<T extends Estimate>(
  rows: readonly T[],
  fleet: Fleet,
  lang: Lang,
): TableColumn<T> | false {
  if (!rows.some((of) => meanDiffers(of, fleet))) return false;
  return [
    words.title,
    (of) => (meanDiffers(of, fleet) ? number(meanShown(of, lang), of.mean.cost) : null),
    'right',
  ];
}

function meanShown({ mean: { cost, low, high } }: Estimate, lang: Lang): string {
  return costShown(cost, low, high, lang);
}

/** Maximum number of hosts that an item names. */
const maxNamed = 8;

/** A sentence for each estimate of which the plain mean says something else, with the hosts that make the difference. */
export function meanItems(rows: readonly Estimate[], fleet: Fleet, lang: Lang): readonly Text[] {
  const t = (message: Message) => translate(message, lang);
  return rows
    .filter((of) => meanDiffers(of, fleet))
    .map((of) => {
      const { runtime, cost, low, high, verdict, mean, setAside } = of;
      const said = words.beside({
        runtime: plainText(runtime),
        what: 'workload' in of ? comparisonLabel(of, lang) : categoryLabel(of, lang),
        cost: costShown(cost, low, high, lang),
        verdict: verdictNames[verdict],
        mean: meanShown(of, lang),
        meanVerdict: verdictNames[mean.verdict],
      });
      const costs = new Map(of.votes.map((vote) => [vote.host, vote.cost]));
      const hosts = setAside.map((host) =>
        words.host({
          host: plainText(fleet.hosts[host]?.name ?? ''),
          cost: costShown(costs.get(host) ?? 1, null, null, lang),
        }),
      );
      const more = hosts.length - maxNamed;
      const shown = more > 0 ? [...hosts.slice(0, maxNamed), `… +${more}`] : hosts;
      return [
        text(t(hosts.length === 0 ? words.drawn({ said }) : words.pulled({ said, hosts: listed(shown) }))),
      ];
    });
}
