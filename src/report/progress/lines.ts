import { external, joined, listed } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Lang, Message } from '../../core/messages/message.ts';
import { formatNumber, numberLocales } from '../../core/messages/number.ts';
import { localized } from '../../core/messages/record.ts';
import type { SummaryRow } from '../../core/model/analysis/analysis.ts';
import type { TimeLeft } from '../../core/model/run/sampling.ts';
import type { Cell } from '../../core/model/trial/cell.ts';
import type { TrialPhase, TrialRecord } from '../../core/model/trial/trial.ts';
import { formatValue } from '../document/format.ts';
import { subjectLabel } from '../document/labels.ts';
import { terminalText } from '../document/sanitize.ts';
import { words as common } from '../words/common.ts';
import { stepNames, stopReasonName, timedOutAfter } from '../words/step.ts';

/** The headline ratio of a cell so far. */
export interface Estimate
  extends Pick<
    SummaryRow,
    | 'runtime'
    | 'profile'
    | 'layer'
    | 'engine'
    | 'workload'
    | 'params'
    | 'category'
    | 'better'
    | 'ratio'
    | 'ratioCiLow'
    | 'ratioCiHigh'
  > {
  /** Half the width of the interval as a fraction of the ratio; null without an interval. */
  readonly halfWidth: number | null;
  /** Half-width at which the cell is precise enough. */
  readonly target: number;
}

/** A trial without the intended result. */
export type Failure = Pick<TrialRecord, 'cell' | 'outcome'>;

/** Progress of a run at an instant. Times are ms. */
export interface RunState {
  readonly baseline: string;
  /** Includes earlier sessions of a resumed run. */
  readonly elapsedMs: number;
  readonly left: TimeLeft;
  readonly block: {
    readonly number: number;
    readonly phase: TrialPhase;
    readonly least: number;
    readonly most: number;
  };
  /** Numbers of trials of the block: started, and all. */
  readonly trials: { readonly begun: number; readonly all: number };
  /** Numbers of subjects: of the block, and all. */
  readonly subjects: { readonly measured: number; readonly all: number };
  readonly current: { readonly cell: Cell; readonly elapsedMs: number } | null;
  readonly estimates: readonly Estimate[];
  /** Number of ended trials of the session. */
  readonly ended: number;
  readonly failed: number;
  readonly lastFailure: Failure | null;
  /** Number of trials measured while the host was disturbed, and their noise flags. */
  readonly disturbed: { readonly trials: number; readonly flags: readonly string[] };
  /** Number of processes that runtimes left behind, and of the trials concerned. */
  readonly leaked: { readonly processes: number; readonly trials: number };
}

const durationWords = messages('progress', { left: '{min}–{max} left', leftAtMost: 'at most {max} left' });

interface Step {
  readonly unit: string;
  readonly ms: number;
  readonly decimals: number;
}

function stepFor(ms: number): Step {
  if (ms < 120_000) return { unit: 's', ms: 1000, decimals: 0 };
  return ms < 90 * 60_000
    ? { unit: 'min', ms: 60_000, decimals: 0 }
    : { unit: 'h', ms: 3_600_000, decimals: 1 };
}

/** A duration in the step's unit. `round` widens the range, so that it never promises more than was computed. */
function inStep(ms: number, step: Step, round: (value: number) => number): number {
  const factor = 10 ** step.decimals;
  return round((ms / step.ms) * factor) / factor;
}

/** `12:31`, `1:02:31`: elapsed time, the same in every language. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}:${two(seconds % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

/** `25 min`, `1,5 h`: a limit, rounded up. */
export function formatLimit(ms: number, lang: Lang): string {
  const step = stepFor(ms);
  const number = formatNumber(inStep(ms, step, Math.ceil), step.decimals, lang);
  return `${number}${numberLocales[lang].unitSpace}${step.unit}`;
}

/** `8–21 min left`, or `at most 21 min left` without a better estimate. */
export function timeLeft({ minMs, maxMs }: TimeLeft, lang: Lang): Message {
  const step = stepFor(maxMs);
  const min = inStep(minMs, step, Math.floor);
  const max = formatLimit(maxMs, lang);
  return min === 0
    ? durationWords.leftAtMost({ max })
    : durationWords.left({ min: formatNumber(min, step.decimals, lang), max });
}

