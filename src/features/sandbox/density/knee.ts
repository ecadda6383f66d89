import type { Message } from '../../../core/messages/message.ts';
import { absent, present } from '../../../core/metrics/figure.ts';
import type { Figure } from '../../../core/model/trial.ts';
import type { Step } from './step.ts';

/**
 * Why no more sandboxes were added.
 * - `memory`, `threads`, `files`: what the host keeps in reserve was reached
 * - `stalls`: tasks waited for memory; `cpu`: for a CPU
 * - `engine`, `starts`: starting took too long, for the engine needed more CPU time for each, or for another reason
 * - `answers`: answers took too long
 * - `failed`: the runtime or the engine could not start one; `died`, `oom`: one ended by itself
 * - `end`: all that the test adds run
 */
export const causes = [
  ...(['memory', 'threads', 'files', 'stalls', 'cpu', 'engine', 'starts', 'answers'] as const),
  ...(['failed', 'died', 'oom', 'end'] as const),
];
export type KneeCause = (typeof causes)[number];

/** A limit that does not hold any more, and what was measured, in one unit. */
export interface Broken {
  readonly cause: KneeCause;
  readonly measured: number;
  readonly limit: number;
}

/** The objectives; times in ns, the others shares of time. */
export const objectives = {
  /** A start may take this many times as long as the median of the first step, and in any case `startNs`. */
  startTimes: 3,
  startNs: 1e9,
  /** CPU time of the engine for a start that has grown this many times: it is the engine that is slow. */
  engineTimes: 2,
  cpuPressure: 0.5,
  /** Waiting for a CPU counts where the sandboxes use this share of all: else others keep them busy. */
  ownCpu: 0.5,
  memoryPressure: 0.1,
  /** An answer may take this many times as long as in the first step, and in any case `answerNs`. */
  answerTimes: 3,
  answerNs: 20e6,
} as const;

/** The objective that the last of the steps misses; null where it meets all that could be read. `cpus`: of the host. */
export function missedBy(steps: readonly Step[], cpus: number): Broken | null {
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return null;
  const { startTimes, startNs, engineTimes, memoryPressure, answerTimes, answerNs } = objectives;
  const isBusy = (last.cpu ?? 0) > objectives.ownCpu * cpus;
  const above = (cause: KneeCause, measured: number | undefined, limit: number): readonly Broken[] =>
    measured !== undefined && measured > limit ? [{ cause, measured, limit }] : [];
  const grew = (last.engineStart ?? 0) > engineTimes * (first.engineStart ?? Number.POSITIVE_INFINITY);
  return (
    [
      ...above('stalls', last.memoryPressure, memoryPressure),
      ...above('answers', last.answerP95, Math.max(answerNs, answerTimes * (first.answerP95 ?? 0))),
      ...(isBusy ? above('cpu', last.cpuPressure, objectives.cpuPressure) : []),
      ...above(
        grew ? 'engine' : 'starts',
        last.startP95,
        Math.max(startNs, startTimes * (first.startMedian ?? 0)),
      ),
    ][0] ?? null
  );
}

/** Where adding ended. */
export interface Knee {
  readonly cause: KneeCause;
  /** Sandboxes that ran when every objective was met for the last time. */
  readonly fit: number;
  /** Absent where nothing was exceeded. */
  readonly measured?: number;
  readonly limit?: number;
  /** Why a start failed. */
  readonly failure?: Message;
}

/** The figures `knee.<cause>`, and what explains it. */
export function kneeFigures({
  cause,
  fit,
  measured,
  limit,
  failure,
}: Knee): Readonly<Record<string, Figure>> {
  const source = 'ocibench';
  return {
    [`knee.${cause}`]: present(fit, source),
    ...(measured === undefined ? {} : { 'broken.measured': present(measured, source) }),
    ...(limit === undefined ? {} : { 'broken.limit': present(limit, source) }),
    ...(failure === undefined ? {} : { 'broken.failure': absent(failure) }),
  };
}

/** The knee of a trial; null where it has none. */
export function kneeIn(figures: Readonly<Record<string, Figure>>): Pick<Knee, 'cause' | 'fit'> | null {
  for (const cause of causes) {
    const figure = figures[`knee.${cause}`];
    if (figure !== undefined && 'value' in figure) return { cause, fit: figure.value };
  }
  return null;
}
