import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { formatNumber } from '../../../core/messages/number.ts';
import { translate } from '../../../core/messages/translate.ts';
import { displayUnit, formatNumberShort, formatPercent } from '../../../report/document/format.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { composeFileFor } from '../carry-out.ts';
import { type CostRow, costsOf, type TargetCost } from '../costs.ts';
import { type CostMetric, costMetrics } from '../figures.ts';
import { type MoveRecord, type MoveVerdict, movingTo } from '../record.ts';
import { boundShown, roughRatio } from './costs.ts';

const words = messages('move.lead', {
  lead: '{moves} of {all} services can move to {runtime}{costs}.',
  leadAll: '{all, plural, one {The service} other {All {all} services}} can move to {runtime}{costs}.',
  leadNone: 'No service can move to {runtime}.',
  leadOpen: 'It is not known yet whether services can move to {runtime}.',
  leave: 'Leave {services}.',
  leaveMany: 'Leave {n} services (below).',
  open: 'Unknown: {services}.',
  openMany: 'Unknown: {n} services (below).',
  next: 'Next: {file}.',
  nextCosts: 'Costs: none (below).',
});
const costWords = messages('move.leadCosts', {
  cpus: '{cpus} CPUs ({ratio}) at {rate} requests/s',
  cpusIdle: '{cpus} CPUs when idle ({ratio})',
  cpusSame: 'as many CPUs',
  cpusBound: '{bound} CPUs',
  cpusIdleBound: '{bound} idle CPUs',
  cpusOpen: 'CPUs undecided',
  memoryMore: '{bytes} memory',
  memorySame: 'as much memory',
  memoryBound: '{bound} memory',
  memoryOpen: 'memory undecided',
  latency: '{name} {from} → {to}',
  latencyBound: '{name} {bound}',
  mean: 'mean latency',
  p50: 'median latency',
  p95: 'p95 latency',
  p99: 'p99 latency',
  dearest: '{service} causes {share} of the added CPUs; to leave it under {baseline}, add  --stay {service}.',
  unasked:
    'The load hardly used {services}: what {n, plural, one {it costs} other {they cost}} at work is unknown.',
  survivors: '{failed} of {all} measurements under {runtime} failed: the rest is inconclusive.',
  noBlocks: 'No block was completed.',
});

/** Names in a headline; of more, only how many they are. */
const mostNames = 2;

/** The answer for each runtime, in at most thirty words: how many services move, what that costs, which stay, what is next. */
export function leadsOf(move: MoveRecord, lang: Lang): readonly string[] {
  const { stack, targets, verdicts, cost, baseline, noCost } = move;
  const all = stack.services.length;
  const costs = cost === undefined ? [] : costsOf(cost, baseline);
  const say = (message: Message) => translate(message, lang);
  return targets.map((target) => {
    const own = verdicts.filter(({ runtime }) => runtime === target);
    const moves = movingTo(verdicts, target).length;
    const open = own.filter(({ verdict }) => verdict === 'unknown');
    const behind = own.filter(({ verdict }) => verdict === 'cannot' || verdict === 'not-tried');
    const found = costs.find(({ runtime }) => runtime === target);
    const parts = found === undefined ? [] : costParts(found, lang).map(say);
    const values = { all, runtime: plainText(target) };
    const counted = {
      ...values,
      moves,
      costs: parts.length === 0 ? '' : `${colon[lang]}${parts.join(', ')}`,
    };
    const few = moves === 0 ? (open.length > 0 ? words.leadOpen(values) : words.leadNone(values)) : null;
    return [
      few ?? (moves === all ? words.leadAll(counted) : words.lead(counted)),
      ...(moves === 0 || targets.length > 1
        ? []
        : [...named(behind, words.leave, words.leaveMany), ...named(open, words.open, words.openMany)]),
      ...(noCost === undefined || moves === 0 ? [] : [words.nextCosts]),
      ...(moves === 0 || open.length > 0 || targets.length > 1
        ? []
        : [words.next({ file: composeFileFor(target) })]),
    ]
      .map(say)
      .join(' ');
  });
}

const colon = { en: ': ', fr: '\u00a0: ' } as const;

function named(
  of: readonly MoveVerdict[],
  some: (values: { readonly services: ReturnType<typeof listed> }) => Message,
  many: (values: { readonly n: number }) => Message,
): readonly Message[] {
  if (of.length === 0) return [];
  return [
    of.length > mostNames
      ? many({ n: of.length })
      : some({ services: listed(of.map(({ service }) => plainText(service))) }),
  ];
}

const find = ({ rows }: TargetCost, metric: CostMetric): CostRow | undefined =>
  rows.find((row) => row.service === null && row.metric === metric);

