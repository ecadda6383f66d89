import { joined, listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { formatDifference, formatPercent, formatValue } from '../../../report/document/format.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { type CostRow, costsOf, type TargetCost } from '../costs.ts';
import type { CostMetric } from '../figures.ts';
import type { MoveCost, MoveRecord, MoveVerdict } from '../record.ts';
import { cpusShown, formatRatio, rateShown, costWords as shared } from './costs.ts';

const words = messages('move.page', {
  lead: '{moves} of {all} services of {stack} can move to {runtime}.',
  leadAll: '{all, plural, one {The service} other {All {all} services}} of {stack} can move to {runtime}.',
  leadNone: 'No service of {stack} can move to {runtime}.',
  stays: '{services} {n, plural, one {cannot} other {cannot}} move.',
  notTried: '{services} {n, plural, one {was} other {were}} not tried.',
  unknown: '{services}: unknown.',
});
const costWords = messages('move.costs', {
  requestMore: 'A request takes {to} of CPU time instead of {from}.',
  cpusMore: '{rate} requests a second need {cpus} more CPUs ({ratio}).',
  cpusLess: '{rate} requests a second need {cpus} fewer CPUs ({ratio}).',
  cpusSame: 'CPUs for {rate} requests a second: no difference (within {practical}).',
  cpusOpen: 'CPUs for {rate} requests a second: inconclusive ({ratio}).',
  restMore: 'When idle, it uses {cpus} more CPUs ({ratio}).',
  restLess: 'When idle, it uses {cpus} fewer CPUs ({ratio}).',
  restSame: 'CPUs when idle: no difference (within {practical}).',
  restOpen: 'CPUs when idle: inconclusive ({ratio}).',
  memoryMore: 'It uses {bytes} more memory.',
  memoryLess: 'It uses {bytes} less memory.',
  memorySame: 'Memory: no difference (within {practical}).',
  memoryOpen: 'Memory: inconclusive ({ratio}).',
  rate: 'It serves {to} requests a second instead of {from}.',
  latency: 'Latency ({name}) goes from {from} to {to}.',
  dearest: '{service} causes {share} of the added CPUs; to leave it under {baseline}, add  --stay {service}.',
  unasked:
    'The load hardly used {services}: what {n, plural, one {it costs} other {they cost}} at work is unknown.',
  survivors: '{failed} of {all} measurements under {runtime} failed: the rest is inconclusive.',
  noBlocks: 'No block was completed.',
  meanOnly: 'mean',
  medianOnly: 'median',
});

/** The answer in sentences, for each runtime: how many services move, what that costs, and of one runtime also which do not. */
export function leadsOf(
  { stack, targets, verdicts, cost, baseline }: MoveRecord,
  lang: Lang,
): readonly Message[] {
  const all = stack.services.length;
  const named = (of: readonly MoveVerdict[]) => listed(of.map(({ service }) => plainText(service)));
  const costs = cost === undefined ? [] : costsOf(cost, baseline);
  return targets.map((target) => {
    const own = verdicts.filter(({ runtime }) => runtime === target);
    const having = (verdict: MoveVerdict['verdict']) => own.filter((each) => each.verdict === verdict);
    const moves = having('moves').length;
    const values = { all, stack: plainText(stack.name), runtime: plainText(target) };
    const counted =
      moves === all
        ? words.leadAll(values)
        : moves === 0
          ? words.leadNone(values)
          : words.lead({ ...values, moves });
    const costing = costs
      .filter(({ runtime }) => runtime === target)
      .flatMap((each) => (cost === undefined ? [] : [costLead(each, cost, baseline, lang)]));
    const [cannot, notTried, unknown] = [having('cannot'), having('not-tried'), having('unknown')];
    const others =
      targets.length > 1
        ? []
        : [
            ...(cannot.length === 0 ? [] : [words.stays({ services: named(cannot), n: cannot.length })]),
            ...(notTried.length === 0
              ? []
              : [words.notTried({ services: named(notTried), n: notTried.length })]),
            ...(unknown.length === 0 ? [] : [words.unknown({ services: named(unknown) })]),
          ];
    return joined([counted, ...costing, ...others], 'space');
  });
}

/** The sentences that say what a target costs. */
function costLead(target: TargetCost, cost: MoveCost, baseline: string, lang: Lang): Message {
  const { survivorsOf, rows, shares, cpuMetric, pairs } = target;
  if (survivorsOf !== null) {
    const { failed, all, runtime } = survivorsOf;
    return costWords.survivors({ failed, all, runtime: plainText(runtime) });
  }
  if (pairs === 0) return costWords.noBlocks;
  const find = (metric: CostMetric) => rows.find((row) => row.service === null && row.metric === metric);
  const practical = formatPercent(cost.thresholds.practical, lang);
  const said = (row: CostRow | undefined, of: Sentences, amount: (row: CostRow) => Values) => {
    if (row === undefined) return [];
    const ratio =
      row.ratio === null ? formatDifference(row.difference, 'ratio', lang) : formatRatio(row.ratio, lang);
    const values = { ...amount(row), ratio, practical, rate: rateShown(target.rate ?? 0, lang) };
    if (row.verdict === 'equivalent') return [of.same(values)];
    if (row.verdict === 'inconclusive') return [of.open(values)];
    return [row.verdict === 'more' ? of.more(values) : of.less(values)];
  };
  const isClaimed = (row: CostRow | undefined): row is CostRow =>
    row !== undefined && row.verdict !== 'equivalent' && row.verdict !== 'inconclusive';
  const rate = find('rate');
  const latency = (['p99', 'p95', 'p50', 'mean'] as const)
    .map((metric) => ({ name: latencyNames[metric], row: find(metric) }))
    .find(({ row }) => isClaimed(row));
  const [dearest] = [...shares]
    .filter(([service]) => target.moved.includes(service))
    .toSorted(([, a], [, b]) => b - a);
  const isMore = find(cpuMetric)?.verdict === 'more';
  const request = find('request');
  const { unasked } = target;
  return joined(
    [
      ...(isClaimed(find('cpus')) && isClaimed(request)
        ? [
            costWords.requestMore({
              from: formatValue(request.baseline, 'ns', lang),
              to: formatValue(request.target, 'ns', lang),
            }),
          ]
        : []),
      ...said(find(cpuMetric), cpuMetric === 'rest' ? ofRest : ofRate, ({ difference }) => ({
        cpus: cpusShown(Math.abs(difference.value), lang),
      })),
      ...said(find('memory'), ofMemory, ({ difference }) => ({
        bytes: formatValue(Math.abs(difference.value), 'bytes', lang),
      })),
      ...(isClaimed(rate)
        ? [costWords.rate({ from: rateShown(rate.baseline, lang), to: rateShown(rate.target, lang) })]
        : []),
      ...(latency?.row === undefined
        ? []
        : [
            costWords.latency({
              name: latency.name,
              from: formatValue(latency.row.baseline, 'ns', lang),
              to: formatValue(latency.row.target, 'ns', lang),
            }),
          ]),
      ...(isMore && dearest !== undefined && shares.size > 1 && dearest[1] >= 0.5
        ? [
            costWords.dearest({
              service: plainText(dearest[0]),
              share: formatPercent(Math.min(1, dearest[1]), lang),
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
    ],
    'space',
  );
}

const latencyNames = {
  mean: costWords.meanOnly,
  p50: costWords.medianOnly,
  p95: shared.p95,
  p99: shared.p99,
} as const;

/** Sentences of a figure by its verdict. */
type Sentences = Readonly<Record<'more' | 'less' | 'same' | 'open', (values: AllValues) => Message>>;
type Values = { readonly cpus?: string; readonly bytes?: string };
type AllValues = Values & Readonly<Record<'ratio' | 'practical' | 'rate', string>>;

const ofRate: Sentences = {
  more: ({ rate, cpus = '', ratio }) => costWords.cpusMore({ rate, cpus, ratio }),
  less: ({ rate, cpus = '', ratio }) => costWords.cpusLess({ rate, cpus, ratio }),
  same: ({ rate, practical }) => costWords.cpusSame({ rate, practical }),
  open: ({ rate, ratio }) => costWords.cpusOpen({ rate, ratio }),
};
const ofRest: Sentences = {
  more: ({ cpus = '', ratio }) => costWords.restMore({ cpus, ratio }),
  less: ({ cpus = '', ratio }) => costWords.restLess({ cpus, ratio }),
  same: costWords.restSame,
  open: costWords.restOpen,
};
const ofMemory: Sentences = {
  more: ({ bytes = '' }) => costWords.memoryMore({ bytes }),
  less: ({ bytes = '' }) => costWords.memoryLess({ bytes }),
  same: costWords.memorySame,
  open: costWords.memoryOpen,
};
