import { external, joined, listed } from '../../core/messages/compose.ts';
import { messages } from '../../core/messages/define.ts';
import type { Lang, Message } from '../../core/messages/message.ts';
import { formatNumber, numberLocales } from '../../core/messages/number.ts';
import { localized } from '../../core/messages/record.ts';
import { formatValue } from '../format.ts';
import { subjectLabel } from '../labels.ts';
import { terminalText } from '../sanitize.ts';
import { words as common } from '../words/common.ts';
import { stepNames } from '../words/step.ts';
import { stopReasonName } from '../words/stop-reason.ts';
import { formatClock, formatLimit, timeLeft } from './duration.ts';
import type { Failure, RunState } from './state.ts';

const words = messages('progress', {
  begin: 'Measuring {subjects} under {runtimes}: {blocks} blocks after the warm-up, {limit} at most.',
  warmup: 'warm-up',
  block: 'block {block} of {max}',
  blockBeyond: 'block {block}',
  blockBetween: 'block {block} of {min} to {max}',
  subjects: '{measured} of {all} subjects',
  blockEnded: '{block}: {trials} {trials, plural, one {trial} other {trials}} in {took}',
  at: '{clock}  {what}',
  failedWhile: 'failed: {cell}: {step}: {why}',
  unsupported: 'not supported: {cell}: {why}',
  indented: '  {line}',
  ended: '{trials} {trials, plural, one {trial} other {trials}} in {took}; ended by: {reason}.',
});

/** `warm-up`, `block 7 of 8–20`. Blocks are counted per subject, and a run with many subjects has more than each of them. */
export function blockName({
  block: { number: block, phase, least: min, most: max },
}: Pick<RunState, 'block'>): Message {
  if (phase === 'warmup') return words.warmup;
  if (block > max) return words.blockBeyond({ block });
  return min === max ? words.block({ block, max }) : words.blockBetween({ block, min, max });
}

/** `44 subjects`, or `12 of 44 subjects` where a block leaves some out. */
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
      const why = common.timedOut({ limit: formatValue(outcome.limitMs * 1e6, 'ns', lang) });
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
