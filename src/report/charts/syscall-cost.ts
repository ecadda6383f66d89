import { messages } from '../../core/messages/define.ts';
import type { ValueRow } from '../comparison.ts';
import { type Call, singleCalls } from './data/call-rows.ts';
import { middleUnit, valueAxis } from './grammar/axis.ts';
import { defineChart } from './grammar/define.ts';
import { dotOf, dotStyle, intervalDots, runtimeRows } from './grammar/dots.ts';
import { lineStep, phonePlot, slideWidth } from './grammar/layout.ts';
import { placed, shownData } from './grammar/live.ts';
import { runtimesOf } from './grammar/palette.ts';
import { logRange } from './grammar/scale.ts';
import { axisTitle } from './grammar/words.ts';

const words = messages('chart.syscall-cost', {
  title: 'Cost of a system call',
  all: '{shown} system calls, cheapest under the baseline first',
  some: '{shown} of {all} system calls (well-known ones, then those where runtimes differ most)',
  line: 'line: {confidence} CI',
  absent: 'no costs of single system calls were recorded for the baseline twice or more',
  axis: 'time per call in {unit}',
});

/** Well-known calls from trivial to heavy; drawn whenever they were measured. */
const wellKnown = new Set(
  'getpid gettid getuid clock_gettime sched_yield read write openat open close stat fstat mmap futex clone fork execve'.split(
    ' ',
  ),
);
const maxCalls = 20;

/**
 * Cost of single system calls that the baseline has, except those measured only once. Draws 20 of the calls that more than half
 * of the measured runtimes have: the well-known ones, then those with the largest spread between the most expensive and the
 * cheapest runtime.
 */
export default defineChart({
  id: 'syscall-cost',
  section: 'syscall',
  order: 100,
  title: words.title,
  absent: words.absent,
  data(context) {
    const { baseline } = context.analysis;
    const calls = singleCalls(context).flatMap(({ name, members }) => {
      const repeated = members.filter((row) => row.n >= 2);
      return repeated.some(({ runtime }) => runtime === baseline) ? [{ name, members: repeated }] : [];
    });
    const base = ({ members }: Call) => members.find((row) => row.runtime === baseline)?.median ?? 0;
    const shown = calls
      .toSorted((a, b) => rank(a.name) - rank(b.name) || spread(b.members) - spread(a.members))
      .slice(0, maxCalls)
      .toSorted((a, b) => base(a) - base(b));
    return calls.length === 0 ? [] : [{ shown, all: calls.length }];
  },
  draw({ shown, all }, context) {
    const rows = shown.flatMap(({ members }) => members);
    const unit = middleUnit('ns', rows, context);
    const values = shown.flatMap(({ name, members }) =>
      members.map((row) => ({ label: name, ...dotOf(row, unit.factor, context) })),
    );
    const names = runtimesOf(rows, context);
    const order = shown.map(({ name }) => name);
    const many = order.length > 12;
    // Runtimes are stacked within a row; with many rows their dots overlap slightly.
    const step = lineStep(order, names.length, many ? (names.length > 4 ? 3.5 : 4.5) : 12);
    const range = logRange(values.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]));
    const x = valueAxis(context, range, axisTitle(words.axis({ unit: unit.name }), true));
    return {
      caption: [
        shown.length === all ? words.all({ shown: all }) : words.some({ shown: shown.length, all }),
        words.line({ confidence: context.confidence }),
      ],
      runtimes: names,
      columns: 128,
      counts: rows.map((row) => row.n),
      view: {
        width: context.narrow
          ? phonePlot(order)
          : slideWidth(order, step * names.length * order.length * 1.2),
        height: { step },
        ...shownData(placed(values, 'label', order)),
        layer: intervalDots(runtimeRows('label'), x, dotStyle(context, names), {
          size: many ? 40 : 60,
          opacity: 0.95,
        }),
      },
    };
  },
});

/** Rank of a call: well-known ones first; all equal if every call fits. */
function rank(name: string): number {
  return wellKnown.has(name) ? 0 : 1;
}

function spread(rows: readonly ValueRow[]): number {
  const medians = rows.map((row) => row.median);
  return Math.max(...medians) / Math.min(...medians);
}