/** CPUs, memory, and the latency that users feel; nothing where too many measurements failed, or no block was completed. */
function costParts(target: TargetCost, lang: Lang): readonly Message[] {
  const { survivorsOf, pairs, cpuMetric } = target;
  if (survivorsOf !== null || pairs === 0) return [];
  const rate = rough(target.rate ?? 0, lang);
  const isIdle = cpuMetric === 'rest';
  const cpus = part(find(target, cpuMetric), lang, {
    claimed: (values) => (isIdle ? costWords.cpusIdle(values) : costWords.cpus({ ...values, rate })),
    same: costWords.cpusSame,
    bound: (bound) => (isIdle ? costWords.cpusIdleBound({ bound }) : costWords.cpusBound({ bound })),
    open: costWords.cpusOpen,
  });
  const memory = part(find(target, 'memory'), lang, {
    claimed: ({ bytes }) => costWords.memoryMore({ bytes }),
    same: costWords.memorySame,
    bound: (bound) => costWords.memoryBound({ bound }),
    open: costWords.memoryOpen,
  });
  const latencies = (['p99', 'p95', 'p50', 'mean'] as const).flatMap((metric) => {
    const row = find(target, metric);
    const isKnown = row !== undefined && row.verdict !== 'equivalent';
    if (!isKnown || (row.verdict === 'inconclusive' && row.bound === null)) return [];
    const name = latencyNames[metric];
    return row.bound === null
      ? [costWords.latency({ name, from: duration(row.baseline, lang), to: duration(row.target, lang) })]
      : [costWords.latencyBound({ name, bound: boundShown(row.bound, lang) })];
  });
  return [...cpus, ...memory, ...latencies.slice(0, 1)];
}

const latencyNames = {
  mean: costWords.mean,
  p50: costWords.p50,
  p95: costWords.p95,
  p99: costWords.p99,
} as const;

/** One cost in words, by what is known of it. */
function part(
  row: CostRow | undefined,
  lang: Lang,
  say: {
    claimed(values: { readonly cpus: string; readonly bytes: string; readonly ratio: string }): Message;
    readonly same: Message;
    bound(bound: Message): Message;
    readonly open: Message;
  },
): readonly Message[] {
  if (row === undefined) return [];
  const { verdict, bound, difference, ratio } = row;
  if (verdict === 'equivalent') return [say.same];
  if (verdict === 'inconclusive') return [bound === null ? say.open : say.bound(boundShown(bound, lang))];
  const { value } = difference;
  const sign = value < 0 ? '−' : '+';
  const [cpus, bytes] = [`${sign}${rough(Math.abs(value), lang)}`, `${sign}${size(Math.abs(value), lang)}`];
  return [say.claimed({ cpus, bytes, ratio: ratio === null ? '' : roughRatio(ratio.value, lang) })];
}

/** What a reader of the answer also has to know, in sentences. */
export function leadNotes(move: MoveRecord, lang: Lang): readonly Message[] {
  const { cost, baseline } = move;
  return (cost === undefined ? [] : costsOf(cost, baseline)).flatMap((target) => {
    const { survivorsOf, pairs, shares, moved, cpuMetric, unasked } = target;
    if (survivorsOf !== null) {
      const { failed, all, runtime } = survivorsOf;
      return [costWords.survivors({ failed, all, runtime: plainText(runtime) })];
    }
    if (pairs === 0) return [costWords.noBlocks];
    const [dearest] = [...shares]
      .filter(([service]) => moved.includes(service))
      .toSorted(([, a], [, b]) => b - a);
    const isMore = find(target, cpuMetric)?.verdict === 'more';
    const share = dearest?.[1] ?? 0;
    return [
      ...(isMore && dearest !== undefined && shares.size > 1 && share >= 0.5
        ? [
            costWords.dearest({
              service: plainText(dearest[0]),
              share: formatPercent(Math.min(1, share), lang),
              baseline: plainText(baseline),
            }),
          ]
        : []),
      ...(unasked.length === 0
        ? []
        : [
            costWords.unasked({
              services: listed(
                unasked.map((service) => plainText(service)),
                'and',
              ),
              n: unasked.length,
            }),
          ]),
    ];
  });
}

/** A number with two digits, as people say it: `970`, `3.3`, `0.0012`. */
const rough = (value: number, lang: Lang): string => {
  const two = Number(value.toPrecision(2));
  return two >= 100 ? formatNumber(two, 0, lang) : formatNumberShort(two, lang);
};

function inUnit(value: number, metric: CostMetric, lang: Lang): string {
  const { factor, name } = displayUnit(costMetrics[metric].unit, value, lang);
  return `${rough(value / factor, lang)}\u00a0${name}`;
}
const size = (bytes: number, lang: Lang) => inUnit(bytes, 'memory', lang);
const duration = (ns: number, lang: Lang) => inUnit(ns, 'mean', lang);
