import { messages } from '../../../core/messages/define.ts';
import { subjectKey } from '../../../core/model/trial/cell.ts';
import { defineChart } from '../../../report/charts/grammar/define.ts';
import { paged } from '../../../report/charts/grammar/layout.ts';
import { chartName, runtimesOf } from '../../../report/charts/grammar/palette.ts';
import { type Waterfall, type WaterfallStep, waterfalls } from '../../../report/charts/grammar/waterfall.ts';
import { chartWords } from '../../../report/charts/grammar/words.ts';
import type { ReportContext } from '../../../report/context.ts';
import { formatDifference, formatEstimate } from '../../../report/document/format.ts';
import { groupBy, subjectLabel } from '../../../report/document/labels.ts';
import { plainText } from '../../../report/document/sanitize.ts';
import { hasValue, type ValueRow } from '../../../report/findings/row-guards.ts';

const words = messages('chart.restore', {
  title: 'Restore or start afresh: to the first right answer',
  caption:
    '{subject}; medians, line: {confidence} CI; “saved”: fresh start − restore of the same trial, with its CI; “slower answers”: what the next 100 answers take beyond the same ones asked again',
  saved: '{label}; saved: {saving}',
  absent: 'no service was restored',
  fresh: 'fresh start to answer',
  startCall: 'start call',
  warmUp: 'warm-up and first answer',
  restore: 'restore to answer',
  restoreCall: 'restore call',
  answer: 'first answer',
  freshTail: 'slower answers after a fresh start',
  tail: 'slower answers after a restore',
});

/** Colours of the parts; on white and on black. */
const colors = { call: '#88ccee', answer: '#44aa99', tail: '#cc6677' } as const;
const maxPictures = 8;

/** The rows of one runtime under one subject, by metric. */
type Lives = ReadonlyMap<string, ValueRow>;

/** All runtimes of one subject that restored its service. */
interface RestorePage {
  readonly lives: readonly Lives[];
}

function pagesOf({ rows }: ReportContext): readonly RestorePage[] {
  const own = rows.filter(hasValue).filter(({ category }) => category === 'restore');
  return groupBy(own, subjectKey).flatMap((subject) => {
    const lives = groupBy(subject, ({ runtime }) => runtime)
      .map((ofRuntime) => new Map(ofRuntime.map((row) => [row.metric, row])))
      .filter((metrics) => metrics.has('restore.to_answer') && metrics.has('fresh.to_answer'));
    return paged(lives, maxPictures)
      .filter((some) => some.length > 0)
      .map((some) => ({ lives: some }));
  });
}

const ms = (ns: number) => ns / 1e6;

/** The two ways of one runtime to an answer, each with its parts; times in ms. */
function picture(lives: Lives, { t, lang }: ReportContext): readonly Waterfall[] {
  const whole = lives.get('restore.to_answer');
  const fresh = lives.get('fresh.to_answer');
  if (whole === undefined || fresh === undefined) return [];
  const title = chartName(whole.runtime);
  const total = (row: ValueRow, name: string, kind: 'begin' | 'end', saving?: ValueRow): WaterfallStep => {
    const time = formatEstimate({ value: row.median, low: null, high: null }, 'ns', lang);
    const estimate = saving && { value: saving.median, low: saving.ciLow, high: saving.ciHigh };
    const label = estimate
      ? t(words.saved({ label: time, saving: formatEstimate(estimate, 'ns', lang) }))
      : time;
    return {
      name,
      kind,
      from: 0,
      to: ms(row.median),
      label,
      tip: `${title}\n${name}: ${label}\nn = ${row.n}`,
      ...(row.ciLow === null || row.ciHigh === null ? {} : { interval: [ms(row.ciLow), ms(row.ciHigh)] }),
    };
  };
  const part = (name: string, from: number, ns: number, color: string): WaterfallStep => {
    const label = formatDifference({ value: ns, low: null, high: null }, 'ns', lang);
    // The tail of fast answers can be negative: it is named, and not drawn below zero.
    const to = Math.max(0, from + ns);
    return {
      name,
      color,
      kind: ns < 0 ? 'less' : 'more',
      from: ms(from),
      to: ms(to),
      label,
      tip: `${title}\n${name}: ${label}`,
    };
  };
  const parts = (
    life: 'fresh' | 'restore',
    until: number,
    names: readonly [call: string, answer: string, tail: string],
  ) => {
    const call = lives.get(`${life}.call`)?.median;
    const tail = lives.get(`${life}.tail`)?.median;
    return [
      ...(call === undefined
        ? []
        : [part(names[0], 0, call, colors.call), part(names[1], call, until - call, colors.answer)]),
      ...(tail === undefined ? [] : [part(names[2], until, tail, colors.tail)]),
    ];
  };
  return [
    {
      title,
      runtime: whole.runtime,
      steps: [
        total(fresh, t(words.fresh), 'begin'),
        ...parts('fresh', fresh.median, [t(words.startCall), t(words.warmUp), t(words.freshTail)]),
        total(whole, t(words.restore), 'end', lives.get('restore.saving')),
        ...parts('restore', whole.median, [t(words.restoreCall), t(words.answer), t(words.tail)]),
      ],
    },
  ];
}

/** Waterfalls of each runtime: a fresh start against a restore, each split into call, first answer and slower answers. */
export default defineChart<RestorePage>({
  id: 'restore',
  section: 'restore',
  order: 72,
  title: words.title,
  absent: words.absent,
  data(context) {
    const isMeasured = context.rows.some(({ category }) => category === 'restore');
    return isMeasured ? pagesOf(context) : null;
  },
  draw({ lives }, context) {
    const rows = lives.flatMap((one) => one.get('restore.to_answer') ?? []);
    const [first] = rows;
    return {
      caption: [
        words.caption({
          subject: first === undefined ? '' : plainText(subjectLabel(first)),
          confidence: context.confidence,
        }),
      ],
      runtimes: runtimesOf(rows, context),
      counts: rows.map(({ n }) => n),
      columns: 132,
      view: waterfalls(
        context,
        lives.flatMap((one) => picture(one, context)),
        {
          title: chartWords.timeAxis({ unit: 'ms' }),
          onScale: lives.flatMap((one) => picture(one, context)),
          // The axis takes equal names as one: each step has its own.
          names: 188,
        },
      ),
    };
  },
});
