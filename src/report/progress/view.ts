import { joined } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Lang, Message } from '../../core/messages/message.ts';
import { translate } from '../../core/messages/translate.ts';
import { formatPercent } from '../document/format.ts';
import { subjectLabel } from '../document/labels.ts';
import { terminalText } from '../document/sanitize.ts';
import { columnsOf, fitColumns, spreadColumns } from '../document/terminal-columns.ts';
import { cutMiddle } from '../document/wrap.ts';
import type { Paint } from '../tables/terminal-summary.ts';
import { words as common } from '../words/common.ts';
import { noiseFlagName } from '../words/noise-flag.ts';
import { verdictNames } from '../words/verdict.ts';
import { categoryLines, costSoFar, uncertainLines } from './estimates.ts';
import { blockName, failureLine, formatClock, type RunState, subjectsOf, timeLeft } from './lines.ts';

const words = messages('progress', {
  now: 'now: {cell}',
  soFar: 'so far: {cost} relative to {baseline}',
  noRatio: 'no ratio yet',
  costs: 'Cost relative to {baseline} so far, by category (above 1×: costs more)',
  uncertain: 'Least certain so far (± half the interval; target)',
  disturbed: '{trials} of {all} trials disturbed: {by}',
});

interface ViewOptions {
  readonly lang: Lang;
  /** Width of the terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
}

/** Maximum size: a larger view is not readable at a glance. */
const maxColumns = 100;
const maxRows = 22;
const maxUncertain = 8;

/** Elapsed time from which the view shows it for the current cell, ms. */
const worthTelling = 2000;

/**
 * Live view of a run: progress, the current trial, estimates so far, and warnings. At most `rows - 1` lines, because the
 * cursor waits below them; none is wider than the terminal.
 */
export function liveView(state: RunState, options: ViewOptions): readonly string[] {
  // The last column stays free: some terminals wrap when it is written.
  const columns = Math.max(1, Math.min(options.columns - 1, maxColumns));
  const rows = Math.max(1, Math.min(options.rows - 1, maxRows));
  const top = header(state, columns, options);
  const bottom = warnings(state, columns, options);
  const room = rows - top.length - bottom.length;
  const all = [...top, ...known(state, columns, room, options), ...bottom];
  return all.slice(0, rows);
}

function header(state: RunState, columns: number, { lang, paint }: ViewOptions): string[] {
  const time = `${formatClock(state.elapsedMs)} · ${translate(timeLeft(state.left, lang), lang)}`;
  const what = [blockName(state), subjectsOf(state.subjects)].map((one) => translate(one, lang)).join(' · ');
  return [
    paint('bold', spreadColumns(what, time, columns)),
    bar(state, columns, lang),
    ...now(state, columns, lang, paint),
  ];
}

/** Progress bar: full up to the minimum progress, hatched up to the maximum. */
function bar({ elapsedMs, left }: RunState, columns: number, lang: Lang): string {
  const share = (leftMs: number) => (elapsedMs <= 0 ? 0 : elapsedMs / (elapsedMs + leftMs));
  const least = share(left.maxMs);
  const most = left.minMs > 0 ? share(left.minMs) : least;
  const [low, high] = [Math.floor(least * 100), Math.floor(most * 100)];
  const percent = formatPercent(high / 100, lang);
  const text = left.minMs <= 0 ? `≥ ${percent}` : low === high ? percent : `${low}–${percent}`;
  const width = columns - columnsOf(text) - 1;
  if (width < 1) return fitColumns(text, columns);
  const full = Math.round(least * width);
  const hatched = Math.round(most * width) - full;
  return `${'█'.repeat(full)}${'▒'.repeat(hatched)}${'░'.repeat(width - full - hatched)} ${text}`;
}

function now(state: RunState, columns: number, lang: Lang, paint: Paint): string[] {
  const { current, trials, baseline, estimates } = state;
  if (current === null) return [];
  const { cell, elapsedMs } = current;
  const waited = elapsedMs < worthTelling ? '' : ` · ${formatClock(elapsedMs)}`;
  const progress = `${trials.begun}/${trials.all}${waited}`;
  const name = cutMiddle(terminalText(cell.runtime, 60), 24);
  const what = words.now({ cell: `${name} ${terminalText(subjectLabel(cell), 200)}` });
  const cost = costSoFar(estimates, cell, lang);
  const soFar =
    cell.runtime === baseline
      ? verdictNames.baseline
      : cost === null
        ? words.noRatio
        : words.soFar({ cost, baseline: terminalText(baseline, 24) });
  return [
    spreadColumns(translate(what, lang), progress, columns),
    paint('dim', fitColumns(`  ${translate(soFar, lang)}`, columns)),
  ];
}

/** The current estimates, on at most `room` lines. */
function known(
  { estimates, baseline }: RunState,
  columns: number,
  room: number,
  { lang, paint }: ViewOptions,
): string[] {
  const lines: string[] = [];
  const title = (text: Message) => ['', paint('dim', fitColumns(translate(text, lang), columns))];
  const middles = categoryLines(estimates, columns, lang);
  if (middles.length > 0 && middles.length + 2 <= room)
    lines.push(...title(words.costs({ baseline: terminalText(baseline, 24) })), ...middles);
  const count = Math.min(maxUncertain, room - lines.length - 2);
  const uncertain = uncertainLines(estimates, { columns, count }, lang);
  if (uncertain.length > 0)
    lines.push(...title(words.uncertain), ...uncertain.map((text) => fitColumns(text, columns)));
  return lines;
}

function warnings(state: RunState, columns: number, { lang, paint }: ViewOptions): string[] {
  const { disturbed, leaked, failed, lastFailure, ended } = state;
  const line = (style: 'yellow' | 'red', sign: string, ...clauses: readonly Message[]) =>
    paint(style, fitColumns(`${sign} ${translate(joined(clauses, 'semicolon'), lang)}`, columns));
  const lines: string[] = [];
  if (disturbed.trials > 0) {
    const by = terminalText(
      disturbed.flags.map((flag) => translate(noiseFlagName(flag), lang)).join(', '),
      80,
    );
    lines.push(line('yellow', '!', words.disturbed({ trials: disturbed.trials, all: ended, by })));
  }
  if (leaked.processes > 0) lines.push(line('yellow', '!', common.leaked(leaked)));
  if (lastFailure !== null)
    lines.push(line('red', '✗', common.failed({ n: failed }), failureLine(lastFailure, lang)));
  return lines.length === 0 ? [] : ['', ...lines];
}
