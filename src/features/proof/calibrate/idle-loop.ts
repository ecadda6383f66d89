import { measureBlocks } from '../../../core/measure/execute/run-loop.ts';
import { shuffle } from '../../../core/measure/schedule/block.ts';
import type { Message } from '../../../core/messages/message.ts';
import { failuresInARow } from '../../../core/model/given-up.ts';
import { seededRandom } from '../../../core/model/prng.ts';
import { saidBy } from '../../../core/model/said.ts';
import type { CalibrationCheck, IdleMemoryRecord } from './calibration.ts';
import { type IdleOutcome, type IdleRound, judgeIdleMemory, settleMs } from './idle-round.ts';
import { withNeeds } from './loop.ts';

/** What one round measures; `name` is unique. */
type RoundPlan = Pick<IdleRound, 'runtimes' | 'name' | 'count'>;

/** Input of all rounds. */
export interface IdleLoop {
  readonly runtimes: readonly string[];
  /** Why there is no bill here, so that no round is measured; null where there is. */
  readonly absent: Message | null;
  /** Sandboxes of each runtime that a round may have, largest number first. */
  readonly counts: readonly number[];
  readonly seed: number;
  readonly minRounds: number;
  readonly maxRounds: number;
  readonly warmUp: (plan: RoundPlan) => Promise<readonly IdleOutcome[]>;
  readonly measureRound: (plan: RoundPlan) => Promise<readonly IdleOutcome[]>;
  readonly interrupt: AbortSignal;
  /** Called after each round; round 0 is the warm-up. `open`: runtimes whose checks are not settled. */
  readonly onRound: (round: number, open: readonly string[]) => void;
  /** ms, monotonic. */
  readonly now: () => number;
}

/** The rounds of a calibration, which may be measured in several parts. */
export interface IdleMemoryRounds {
  /**
   * Measures rounds while they fit. `beginMs`: time that the least number of rounds may take, or none is begun; `leftMs`: all
   * the time there is, in which rounds that were begun go on.
   */
  measure(time: { readonly beginMs: number; readonly leftMs: number }): Promise<void>;
  result(): { readonly checks: readonly CalibrationCheck[]; readonly bills: readonly IdleMemoryRecord[] };
}

/**
 * A check that needs this many times the planned rounds is given up, in favour of others: even half the scatter would not
 * settle it.
 */
const hopeless = 4;

/**
 * A warm-up, then rounds over all runtimes in random order, until every check is settled or hopeless, or rounds are used up, or
 * time. A round has as many sandboxes as leave time for the least number of rounds: six rounds of few tell something, and fewer
 * of many tell nothing. Failed rounds are counted and named in their check.
 */
export function idleMemory(loop: IdleLoop): IdleMemoryRounds {
  const { runtimes, absent, counts, minRounds, maxRounds, now } = loop;
  const bills: IdleMemoryRecord[] = [];
  const failures = new Map<string, Message[]>(runtimes.map((runtime) => [runtime, []]));
  const fewest = counts.at(-1) ?? 1;
  let open = absent === null ? runtimes : [];
  let next = 0;
  let count = fewest;
  let warmUpMs = 0;
  let roundMs = 0;
  const standing = (runtime: string) =>
    judgeIdleMemory(
      runtime,
      count,
      bills.filter((bill) => bill.runtime === runtime),
      { failures: failures.get(runtime) ?? [], absent },
    );
  const isOpen = (runtime: string, round: number) => {
    const { check, pairs, settled, pairsToSettle } = standing(runtime);
    if (check.n === 0 && pairs >= failuresInARow) return false;
    if ((pairsToSettle ?? 0) > hopeless * maxRounds) return false;
    return round < minRounds || settled === null;
  };
  const add = (round: number, outcome: IdleOutcome) => {
    if ('memory' in outcome) bills.push({ runtime: outcome.runtime, round, ...outcome.memory });
    else failures.get(outcome.runtime)?.push(outcome.failure);
  };
  const missingMs = () => Math.max(1, minRounds + 1 - next) * roundMs;
  /** Duration of a round of so many sandboxes, by that of the warm-up, which waits for nothing. */
  const guessedMs = (sandboxes: number) => warmUpMs * (sandboxes / fewest) + (runtimes.length + 1) * settleMs;

  async function measure({ beginMs, leftMs }: { readonly beginMs: number; readonly leftMs: number }) {
    const started = now();
    const left = (ofMs: number) => ofMs - (now() - started);
    const isLate = (ofMs: number) => missingMs() > left(ofMs);
    await measureBlocks({
      next() {
        if (open.length === 0 || next > maxRounds) return null;
        if (next === 1) {
          count = counts.find((each) => minRounds * guessedMs(each) <= left(beginMs)) ?? fewest;
          roundMs = guessedMs(count);
        }
        if (next > 0 && isLate(next === 1 ? beginMs : leftMs)) return null;
        return next++;
      },
      itemsOf: (round) => [shuffle(open, seededRandom(`${loop.seed}:bill:${round}`))],
      async measure(some, round) {
        const begin = now();
        const plan = { runtimes: some, name: `bill${round}`, count };
        try {
          const outcomes = await (round === 0 ? loop.warmUp(plan) : loop.measureRound(plan));
          // A round that an interrupt ended has not failed.
          if (loop.interrupt.aborted) return;
          for (const outcome of outcomes) add(round, outcome);
        } catch (error) {
          for (const runtime of some) failures.get(runtime)?.push(saidBy(error));
        }
        if (round === 0) warmUpMs = now() - begin;
        else roundMs = now() - begin;
      },
      isCutOff: () => loop.interrupt.aborted || left(leftMs) <= 0,
      onBlockEnd(round) {
        open = open.filter((runtime) => isOpen(runtime, round));
        loop.onRound(round, open);
      },
    });
  }

  return {
    measure,
    result: () => ({
      checks: runtimes.map((runtime) => withNeeds(standing(runtime), roundMs / runtimes.length)),
      bills,
    }),
  };
}
