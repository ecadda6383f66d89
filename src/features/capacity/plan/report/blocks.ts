import { joined, listed } from '../../../../core/messages/compose.ts';
import { messages } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import { translate } from '../../../../core/messages/translate.ts';
import { type Block, heading, quiet, titled } from '../../../../report/document/document.ts';
import { formatConfidence, formatCount, formatPercent } from '../../../../report/document/format.ts';
import { quoted } from '../../../../report/document/quotes.ts';
import { plainText } from '../../../../report/document/sanitize.ts';
import type { CapacityPlan, PlanOption, RuntimePlan } from '../capacity-plan.ts';
import { aloneTable, frontierTable, hostTable, refusalItems, replicaTable, stormTable } from './tables.ts';
import { hostsShown, planWords } from './words.ts';

const leadWords = messages('capacityPlan.lead', {
  today:
    'Under {runtime}, {services, plural, one {the service needs} other {the # services need}} {hosts} of {types}.',
  other: 'Under {runtime}, they need {hosts} of {types}.',
  moves: 'With at most {budget} more hosts, {moves} of {services} can move to {runtime}.',
  none: 'Under {runtime}, they do not fit on the hosts of this file.',
  unknown: 'Under {runtime}: unknown, see below.',
  count: '{hosts} {n, plural, one {host} other {hosts}}',
  mix: 'several types',
});

/** The option that a plan recommends; null if none holds all services. */
function bestOption({ best, options }: RuntimePlan): PlanOption | null {
  return best === null ? null : (options[best] ?? null);
}

/** Summary of a plan in a few sentences. */
function leadOf(plan: CapacityPlan, lang: Lang): readonly Message[] {
  const { runtimes, today, frontiers, services, budget } = plan;
  const inOrder = runtimes.toSorted((a, b) => Number(b.runtime === today) - Number(a.runtime === today));
  return [
    ...inOrder.map((each): Message => {
      const runtime = plainText(each.runtime);
      const option = bestOption(each);
      if (each.refused.length > 0) return leadWords.unknown({ runtime });
      if (option?.needed == null) return leadWords.none({ runtime });
      const hosts = leadWords.count({ hosts: hostsShown(option.needed, lang), n: option.needed.value });
      const bought = option.hosts.filter((own) => own.hosts > 0).map(({ type }) => type);
      const types = bought.length > 1 ? leadWords.mix : listed(bought);
      return each.runtime === today
        ? leadWords.today({ runtime, hosts, types, services: services.length })
        : leadWords.other({ runtime, hosts, types });
    }),
    ...frontiers.map(({ runtime, moves }) =>
      leadWords.moves({
        runtime: plainText(runtime),
        budget: formatPercent(budget, lang),
        moves: moves.length,
        services: services.length,
      }),
    ),
  ];
}

const words = messages('capacityPlan.page', {
  from: 'From run {run}, measured on {kernel}, {cpu}. Intervals cover {confidence} of {draws} draws; seed {seed}.',
  hosts: 'Hosts needed',
  hostsNote:
    'Requests are what the scheduler sees, podFixed included. Use is what the services really take. A host must have room for both.',
  moves: 'What can move',
  movesNote:
    'Cheapest first; after each move, all services are packed again. The last column is the chance of staying in budget.',
  replicas: 'What one replica takes',
  alone: 'Replicas of one service per host',
  aloneNote: 'By requests / by real use, on a host that runs nothing else.',
  storms: 'When many start at once',
  refused: 'What cannot be planned',
});

/** A plan as groups of blocks, for the terminal and the page. */
export function planBlocks(plan: CapacityPlan, lang: Lang): readonly (readonly Block[])[] {
  const t = (message: Message) => translate(message, lang);
  const storms = stormTable(plan, lang);
  const refused = refusalItems(plan, lang);
  return [
    [
      heading(1, t(planWords.title)),
      { kind: 'lead', text: t(joined(leadOf(plan, lang), 'space')) },
      quiet(t(origin(plan, lang))),
    ],
    ...(plan.notes.length === 0
      ? []
      : [[{ kind: 'warning' as const, items: plan.notes.map((note) => [quoted(note, 'note', lang)]) }]]),
    [heading(2, t(words.hosts), 'hosts'), quiet(t(words.hostsNote)), hostTable(plan, lang)],
    ...(plan.frontiers.length === 0
      ? []
      : [[heading(2, t(words.moves), 'moves'), quiet(t(words.movesNote)), frontierTable(plan, lang)]]),
    [heading(2, t(words.replicas), 'replicas'), replicaTable(plan, lang)],
    [heading(2, t(words.alone), 'alone'), quiet(t(words.aloneNote)), aloneTable(plan, lang)],
    ...(storms === null ? [] : [[heading(2, t(words.storms), 'storms'), storms]]),
    titled(2, t(words.refused), refused, 'refused'),
  ];
}

function origin({ run, host, confidence, draws, seed }: CapacityPlan, lang: Lang): Message {
  return words.from({
    run: run.runId,
    kernel: plainText(host.kernel),
    cpu: plainText(host.cpuModel),
    confidence: formatConfidence(confidence, lang),
    draws: formatCount(draws, lang),
    seed: String(seed),
  });
}
