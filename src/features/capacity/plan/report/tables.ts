import { messages } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import { translate } from '../../../../core/messages/translate.ts';
import {
  type Block,
  left,
  number,
  right,
  runtimeName,
  type Text,
  text,
} from '../../../../report/document.ts';
import {
  formatCount,
  formatEstimate,
  formatPercent,
  formatRatioEstimate,
  formatValue,
} from '../../../../report/format.ts';
import { quoted } from '../../../../report/quotes.ts';
import { plainText } from '../../../../report/sanitize.ts';
import type { CapacityPlan, FrontierStep, PlanOption, Replica } from '../capacity-plan.ts';
import { costShown, cpuShown, cpusShown, hostsShown } from './figures.ts';
import { planWords, resourceNames } from './words.ts';

const words = messages('capacityPlan.table', {
  host: 'type of host',
  atLeast: 'no packing below',
  binds: 'what is full first',
  bindsOn: '{resource}: {hosts}',
  cost: 'cost of a month',
  ratio: 'CPU time',
  cpus: 'CPUs in use',
  atSlo: 'with room for its promise',
  memory: 'memory in use',
  request: 'the scheduler sees',
  requests: '{cpus} CPU, {memory}',
  moves: 'moves',
  stays: 'would be too many',
  all: 'hosts in all',
  more: 'more',
  within: 'within the budget',
  storm: 'start storm',
  taken: 'CPUs that the starts take',
  free: 'CPUs that are free',
  fits: 'fits',
  yes: 'yes',
  no: 'no: {shortest} at the least',
  never: 'no: nothing is free',
});

type Translate = (message: Message) => string;

/** Hosts of every runtime and host type. */
export function hostTable(plan: CapacityPlan, lang: Lang): Block {
  const t: Translate = (message) => translate(message, lang);
  const hasCost = plan.runtimes.some(({ options }) => options.some(({ cost }) => cost !== null));
  return {
    kind: 'table',
    columns: [
      left(t(planWords.runtime)),
      left(t(words.host)),
      right(t(planWords.needed)),
      right(t(planWords.byRequests)),
      right(t(planWords.byUsage)),
      right(t(words.atLeast)),
      left(t(words.binds)),
      ...(hasCost ? [right(t(words.cost))] : []),
    ],
    rows: plan.runtimes.flatMap(({ runtime, options }) =>
      options.map((option, at) => [
        at === 0 ? [runtimeName(plainText(runtime))] : [],
        [text(typesOf(option))],
        ...hostCells(option, lang),
        ...(hasCost ? [option.cost === null ? [] : [text(costShown(option.cost, plan, lang))]] : []),
      ]),
    ),
  };
}

function typesOf({ hosts }: PlanOption): string {
  return hosts.length === 1
    ? plainText(hosts[0]?.type ?? '')
    : hosts.map((each) => `${plainText(each.type)} × ${each.hosts}`).join(' + ');
}

function hostCells(option: PlanOption, lang: Lang): readonly Text[] {
  const { needed, reason, byRequests, byUsage, lowerBound, binding } = option;
  const t: Translate = (message) => translate(message, lang);
  const full = binding.map(({ resource, hosts }) =>
    t(words.bindsOn({ resource: t(resourceNames[resource]), hosts })),
  );
  return [
    needed === null ? [text('–')] : [number(hostsShown(needed, lang), needed.value)],
    byRequests === null ? [] : [number(formatCount(byRequests, lang), byRequests)],
    byUsage === null ? [] : [number(hostsShown(byUsage, lang), byUsage.value)],
    lowerBound === null ? [] : [number(formatCount(lowerBound, lang), lowerBound)],
    reason === null ? [text(full.join(', '))] : [quoted({ ...option, reason }, 'reason', lang)],
  ];
}

/** What a replica of each service takes under each runtime. */
export function replicaTable({ services }: CapacityPlan, lang: Lang): Block {
  const t: Translate = (message) => translate(message, lang);
  return {
    kind: 'table',
    columns: [
      left(t(planWords.service)),
      left(t(planWords.runtime)),
      ...[words.ratio, words.cpus, words.atSlo, words.memory].map((title) => right(t(title))),
      left(t(words.request)),
    ],
    rows: services.flatMap(({ name, replicas, runtimes }) =>
      runtimes.map((replica, at) => [
        at === 0 ? [text(`${plainText(name)} × ${formatCount(replicas, lang)}`)] : [],
        [runtimeName(plainText(replica.runtime))],
        ...replicaCells(replica, lang),
      ]),
    ),
  };
}

