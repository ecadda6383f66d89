import { listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Lang, Message } from '../../../core/messages/message.ts';
import { formatNumber } from '../../../core/messages/number.ts';
import { translate } from '../../../core/messages/translate.ts';
import {
  type Block,
  heading,
  type Inline,
  quiet,
  strong,
  type Text,
  text,
  titled,
} from '../../../report/document/document.ts';
import {
  formatConfidence,
  formatCount,
  formatNumberShort,
  formatPercent,
  formatRatioEstimate,
  formatValue,
} from '../../../report/document/format.ts';
import { type TableColumn, tableOf } from '../../../report/document/make-table.ts';
import { quoted } from '../../../report/document/quotes.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { verdictInline } from '../../../report/words/verdict.ts';
import { type CostEstimate, type CostRow, costsOf, type TargetCost } from '../costs.ts';
import { type CostMetric, costMetrics } from '../figures.ts';
import type { MoveRecord } from '../record.ts';

const words = messages('move.costs', {
  title: 'Costs under {runtime}',
  loaded:
    'Load: {load}. {blocks, plural, one {# block} other {# blocks}}, each with the whole stack once under {baseline} and once with {moved} under {runtime}, in random order.',
  rested:
    'No load: these are the costs of the idle stack. {blocks, plural, one {# block} other {# blocks}}, each with the whole stack once under {baseline} and once with {moved} under {runtime}. To measure what requests cost, add --load.',
  stack: 'the stack',
  service: 'service',
  ratio: 'ratio',
  verdict: 'verdict',
  share: 'share of the added CPUs',
  cpus: 'CPUs for {rate} requests/s',
  request: 'CPU time per request',
  rest: 'CPUs when idle',
  memory: 'memory when idle',
  afterLoad: 'memory after the load',
  requests: 'requests a second',
  mean: 'mean latency',
  p50: 'median latency',
  p95: '95th percentile',
  p99: '99th percentile',
  note: 'CPUs for a rate are computed, not tried: the CPUs when idle plus the CPU time of that many requests. This host has {cpus}. What the engine does, such as starting health checks, is not included. CPUs and memory of a service include its shim or virtual machine, but not memory that containers share. Latencies were measured at the rates that were reached. A load without a rate limit shows them under full load, and uses some of the CPUs itself. A ratio is estimated from pairs of measurements, and can differ from the ratio of the medians; brackets are its {confidence} interval.',
  noRequests:
    'The load does not report how many requests it made, so the cost of a request is unknown. redis-benchmark reports it without -q and --csv; move.requests reads it from any output.',
  starting:
    '{service} was still starting when the load began in {n, plural, one {one measurement} other {# measurements}}: {n, plural, one {it has} other {they have}} no CPU figure.',
  failures: 'Measurements without figures',
  failedBlock: 'block {block}, {runtime}: ',
  atLeast: 'at least {ratio}',
  atMost: 'at most {ratio}',
  cold: 'The load fails when it is run twice, so its first requests are in these figures.',
  noTime: 'Time ran out before all {planned} blocks were measured.',
  interrupted: 'Interrupted before all {planned} blocks were measured.',
  unfinished: 'Not all {planned} blocks are measured: the measurement is still running, or was killed.',
});

/** CPUs with two digits: `0.0031`, `0.32`, `2.1`, `14`. */
function cpusShown(cpus: number, lang: Lang): string {
  const size = Math.abs(cpus);
  const digits = size >= 10 || size === 0 ? 0 : Math.min(6, Math.max(1, 1 - Math.floor(Math.log10(size))));
  return formatNumber(cpus, digits, lang);
}

/** Requests a second: whole ones, and small rates with three digits. */
function rateShown(rate: number, lang: Lang): string {
  return rate >= 100 ? formatCount(rate, lang) : formatNumberShort(Number(rate.toPrecision(3)), lang);
}

/** `3.1×`, `14×`: a ratio with two digits, rounded down where it is a lower bound, and up where it is an upper one. */
export function roughRatio(ratio: number, lang: Lang, isBound = false): string {
  const digits = Number(ratio.toPrecision(2));
  const step = 10 ** (Math.floor(Math.log10(ratio)) - 1);
  const [isBeyond, towardsOne] = [ratio > 1 ? digits > ratio : digits < ratio, ratio > 1 ? -step : step];
  const shown = isBound && isBeyond ? Number((digits + towardsOne).toPrecision(2)) : digits;
  return `${formatNumberShort(shown, lang)}×`;
}

/** `at least 3.1×`, `at most 0.22×` */
export function boundShown(bound: number, lang: Lang): Message {
  const ratio = roughRatio(bound, lang, true);
  return bound > 1 ? words.atLeast({ ratio }) : words.atMost({ ratio });
}

/** A verdict, or the bound that is known where it is open. */
function verdictShown({ verdict, ratio, bound }: CostRow, lang: Lang): Inline {
  const t = (message: Message) => translate(message, lang);
  const shown = verdictInline({ verdict, ratio: ratio?.value }, t);
  return bound === null ? shown : { ...shown, text: t(boundShown(bound, lang)) };
}

const formatRatio = ({ value, low, high }: CostEstimate, lang: Lang) =>
  formatRatioEstimate({ ratio: value, low, high }, lang);

/** A figure in its unit. */
function shown(metric: CostMetric, value: number, lang: Lang): string {
  const { unit } = costMetrics[metric];
  return unit === 'ratio' ? cpusShown(value, lang) : formatValue(value, unit, lang);
}

