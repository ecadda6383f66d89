import type { Message } from '../../../core/messages/message.ts';
import { absent, present } from '../../../core/metrics/figure.ts';
import type { Figure } from '../../../core/model/trial/trial.ts';
import type { Step } from './step.ts';

/**
 * Why no more sandboxes were added.
 * - `memory`, `threads`, `files`: what the host keeps in reserve was reached
 * - `stalls`: tasks waited for memory; `cpu`: for a CPU
 * - `engine`, `starts`: starting took too long, for the engine needed more CPU time for each, or for another reason
 * - `answers`: answers took too long, or did not come
 * - `failed`: the runtime or the engine could not start one; `died`, `oom`: one ended by itself
 * - `time`: starting took as long as it may; `end`: all that the test adds run
 */
export const causes = [
  ...(['memory', 'threads', 'files', 'stalls', 'cpu', 'engine', 'starts', 'answers'] as const),
  ...(['failed', 'died', 'oom', 'time', 'end'] as const),
];
export type KneeCause = (typeof causes)[number];

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
  /** Waiting for memory counts where the sandboxes took this share of all: else others took it. */
  ownMemory: 0.1,
  /** An answer may take this many times as long as in the first step, and in any case `answerNs`. */
  answerTimes: 3,
  answerNs: 20e6,
} as const;

/** What the host has: CPUs, and memory in bytes, null where unknown. */
interface Host {
  readonly cpus: number;
  readonly memory: number | null;
}

/** May a start take this long? `first`: the first step, of which the median is the measure. */
export function isSlowStart(ns: number, first: Step): boolean {
  const { startNs, startTimes } = objectives;
  return ns > Math.max(startNs, startTimes * (first.startMedian ?? 0));
}

/** The objective that the last of the steps misses; null where it meets all that could be read. */
export function missedBy(steps: readonly Step[], { cpus, memory }: Host): KneeCause | null {
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return null;
  const { engineTimes, memoryPressure, ownMemory, answerTimes, answerNs, ownCpu } = objectives;
  const isBusy = (last.cpu ?? 0) > ownCpu * cpus;
  const isLarge = (last.available ?? 0) > ownMemory * (memory ?? Number.POSITIVE_INFINITY);
  const grew = (last.engineStart ?? 0) > engineTimes * (first.engineStart ?? Number.POSITIVE_INFINITY);
  const start = last.startP95 ?? last.startMedian ?? 0;
  if (isLarge && (last.memoryPressure ?? 0) > memoryPressure) return 'stalls';
  const answer = last.answerP95 ?? 0;
  const isSlowAnswer = answer > Math.max(answerNs, answerTimes * (first.answerP95 ?? 0));
  if (isSlowAnswer || answer === Number.POSITIVE_INFINITY) return 'answers';
  if (isBusy && (last.cpuPressure ?? 0) > objectives.cpuPressure) return 'cpu';
  return isSlowStart(start, first) ? (grew ? 'engine' : 'starts') : null;
}

/** Where adding ended. */
export interface Knee {
  readonly cause: KneeCause;
  /** Sandboxes that ran when every objective was met for the last time. */
  readonly fit: number;
  /** Sandboxes that were started when one was missed; absent where adding ended before that. */
  readonly missed?: number;
  /** Why a start failed. */
  readonly failure?: Message;
}

/** The figures `knee.<cause>`, and what explains it. */
export function kneeFigures({ cause, fit, missed, failure }: Knee): Readonly<Record<string, Figure>> {
  const source = 'ocibench';
  return {
    [`knee.${cause}`]: present(fit, source),
    ...(missed === undefined ? {} : { 'broken.count': present(missed, source) }),
    ...(failure === undefined ? {} : { 'broken.failure': absent(failure) }),
  };
}

/** The knee of a trial; null where it has none. */
export function kneeIn(figures: Readonly<Record<string, Figure>>): Omit<Knee, 'failure'> | null {
  const broken = figures['broken.count'];
  const missed = broken !== undefined && 'value' in broken ? { missed: broken.value } : {};
  for (const cause of causes) {
    const figure = figures[`knee.${cause}`];
    if (figure !== undefined && 'value' in figure) return { cause, fit: figure.value, ...missed };
  }
  return null;
}