const words = messages('progress', {
  begin: 'Measuring {subjects} under {runtimes}: {blocks} blocks after the warm-up, {limit} at most.',
  warmup: 'warm-up',
  block: 'block {block} of {max}',
  blockBeyond: 'block {block}',
  blockBetween: 'block {block} ({min}–{max})',
  subjects: '{measured} of {all} tests still open',
  blockEnded: '{block}: {trials} {trials, plural, one {trial} other {trials}} in {took}',
  at: '{clock}  {what}',
  failedWhile: 'failed: {cell}: {step}: {why}',
  unsupported: 'not supported: {cell}: {why}',
  indented: '  {line}',
  ended: '{trials} {trials, plural, one {trial} other {trials}} in {took}; stopped {reason}.',
});

/** `warm-up`, `block 7 of 8–20`. Blocks are counted per subject, and a run with many subjects has more than each of them. */
export function blockName({
  block: { number: block, phase, least: min, most: max },
}: Pick<RunState, 'block'>): Message {
  if (phase === 'warmup') return words.warmup;
  if (block > max) return words.blockBeyond({ block });
  return min === max ? words.block({ block, max }) : words.blockBetween({ block, min, max });
}

/** `44 subjects`, or `12 of 44 subjects` if a block leaves some out. */
export function subjectsOf({ measured, all }: RunState['subjects']): Message {
  return measured === all
    ? common.subjects({ count: String(all), n: all })
    : words.subjects({ measured, all });
}

/** Line for a finished block, with the time left; null for the last one. */
export function blockLine(
  ended: { readonly state: RunState; readonly tookMs: number; readonly failed: number },
  next: RunState | null,
  lang: Lang,
): Message {
  const { state, tookMs, failed } = ended;
  const took = `${formatNumber(tookMs / 1000, 1, lang)}${numberLocales[lang].unitSpace}s`;
  const parts = [
    words.blockEnded({ block: blockName(state), trials: state.trials.begun, took }),
    ...(failed === 0 ? [] : [common.failed({ n: failed })]),
  ];
  const more = next === null ? [] : [subjectsOf(next.subjects), timeLeft(next.left, lang)];
  return words.at({
    clock: formatClock(state.elapsedMs),
    what: joined([joined(parts, 'comma'), ...more], 'semicolon'),
  });
}

/** One line on why a trial has no value; external text in it is made plain. */
export function failureLine({ cell, outcome }: Failure, lang: Lang): Message {
  const name = terminalText(`${cell.runtime} ${subjectLabel(cell)}`, 160);
  switch (outcome.status) {
    case 'unsupported':
      return words.unsupported({
        cell: name,
        why: terminalText(localized(outcome, 'reason', lang).text, 300),
      });
    case 'timed-out': {
      const why = timedOutAfter(outcome.step, formatValue(outcome.limitMs * 1e6, 'ns', lang));
      return words.failedWhile({ cell: name, step: stepNames[outcome.step], why });
    }
    case 'failed': {
      const why = terminalText(localized(outcome.error, 'message', lang).text, 300);
      return words.failedWhile({ cell: name, step: stepNames[outcome.step], why });
    }
    default:
      return external(name);
  }
}

/** Indents a line that belongs to a block, printed before the block's own line. */
export function indented(line: Message): Message {
  return words.indented({ line });
}

/** Line before the first block. */
export function beginLine(
  schedule: {
    readonly subjects: number;
    readonly runtimes: readonly string[];
    readonly minBlocks: number;
    readonly maxBlocks: number;
    readonly maxTimeMs: number;
  },
  lang: Lang,
): Message {
  const { subjects, runtimes, minBlocks, maxBlocks, maxTimeMs } = schedule;
  return words.begin({
    subjects: subjectsOf({ measured: subjects, all: subjects }),
    runtimes: listed(
      runtimes.map((name) => terminalText(name, 60)),
      'and',
    ),
    blocks: minBlocks === maxBlocks ? String(maxBlocks) : `${minBlocks}–${maxBlocks}`,
    limit: formatLimit(maxTimeMs, lang),
  });
}

/** Line after the last block. */
export function endLine(state: RunState, reason: string): Message {
  return words.ended({
    trials: state.ended,
    took: formatClock(state.elapsedMs),
    reason: stopReasonName(reason),
  });
}