/** Tables of what each target costs. */
export function costBlocks(move: MoveRecord, lang: Lang): readonly (readonly Block[])[] {
  const { cost, baseline } = move;
  if (cost === undefined) return [];
  const t = (message: Message) => translate(message, lang);
  return costsOf(cost, baseline).map((target, at): readonly Block[] => {
    const { runtime, moved, pairs } = target;
    const values = {
      blocks: pairs,
      baseline: plainText(baseline),
      runtime: plainText(runtime),
      moved: listed(
        moved.map((service) => plainText(service)),
        'and',
      ),
    };
    return [
      heading(2, t(words.title({ runtime: plainText(runtime) })), `costs-${at}`),
      quiet(
        t(
          cost.load === null
            ? words.rested(values)
            : words.loaded({ ...values, load: plainText(cost.load.name) }),
        ),
      ),
      ...(cost.load !== null && cost.warmSeconds === 0 ? [quiet(t(words.cold))] : []),
      ...(cost.ended === null ? [] : [quiet(t(endings[cost.ended]({ planned: cost.planned })))]),
      stackTable(target, baseline, lang),
      ...serviceTables(target, baseline, lang),
      ...[...target.starting].map(([service, n]) =>
        quiet(t(words.starting({ service: plainText(service), n }))),
      ),
      ...(cost.load !== null && target.rate === null && pairs > 0 ? [quiet(t(words.noRequests))] : []),
      quiet(
        t(
          words.note({ cpus: move.host.cpus, confidence: formatConfidence(1 - cost.thresholds.alpha, lang) }),
        ),
      ),
      ...titled(
        3,
        t(words.failures),
        target.failed.map(
          (each): Text => [
            text(t(words.failedBlock({ block: each.block, runtime: plainText(each.runtime) }))),
            quoted({ ...each, failure: each.failure ?? '' }, 'failure', lang, plainText),
          ],
        ),
      ),
    ];
  });
}

const endings = {
  time: words.noTime,
  interrupt: words.interrupted,
  unfinished: words.unfinished,
} as const;

/** Names of costs; `rate`: requests a second for which CPUs are said. */
export const metricNames = (rate: string): Readonly<Record<CostMetric, Message>> => ({
  cpus: words.cpus({ rate }),
  request: words.request,
  rest: words.rest,
  memory: words.memory,
  loaded: words.afterLoad,
  rate: words.requests,
  mean: words.mean,
  p50: words.p50,
  p95: words.p95,
  p99: words.p99,
});

function stackTable({ runtime, rows, rate }: TargetCost, baseline: string, lang: Lang): Block {
  const names = metricNames(rateShown(rate ?? 0, lang));
  const columns: readonly TableColumn<CostRow>[] = [
    [words.stack, ({ metric }) => names[metric]],
    [
      plainText(baseline),
      (row) => shown(row.metric, row.baseline, lang),
      { align: 'right', runtime: plainText(baseline) },
    ],
    [
      plainText(runtime),
      (row) => shown(row.metric, row.target, lang),
      { align: 'right', runtime: plainText(runtime) },
    ],
    [words.ratio, ({ ratio }) => (ratio === null ? null : formatRatio(ratio, lang)), 'right'],
    [words.verdict, (row) => verdictShown(row, lang)],
  ];
  return tableOf(
    rows.filter(({ service }) => service === null),
    columns,
    lang,
  );
}

/** CPU and memory of each service; what moved is printed bold. */
function serviceTables(target: TargetCost, baseline: string, lang: Lang): readonly Block[] {
  const { rows, moved, shares, runtime, cpuMetric, rate } = target;
  const t = (message: Message) => translate(message, lang);
  const services = [...new Set(rows.flatMap(({ service }) => service ?? []))];
  const find = (service: string, metric: CostMetric) =>
    rows.find((row) => row.service === service && row.metric === metric);
  const compared = (row: CostRow | undefined): Text => {
    if (row === undefined) return [];
    const said = row.ratio === null ? '' : `${formatRatio(row.ratio, lang)} `;
    return [text(said), verdictShown(row, lang)];
  };
  const values = (row: CostRow | undefined, side: 'baseline' | 'target') =>
    row === undefined ? null : shown(row.metric, row[side], lang);
  const cpuName = cpuMetric === 'rest' ? words.rest : words.cpus({ rate: rateShown(rate ?? 0, lang) });
  const right = (name: string) => ({ align: 'right', runtime: plainText(name) }) as const;
  const name = (service: string) =>
    moved.includes(service) ? strong(plainText(service)) : plainText(service);
  const comparing = (metric: CostMetric, title: Message): readonly TableColumn<string>[] => [
    [
      `${t(title)}, ${plainText(baseline)}`,
      (service) => values(find(service, metric), 'baseline'),
      right(baseline),
    ],
    [`…, ${plainText(runtime)}`, (service) => values(find(service, metric), 'target'), right(runtime)],
    [words.ratio, (service) => compared(find(service, metric)), 'right'],
  ];
  const shareShown = (service: string): string | null => {
    const share = shares.get(service);
    if (share === undefined) return null;
    return share < 0.01 ? `<${formatPercent(0.01, lang)}` : formatPercent(share, lang);
  };
  const ofCpu: readonly TableColumn<string>[] = [
    [words.service, name],
    ...comparing(cpuMetric, cpuName),
    [words.share, shareShown, 'right'],
  ];
  const ofMemory: readonly TableColumn<string>[] = [
    [words.service, name],
    ...comparing('memory', words.memory),
  ];
  return [ofCpu, ofMemory].map((of) => tableOf(services, of, lang));
}
