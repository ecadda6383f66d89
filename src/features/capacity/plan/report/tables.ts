import { messages } from '../../../../core/messages/define.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import { translate } from '../../../../core/messages/translate.ts';
import { type Block, number, runtimeName, type Text, text } from '../../../../report/document/document.ts';
import {
  formatCount,
  formatEstimate,
  formatPercent,
  formatRatioEstimate,
  formatValue,
} from '../../../../report/document/format.ts';
import { type TableCell, type TableColumn, tableOf } from '../../../../report/document/make-table.ts';
import { quoted } from '../../../../report/document/quotes.ts';
import { plainText } from '../../../../report/document/sanitize.ts';
import type { CapacityPlan, PlanOption, Replica } from '../capacity-plan.ts';
import { costShown, cpuShown, cpusShown, hostsShown, planWords, resourceNames } from './words.ts';

const words = messages('capacityPlan.table', {
  host: 'host type',
  atLeast: 'lower bound',
  binds: 'full first',
  bindsOn: '{resource}: {hosts}',
  cost: 'monthly cost',
  ratio: 'CPU time',
  cpus: 'CPUs in use',
  atSlo: 'with headroom for its SLO',
  memory: 'memory in use',
  request: 'the scheduler sees',
  requests: '{cpus} CPU, {memory}',
  moves: 'moves',
  stays: 'would exceed the budget',
  all: 'total hosts',
  more: 'more',
  within: 'chance of staying in budget',
  storm: 'start storm',
  taken: 'CPUs the starts use',
  free: 'free CPUs',
  fits: 'fits',
  yes: 'yes',
  no: 'no: takes at least {shortest}',
  never: 'no: no CPU is free',
});

/** Hosts of every runtime and host type. */
export function hostTable(plan: CapacityPlan, lang: Lang): Block {
  const hasCost = plan.runtimes.some(({ options }) => options.some(({ cost }) => cost !== null));
  const hosts = (value: PlanOption['needed']) => value && number(hostsShown(value, lang), value.value);
  const count = (value: number | null) => (value === null ? null : number(formatCount(value, lang), value));
  const full = (binding: PlanOption['binding']) =>
    binding
      .map(({ resource, hosts }) =>
        translate(words.bindsOn({ resource: resourceNames[resource], hosts }), lang),
      )
      .join(', ');
  return tableOf(
    plan.runtimes.flatMap(({ runtime, options }) =>
      options.map((option, at) => ({ ...option, runtime: at === 0 ? runtime : null })),
    ),
    [
      [planWords.runtime, ({ runtime }) => (runtime === null ? null : runtimeName(plainText(runtime)))],
      [words.host, typesOf],
      [planWords.needed, ({ needed }) => hosts(needed) ?? '–', 'right'],
      [planWords.byRequests, ({ byRequests }) => count(byRequests), 'right'],
      [planWords.byUsage, ({ byUsage }) => hosts(byUsage), 'right'],
      [words.atLeast, ({ lowerBound }) => count(lowerBound), 'right'],
      [
        words.binds,
        ({ reason, binding, messages: said }) =>
          reason === null ? full(binding) : quoted({ reason, messages: said }, 'reason', lang),
      ],
      hasCost && [words.cost, ({ cost }) => (cost === null ? null : costShown(cost, plan, lang)), 'right'],
    ],
    lang,
  );
}

function typesOf({ hosts }: PlanOption): string {
  return hosts.length === 1
    ? plainText(hosts[0]?.type ?? '')
    : hosts.map((each) => `${plainText(each.type)} × ${each.hosts}`).join(' + ');
}

/** Resources of a replica of each service under each runtime. */
export function replicaTable({ services }: CapacityPlan, lang: Lang): Block {
  /** Leaves the cell empty if the CPUs or memory of the replica are unknown. */
  const known = (cell: (replica: KnownReplica) => TableCell) => (replica: Replica) => {
    const { cpus, memoryBytes } = replica;
    return cpus === null || memoryBytes === null ? null : cell({ ...replica, cpus, memoryBytes });
  };
  const atSlo = ({ cpusAtSlo, utilisation }: Replica) => {
    const share = utilisation === null ? '' : ` (${formatPercent(utilisation, lang)})`;
    return `${cpusAtSlo === null ? '' : cpusShown(cpusAtSlo, lang)}${share}`;
  };
  const request = ({ requestCpus, requestBytes }: Replica) =>
    words.requests({
      cpus: cpuShown(requestCpus ?? 0, lang),
      memory: formatValue(requestBytes ?? 0, 'bytes', lang),
    });
  return tableOf(
    services.flatMap(({ name, replicas, runtimes }) =>
      runtimes.map((replica, at) => ({
        ...replica,
        service: at === 0 ? `${plainText(name)} × ${formatCount(replicas, lang)}` : null,
      })),
    ),
    [
      [planWords.service, ({ service }) => service],
      [planWords.runtime, ({ runtime }) => runtimeName(plainText(runtime))],
      [words.ratio, known(({ ratio }) => ratio && ratioShown(ratio, lang)), 'right'],
      [words.cpus, known(({ cpus }) => number(cpusShown(cpus, lang), cpus.estimate)), 'right'],
      [words.atSlo, known(atSlo), 'right'],
      [
        words.memory,
        known(({ memoryBytes }) => number(memoryShown(memoryBytes, lang), memoryBytes.estimate)),
        'right',
      ],
      [words.request, known(request)],
    ],
    lang,
  );
}

