import { messages } from '../../core/messages/define.ts';
import type { Lang, Message } from '../../core/messages/message.ts';
import { translate } from '../../core/messages/translate.ts';
import { fewestForMiddle, middleOf } from '../../core/model/analysis/middle.ts';
import { type Cell, cellKey } from '../../core/model/trial/cell.ts';
import type { Category } from '../../core/model/workload/metric.ts';
import { formatPercent, formatRatio, formatRatioInterval } from '../document/format.ts';
import { briefSubject, categoryOrder, commonParams, groupBy } from '../document/labels.ts';
import { terminalText } from '../document/sanitize.ts';
import { columnsOf, fitColumns, padColumns } from '../document/terminal-columns.ts';
import { cutMiddle } from '../document/wrap.ts';
import { costRatio, type RatioEstimate } from '../findings/row-guards.ts';
import type { Estimate } from './lines.ts';

const words = messages('progress', {
  noInterval: 'no interval yet',
  precision: '±{half} for ±{target}',
});

/** Short category names for column heads. */
const categoryHeads: Readonly<Record<Category, Message>> = messages('progress.category', {
  startup: 'startup',
  syscall: 'syscalls',
  io: 'I/O',
  memory: 'memory',
  cpu: 'CPU',
  network: 'network',
  app: 'apps',
  sandbox: 'sandbox',
  agent: 'agent',
  restore: 'restore',
  density: 'density',
  isolation: 'isolation',
});

const gap = 2;

/** Maximum and minimum width of a runtime's name in a column of names. */
const maxName = 20;
const minName = 8;

/** Minimum width of a column of middles, so that it does not jump as they change. */
const minMiddle = 6;

interface CostEstimate {
  readonly estimate: Estimate;
  readonly cost: RatioEstimate;
}

/** The estimates that have a cost; isolation has none. */
function costed(estimates: readonly Estimate[]): readonly CostEstimate[] {
  return estimates.flatMap((estimate) => {
    if (estimate.better === 'neither' || estimate.category === 'isolation') return [];
    const cost = costRatio(estimate);
    return cost === null ? [] : [{ estimate, cost }];
  });
}

/** `6.12× [4.90, 7.44]`: cost relative to the baseline, with its interval if there is one. */
function costText({ ratio, low, high }: RatioEstimate, lang: Lang): string {
  const shown = formatRatio(ratio, lang);
  return low === null || high === null ? shown : `${shown} ${formatRatioInterval(ratio, low, high, lang)}`;
}

/** The cost of this cell so far; null while unknown. */
export function costSoFar(estimates: readonly Estimate[], cell: Cell, lang: Lang): string | null {
  const key = cellKey(cell);
  const [found] = costed(estimates.filter((estimate) => cellKey(estimate) === key));
  return found === undefined ? null : costText(found.cost, lang);
}

/** A line of categories, then one per runtime with the middle of the tests so far; empty without estimates or room. */
export function categoryLines(
  estimates: readonly Estimate[],
  columns: number,
  lang: Lang,
): readonly string[] {
  const costs = costed(estimates);
  const categories = categoryOrder.filter((category) =>
    costs.some(({ estimate }) => estimate.category === category),
  );
  const rows = groupBy(costs, ({ estimate }) => estimate.runtime).map((own) => ({
    runtime: own[0]?.estimate.runtime ?? '',
    middles: categories.map((category) => {
      const logs = own
        .filter(({ estimate }) => estimate.category === category)
        .map(({ cost }) => Math.log(cost.ratio));
      const hasMiddle = logs.length === 1 || logs.length >= fewestForMiddle;
      return hasMiddle ? formatRatio(Math.exp(middleOf(logs)), lang) : '';
    }),
  }));
  const heads = categories.map((category) => translate(categoryHeads[category], lang));
  const widths = heads.map(
    (head, i) =>
      gap + Math.max(minMiddle, columnsOf(head), ...rows.map(({ middles }) => columnsOf(middles[i] ?? ''))),
  );
  const room = columns - gap - widths.reduce((sum, width) => sum + width, 0);
  if (rows.length === 0 || room < minName) return [];
  const named = rows.map(({ runtime, middles }) => ({ name: nameOf(runtime, room), middles }));
  const names = Math.max(...named.map(({ name }) => columnsOf(name)));
  const line = (name: string, cells: readonly string[]) =>
    [
      padColumns(`  ${name}`, names + gap),
      ...cells.map((cell, i) => padColumns(cell, widths[i] ?? 0, 'right')),
    ].join('');
  return [line('', heads), ...named.map(({ name, middles }) => line(name, middles))];
}

function nameOf(runtime: string, most: number): string {
  return fitColumns(cutMiddle(terminalText(runtime, 60), Math.min(most, maxName)), most);
}

/** At most `count` lines on the cells that the run spends its time on: widest interval relative to its target first. */
export function uncertainLines(
  estimates: readonly Estimate[],
  { columns, count }: { readonly columns: number; readonly count: number },
  lang: Lang,
): readonly string[] {
  const dropped = commonParams(estimates);
  const width = ({ estimate: { halfWidth, target } }: CostEstimate) =>
    halfWidth === null ? -1 : halfWidth / target;
  const effect = ({ cost }: CostEstimate) => Math.abs(Math.log(cost.ratio));
  const rows = costed(estimates)
    .toSorted((a, b) => width(b) - width(a) || effect(b) - effect(a))
    .slice(0, Math.max(0, count))
    .map(({ estimate, cost }) => ({
      name: nameOf(estimate.runtime, maxName),
      subject: terminalText(briefSubject(estimate, dropped), 120),
      cost: costText(cost, lang),
      precision: translate(precisionOf(estimate, lang), lang),
    }));
  const widest = (of: (row: (typeof rows)[number]) => string) =>
    Math.max(0, ...rows.map((row) => columnsOf(of(row))));
  const [names, costs, precisions] = [
    widest((r) => r.name),
    widest((r) => r.cost),
    widest((r) => r.precision),
  ];
  const room = Math.min(
    widest((row) => row.subject),
    columns - names - costs - precisions - 4 * gap,
  );
  return rows.map(({ name, subject, cost, precision }) =>
    [
      padColumns(`  ${name}`, names + gap),
      padColumns(cutMiddle(subject, Math.max(1, room)), Math.max(1, room)),
      padColumns(cost, costs),
      precision,
    ].join(' '.repeat(gap)),
  );
}

function precisionOf({ halfWidth, target }: Estimate, lang: Lang): Message {
  if (halfWidth === null) return words.noInterval;
  const decimals = (fraction: number) => (fraction < 0.1 ? 1 : 0);
  return words.precision({
    half: formatPercent(halfWidth, lang, decimals(halfWidth)),
    target: formatPercent(target, lang, Number.isInteger(Number((target * 100).toFixed(6))) ? 0 : 1),
  });
}
