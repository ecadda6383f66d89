import { hasValue, type ValueRow } from '../comparison.ts';
import type { ReportContext } from '../context.ts';
import { displayUnit } from '../format.ts';
import { plainText } from '../sanitize.ts';
import { type DrawnOrNot, makeChart, round, scaled } from './chart.ts';
import { intervalDots } from './interval-dots.ts';
import { rowTip } from './tip.ts';

/** Calls that readers know, from trivial to heavy; drawn whenever they were measured. */
const wellKnown = [
  'getpid',
  'gettid',
  'getuid',
  'clock_gettime',
  'sched_yield',
  'read',
  'write',
  'openat',
  'open',
  'close',
  'stat',
  'fstat',
  'mmap',
  'futex',
  'clone',
  'fork',
  'execve',
];
const most = 20;

/**
 * Cost of single system calls. Which: of the calls that more than half of the measured runtimes have, the
 * well-known ones, then those with the widest spread between the dearest and the cheapest runtime, 20 in all.
 */
export function syscallCostChart(context: ReportContext): DrawnOrNot {
  const { m, lang, confidence, analysis } = context;
  const id = 'syscall-cost';
  const title = m.syscallTitle;
  const calls = singleCalls(context);
  if (calls.length === 0) return { id, title, absent: m.noData.syscalls };

  const chosen = calls
    .toSorted((a, b) => rank(a.name) - rank(b.name) || spread(b.members) - spread(a.members))
    .slice(0, most)
    .toSorted((a, b) => base(a.members, analysis.baseline) - base(b.members, analysis.baseline));
  const drawn = chosen.flatMap(({ members }) => members);
  const middle = drawn.map((row) => row.median).toSorted((a, b) => a - b)[drawn.length >> 1] ?? 0;
  const unit = displayUnit('ns', middle, lang);
  return makeChart(context, {
    id,
    title,
    caption: m.syscallCaption(chosen.length, calls.length, confidence),
    columns: 128,
    counts: drawn.map((row) => row.n),
    view: intervalDots(context, {
      dots: chosen.flatMap(({ name, members }) =>
        members.map((row) => ({
          label: name,
          runtime: row.runtime,
          value: round(row.median / unit.factor),
          low: positive(scaled(row.ciLow, unit.factor)),
          high: scaled(row.ciHigh, unit.factor),
          tip: rowTip(row, context),
        })),
      ),
      order: chosen.map(({ name }) => name),
      axisTitle: m.syscallAxis(unit.name),
    }),
  });
}

/** Single calls (metrics `syscall.*` in ns/op) that more than half of the measured runtimes have, by name. */
export function singleCalls(
  context: ReportContext,
): readonly { readonly name: string; readonly members: readonly ValueRow[] }[] {
  const rows = oneSubject(
    context.rows
      .filter(hasValue)
      .filter((row) => row.metric.startsWith('syscall.') && row.unit === 'ns/op' && row.median > 0)
      // A headline of such a name is a mean over calls.
      .filter((row) => !row.headline),
  );
  const runtimes = new Set(rows.map((row) => row.runtime));
  return [...Map.groupBy(rows, (row) => row.metric)]
    .filter(([, members]) => members.length * 2 > runtimes.size)
    .map(([metric, members]) => ({ name: plainText(metric.slice('syscall.'.length)), members }));
}

/** Rows of the workload and parameters that measured the most calls: calls of two methods are not comparable. */
function oneSubject(rows: readonly ValueRow[]): readonly ValueRow[] {
  const groups = [
    ...Map.groupBy(rows, (row) => [row.workload, row.params, row.profile, row.layer].join('|')).values(),
  ];
  return groups.toSorted((a, b) => b.length - a.length)[0] ?? [];
}

/** Well-known calls come first and are equal among themselves where all fit. */
function rank(name: string): number {
  return wellKnown.includes(name) ? 0 : 1;
}

function spread(rows: readonly ValueRow[]): number {
  const medians = rows.map((row) => row.median);
  return Math.max(...medians) / Math.min(...medians);
}

/** The baseline's cost; calls that it lacks come last. */
function base(rows: readonly ValueRow[], baseline: string): number {
  return rows.find((row) => row.runtime === baseline)?.median ?? Number.MAX_VALUE;
}

function positive(value: number | null): number | null {
  return value !== null && value > 0 ? value : null;
}