type KnownReplica = Replica & {
  readonly cpus: NonNullable<Replica['cpus']>;
  readonly memoryBytes: NonNullable<Replica['memoryBytes']>;
};

/** Replicas that fit on an empty host of each type. */
export function aloneTable({ services }: CapacityPlan, lang: Lang): Block {
  const types = new Set(
    services.flatMap((each) => each.runtimes.flatMap(({ alone }) => alone.map(({ host }) => host))),
  );
  const cell = (found: Replica['alone'][number] | undefined) => {
    if (found === undefined) return null;
    const requests = found.byRequests === null ? '∞' : formatCount(found.byRequests, lang);
    const usage = found.byUsage === null ? '∞' : hostsShown(found.byUsage, lang);
    return `${requests} / ${usage}`;
  };
  return tableOf(
    services.flatMap(({ name, runtimes }) =>
      runtimes
        .filter(({ alone }) => alone.length > 0)
        .map((replica, at) => ({ ...replica, service: at === 0 ? plainText(name) : null })),
    ),
    [
      [planWords.service, ({ service }) => service],
      [planWords.runtime, ({ runtime }) => runtimeName(plainText(runtime))],
      ...[...types].map(
        (type): TableColumn<Replica> => [
          plainText(type),
          ({ alone }) => cell(alone.find(({ host }) => host === type)),
          'right',
        ],
      ),
    ],
    lang,
  );
}

function ratioShown({ estimate, low, high }: NonNullable<Replica['ratio']>, lang: Lang): string {
  const isExact = low === high;
  return formatRatioEstimate(
    { ratio: estimate, low: isExact ? null : low, high: isExact ? null : high },
    lang,
  );
}

function memoryShown({ estimate: value, low, high }: KnownReplica['memoryBytes'], lang: Lang): string {
  return low === high
    ? formatValue(value, 'bytes', lang)
    : formatEstimate({ value, low, high }, 'bytes', lang);
}

/** The services that can move, in order. */
export function frontierTable({ frontiers }: CapacityPlan, lang: Lang): Block {
  return tableOf(
    frontiers.flatMap(({ runtime, moves, stays }) => [
      { over: runtimeName(plainText(runtime)) },
      ...moves.map((step) => ({ ...step, label: words.moves })),
      ...stays.map((step) => ({ ...step, label: words.stays })),
    ]),
    [
      [planWords.runtime, ({ label }) => label],
      [planWords.service, ({ service }) => plainText(service)],
      [words.all, ({ hosts }) => number(hostsShown(hosts, lang), hosts.value), 'right'],
      [words.more, ({ added }) => number(`+${formatCount(added, lang)}`, added), 'right'],
      [words.within, ({ within }) => number(formatPercent(within, lang), within), 'right'],
    ],
    lang,
  );
}

/** Start storms on the recommended hosts of each runtime; null if there are none. */
export function stormTable(plan: CapacityPlan, lang: Lang): Block | null {
  const storms = plan.runtimes.flatMap(({ runtime, options, best }) =>
    (best === null ? [] : (options[best]?.storms ?? [])).map((storm) => ({ ...storm, runtime })),
  );
  if (storms.length === 0) return null;
  const fits = ({ fits: isFitting, shortestMs }: (typeof storms)[number]) => {
    if (isFitting) return words.yes;
    if (shortestMs === null) return words.never;
    return words.no({ shortest: formatValue(shortestMs * 1e6, 'ns', lang) });
  };
  return tableOf(
    storms,
    [
      [planWords.runtime, ({ runtime }) => runtimeName(plainText(runtime))],
      [words.storm, ({ service }) => plainText(service)],
      [words.taken, ({ cpus }) => number(cpusShown(cpus, lang), cpus.estimate), 'right'],
      [words.free, ({ freeCpus }) => cpuShown(freeCpus, lang), 'right'],
      [words.fits, fits],
    ],
    lang,
  );
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