function replicaCells(replica: Replica, lang: Lang): readonly Text[] {
  const t: Translate = (message) => translate(message, lang);
  const { ratio, cpus, cpusAtSlo, utilisation, memoryBytes, requestCpus, requestBytes } = replica;
  if (cpus === null || memoryBytes === null) return [[], [], [], [], []];
  const atSlo = cpusAtSlo === null ? '' : cpusShown(cpusAtSlo, lang);
  const share = utilisation === null ? '' : ` (${formatPercent(utilisation, lang)})`;
  const memory = { value: memoryBytes.estimate, low: memoryBytes.low, high: memoryBytes.high };
  return [
    ratio === null ? [] : [text(ratioShown(ratio, lang))],
    [number(cpusShown(cpus, lang), cpus.estimate)],
    [text(`${atSlo}${share}`)],
    [number(memoryShown(memory, lang), memory.value)],
    [
      text(
        t(
          words.requests({
            cpus: cpuShown(requestCpus ?? 0, lang),
            memory: formatValue(requestBytes ?? 0, 'bytes', lang),
          }),
        ),
      ),
    ],
  ];
}

/** How many of one replica alone fit on an empty host of each type. */
export function aloneTable({ services }: CapacityPlan, lang: Lang): Block {
  const t: Translate = (message) => translate(message, lang);
  const types = [
    ...new Set(
      services.flatMap((each) => each.runtimes.flatMap(({ alone }) => alone.map(({ host }) => host))),
    ),
  ];
  const cell = (found: Replica['alone'][number] | undefined): Text => {
    if (found === undefined) return [];
    const requests = found.byRequests === null ? '∞' : formatCount(found.byRequests, lang);
    const usage = found.byUsage === null ? '∞' : hostsShown(found.byUsage, lang);
    return [text(`${requests} / ${usage}`)];
  };
  return {
    kind: 'table',
    columns: [
      left(t(planWords.service)),
      left(t(planWords.runtime)),
      ...types.map((type) => right(plainText(type))),
    ],
    rows: services.flatMap((service) =>
      service.runtimes
        .filter(({ alone }) => alone.length > 0)
        .map(({ runtime, alone }, at) => [
          at === 0 ? [text(plainText(service.name))] : [],
          [runtimeName(plainText(runtime))],
          ...types.map((type) => cell(alone.find(({ host }) => host === type))),
        ]),
    ),
  };
}

function ratioShown({ estimate, low, high }: NonNullable<Replica['ratio']>, lang: Lang): string {
  const isExact = low === high;
  return formatRatioEstimate(
    { ratio: estimate, low: isExact ? null : low, high: isExact ? null : high },
    lang,
  );
}

function memoryShown(
  { value, low, high }: { readonly value: number; readonly low: number; readonly high: number },
  lang: Lang,
): string {
  return low === high
    ? formatValue(value, 'bytes', lang)
    : formatEstimate({ value, low, high }, 'bytes', lang);
}

/** Which services can move, in which order. */
export function frontierTable(plan: CapacityPlan, lang: Lang): Block {
  const t: Translate = (message) => translate(message, lang);
  const row = (label: Message, step: FrontierStep): readonly Text[] => [
    [text(t(label))],
    [text(plainText(step.service))],
    [number(hostsShown(step.hosts, lang), step.hosts.value)],
    [number(`+${formatCount(step.added, lang)}`, step.added)],
    [number(formatPercent(step.within, lang), step.within)],
  ];
  return {
    kind: 'table',
    columns: [
      left(t(planWords.runtime)),
      left(t(planWords.service)),
      right(t(words.all)),
      right(t(words.more)),
      right(t(words.within)),
    ],
    rows: plan.frontiers.flatMap(({ runtime, moves, stays }) => [
      [[runtimeName(plainText(runtime))]],
      ...moves.map((step) => row(words.moves, step)),
      ...stays.map((step) => row(words.stays, step)),
    ]),
  };
}

/** Storms on the recommended hosts of each runtime; null where there are none. */
export function stormTable(plan: CapacityPlan, lang: Lang): Block | null {
  const t: Translate = (message) => translate(message, lang);
  const rows = plan.runtimes.flatMap(({ runtime, options, best }) =>
    (best === null ? [] : (options[best]?.storms ?? [])).map((storm): readonly Text[] => [
      [runtimeName(plainText(runtime))],
      [text(plainText(storm.service))],
      [number(cpusShown(storm.cpus, lang), storm.cpus.estimate)],
      [text(cpuShown(storm.freeCpus, lang))],
      [
        text(
          t(
            storm.fits
              ? words.yes
              : storm.shortestMs === null
                ? words.never
                : words.no({ shortest: formatValue(storm.shortestMs * 1e6, 'ns', lang) }),
          ),
        ),
      ],
    ]),
  );
  if (rows.length === 0) return null;
  return {
    kind: 'table',
    columns: [
      left(t(planWords.runtime)),
      left(t(words.storm)),
      right(t(words.taken)),
      right(t(words.free)),
      left(t(words.fits)),
    ],
    rows,
  };
}

/** Why services cannot be planned under a runtime. */
export function refusalItems({ services }: CapacityPlan, lang: Lang): readonly Text[] {
  return services.flatMap(({ name, runtimes }) =>
    runtimes.flatMap(({ runtime, refusals }) =>
      refusals.map(
        (refusal): Text => [
          text(`${plainText(name)}, ${plainText(runtime)}: `),
          quoted(refusal, 'reason', lang),
        ],
      ),
    ),
  );
}
