import type { Lang } from '../../messages/message.ts';
import { formatPercent } from '../format.ts';
import { subjectLabel } from '../labels.ts';
import { type Messages, messages } from '../messages/index.ts';
import { terminalText } from '../sanitize.ts';
import type { Paint } from '../table.ts';
import { cutMiddle } from '../wrap.ts';
import { columnsOf, fitColumns, spreadColumns } from './columns.ts';
import { formatClock, formatTimeLeft } from './duration.ts';
import { categoryLines, costSoFar, uncertainLines } from './estimates.ts';
import { blockName, failureLine, subjectsText } from './lines.ts';
import type { RunState } from './state.ts';

export interface ViewOptions {
  readonly lang: Lang;
  /** Of the terminal. */
  readonly columns: number;
  readonly rows: number;
  readonly paint: Paint;
}

/** Wider or higher than this it would no longer be taken in at a glance. */
const mostColumns = 100;
const mostRows = 22;
const mostUncertain = 8;

/** A cell shows how long it has taken from this time on, ms. */
const worthTelling = 2000;

/**
 * What a terminal shows of a run that goes on: how far it is, what is measured just now, what is known so far, and doubts.
 * At most `rows - 1` lines, because the cursor waits below them, none wider than the terminal.
 */
export function liveView(state: RunState, options: ViewOptions): readonly string[] {
  const m = messages(options.lang);
  // The last column stays free: some terminals wrap as soon as it is written.
  const columns = Math.max(1, Math.min(options.columns - 1, mostColumns));
  const rows = Math.max(1, Math.min(options.rows - 1, mostRows));
  const top = header(state, columns, options, m);
  const bottom = doubts(state, columns, options, m);
  const room = rows - top.length - bottom.length;
  const all = [...top, ...known(state, columns, room, options, m), ...bottom];
  return all.slice(0, rows);
}

function header(state: RunState, columns: number, { lang, paint }: ViewOptions, m: Messages): string[] {
  const time = `${formatClock(state.elapsedMs)} · ${formatTimeLeft(state.left, lang, m)}`;
  const what = `${blockName(state, m)} · ${subjectsText(state.subjects, m)}`;
  return [
    paint('bold', spreadColumns(what, time, columns)),
    bar(state, columns, lang),
    ...now(state, columns, lang, paint, m),
  ];
}

/** Full as far as the run is at least, hatched as far as it is at most. */
function bar({ elapsedMs, left }: RunState, columns: number, lang: Lang): string {
  const share = (leftMs: number) => (elapsedMs <= 0 ? 0 : elapsedMs / (elapsedMs + leftMs));
  const least = share(left.mostMs);
  const most = left.leastMs > 0 ? share(left.leastMs) : least;
  const [low, high] = [Math.floor(least * 100), Math.floor(most * 100)];
  const percent = formatPercent(high / 100, lang);
  const text = left.leastMs <= 0 ? `≥ ${percent}` : low === high ? percent : `${low}–${percent}`;
  const width = columns - columnsOf(text) - 1;
  if (width < 1) return fitColumns(text, columns);
  const full = Math.round(least * width);
  const hatched = Math.round(most * width) - full;
  return `${'█'.repeat(full)}${'▒'.repeat(hatched)}${'░'.repeat(width - full - hatched)} ${text}`;
}

function now(state: RunState, columns: number, lang: Lang, paint: Paint, m: Messages): string[] {
  const { current, trials, baseline, estimates } = state;
  if (current === null) return [];
  const { cell, elapsedMs } = current;
  const waited = elapsedMs < worthTelling ? '' : ` · ${formatClock(elapsedMs)}`;
  const progress = `${trials.begun}/${trials.all}${waited}`;
  const name = cutMiddle(terminalText(cell.runtime, 60), 24);
  const what = `${m.progress.now}${m.colon}${name} ${terminalText(subjectLabel(cell), 200)}`;
  const cost = costSoFar(estimates, cell, lang);
  const soFar =
    cell.runtime === baseline
      ? m.verdict.baseline
      : cost === null
        ? m.progress.noRatio
        : m.progress.soFar(cost, terminalText(baseline, 24));
  return [spreadColumns(what, progress, columns), paint('dim', fitColumns(`  ${soFar}`, columns))];
}

/** What is known so far, on at most `room` lines. */
function known(
  { estimates, baseline }: RunState,
  columns: number,
  room: number,
  { lang, paint }: ViewOptions,
  m: Messages,
): string[] {
  const lines: string[] = [];
  const title = (text: string) => ['', paint('dim', fitColumns(text, columns))];
  const means = categoryLines(estimates, columns, lang, m);
  if (means.length > 0 && means.length + 2 <= room)
    lines.push(...title(m.progress.costs(terminalText(baseline, 24))), ...means);
  const count = Math.min(mostUncertain, room - lines.length - 2);
  const uncertain = uncertainLines(estimates, { columns, count }, lang, m);
  if (uncertain.length > 0)
    lines.push(...title(m.progress.uncertain), ...uncertain.map((text) => fitColumns(text, columns)));
  return lines;
}

function doubts(state: RunState, columns: number, { lang, paint }: ViewOptions, m: Messages): string[] {
  const { disturbed, leaked, failed, lastFailure, ended } = state;
  const lines: string[] = [];
  if (disturbed.trials > 0)
    lines.push(
      paint(
        'yellow',
        fitColumns(
          `! ${m.progress.disturbed(disturbed.trials, ended, terminalText(disturbed.flags.join(', '), 80))}`,
          columns,
        ),
      ),
    );
  if (leaked.processes > 0)
    lines.push(paint('yellow', fitColumns(`! ${m.leakedText(leaked.processes, leaked.trials)}`, columns)));
  if (lastFailure !== null)
    lines.push(
      paint(
        'red',
        fitColumns(`✗ ${m.failedCount(failed)}${m.semicolon}${failureLine(lastFailure, lang, m)}`, columns),
      ),
    );
  return lines.length === 0 ? [] : ['', ...lines];
}
