import type { Lang } from '../../messages/message.ts';
import { formatNumber, numberLocales } from '../../messages/number.ts';
import { formatValue } from '../format.ts';
import { subjectLabel } from '../labels.ts';
import { lookup, type Messages } from '../messages/index.ts';
import { terminalText } from '../sanitize.ts';
import { formatClock, formatLimit, formatTimeLeft } from './duration.ts';
import type { Failure, RunState } from './state.ts';

/** `warm-up`, `block 7 of 8–20`. */
export function blockName({ block }: Pick<RunState, 'block'>, m: Messages): string {
  return block.phase === 'warmup'
    ? m.progress.warmup
    : m.progress.block(block.number, block.least, block.most);
}

/** `44 subjects`, or of a block that leaves some out `12 of 44 subjects`. */
export function subjectsText({ measured, all }: RunState['subjects'], m: Messages): string {
  return measured === all ? m.subjectsCount(String(all), all) : m.progress.subjects(measured, all);
}

/** A block that has ended, and what is left before the next one; null where no other follows. */
export function blockLine(
  ended: { readonly state: RunState; readonly tookMs: number; readonly failed: number },
  next: RunState | null,
  lang: Lang,
  m: Messages,
): string {
  const { state, tookMs, failed } = ended;
  const took = `${formatNumber(tookMs / 1000, 1, lang)}${numberLocales[lang].unitSpace}s`;
  const parts = [
    m.progress.blockEnded(blockName(state, m), state.trials.begun, took),
    ...(failed === 0 ? [] : [m.failedCount(failed)]),
  ];
  const more = next === null ? [] : [subjectsText(next.subjects, m), formatTimeLeft(next.left, lang, m)];
  return `${formatClock(state.elapsedMs)}  ${[parts.join(', '), ...more].join(m.semicolon)}`;
}

/** One line that tells why a trial has no value; what others said in it can do nothing but be read. */
export function failureLine({ cell, outcome }: Failure, lang: Lang, m: Messages): string {
  const name = terminalText(`${cell.runtime} ${subjectLabel(cell)}`, 160);
  if (outcome.status === 'unsupported')
    return m.progress.unsupported(name, terminalText(outcome.reason, 300));
  if (outcome.status === 'timed-out') {
    const after = m.timedOut(formatValue(outcome.limitMs * 1e6, 'ns', lang));
    return m.progress.failed(name, `${m.step[outcome.step]}${m.colon}${after}`);
  }
  if (outcome.status !== 'failed') return name;
  return m.progress.failed(
    name,
    `${m.step[outcome.step]}${m.colon}${terminalText(outcome.error.message, 300)}`,
  );
}

/** What is told before the first block. */
export function beginLine(
  plan: {
    readonly subjects: number;
    readonly runtimes: readonly string[];
    readonly minBlocks: number;
    readonly maxBlocks: number;
    readonly maxTimeMs: number;
  },
  lang: Lang,
  m: Messages,
): string {
  const { subjects, runtimes, minBlocks, maxBlocks, maxTimeMs } = plan;
  return m.progress.begin(
    m.subjectsCount(String(subjects), subjects),
    m.and(runtimes.map((name) => terminalText(name, 60))),
    minBlocks === maxBlocks ? String(maxBlocks) : `${minBlocks}–${maxBlocks}`,
    formatLimit(maxTimeMs, lang),
  );
}

/** What is told after the last one. */
export function endLine(state: RunState, reason: string, m: Messages): string {
  return m.progress.ended(state.ended, formatClock(state.elapsedMs), lookup(m.stopReason, reason) ?? reason);
}
