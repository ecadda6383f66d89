import { listed } from '../../../../core/messages/compose.ts';
import { messages } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import { formatPercent } from '../../../../report/format.ts';
import { plainText } from '../../../../report/sanitize.ts';
import type { CapacityPlan, PlanOption, RuntimePlan } from '../capacity-plan.ts';
import { hostsShown } from './figures.ts';

const words = messages('capacityPlan.lead', {
  today:
    'Under {runtime}, {services, plural, one {the service needs} other {the # services need}} {hosts} of {types}.',
  other: 'Under {runtime} {hosts} of {types}.',
  moves: 'Within {budget} more hosts, {moves} of {services} can move to {runtime}.',
  none: 'Under {runtime} they fit on no hosts of this file.',
  unknown: 'Under {runtime} nobody can say: see below.',
  count: '{hosts} {n, plural, one {host} other {hosts}}',
  mix: 'several types',
});

/** The option that a plan recommends; null where none holds all. */
export function bestOption({ best, options }: RuntimePlan): PlanOption | null {
  return best === null ? null : (options[best] ?? null);
}

/** What a plan says, in some sentences. */
export function leadOf(plan: CapacityPlan, lang: Lang): readonly Message[] {
  const { runtimes, today, frontiers, services, budget } = plan;
  const inOrder = runtimes.toSorted((a, b) => Number(b.runtime === today) - Number(a.runtime === today));
  return [
    ...inOrder.map((each): Message => {
      const runtime = plainText(each.runtime);
      const option = bestOption(each);
      if (each.refused.length > 0) return words.unknown({ runtime });
      if (option?.needed == null) return words.none({ runtime });
      const hosts = words.count({ hosts: hostsShown(option.needed, lang), n: option.needed.value });
      const bought = option.hosts.filter((own) => own.hosts > 0).map(({ type }) => type);
      const types = bought.length > 1 ? words.mix : listed(bought);
      return each.runtime === today
        ? words.today({ runtime, hosts, types, services: services.length })
        : words.other({ runtime, hosts, types });
    }),
    ...frontiers.map(({ runtime, moves }) =>
      words.moves({
        runtime: plainText(runtime),
        budget: formatPercent(budget, lang),
        moves: moves.length,
        services: services.length,
      }),
    ),
  ];
}
