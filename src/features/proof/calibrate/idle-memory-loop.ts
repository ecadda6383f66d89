import { measureBlocks } from '../../../core/measure/execute/block-loop.ts';
import { shuffle } from '../../../core/measure/schedule/shuffle.ts';
import type { Message } from '../../../core/messages/message.ts';
import { failuresInARow } from '../../../core/model/given-up.ts';
import { seededRandom } from '../../../core/model/prng.ts';
import { saidBy } from '../../../core/model/said.ts';
import type { CalibrationCheck, IdleMemoryRecord } from './calibration.ts';
import { judgeIdleMemory } from './idle-bill.ts';
import { type IdleOutcome, type IdleRound, measureIdleRound, warmUpIdle } from './idle-round.ts';
import { withNeeds } from './needs.ts';

/** What the rounds share. */
export interface IdleMemoryLoop extends Pick<IdleRound, 'engine' | 'place' | 'image' | 'interrupt'> {
  readonly runtimes: readonly string[];
  /** Sandboxes of each runtime. */
  readonly count: number;
  readonly seed: number;
  readonly minRounds: number;
  readonly maxRounds: number;
  readonly maxTimeMs: number;
  /** A round has ended; 0 is the warm-up. `open`: runtimes whose checks are not settled. */
  readonly onRound: (round: number, open: readonly string[]) => void;
  /** ms, monotonic. */
  readonly now: () => number;
}

/**
 * A check that needs this many times the rounds that there are is given up: its time serves others. Half the scatter would not
 * be enough for it.
 */
const hopeless = 4;

/**
 * Run rounds of {@link measureIdleRound} over all runtimes in random order after a warm-up, until every check is settled or
 * hopeless, or rounds or time are used up. A failed round is counted and named in its check.
 */
export async function runIdleMemory(
  loop: IdleMemoryLoop,
): Promise<{ readonly checks: readonly CalibrationCheck[]; readonly bills: readonly IdleMemoryRecord[] }> {
  const bills: IdleMemoryRecord[] = [];
  const failures = new Map<string, Message[]>(loop.runtimes.map((runtime) => [runtime, []]));
  const standing = (runtime: string) =>
    judgeIdleMemory(
      runtime,
      loop.count,
      bills.filter((bill) => bill.runtime === runtime),
      failures.get(runtime) ?? [],
    );
  const isOpen = (runtime: string, round: number) => {
    const { check, pairs, settled, pairsToSettle } = standing(runtime);
    if (check.n === 0 && pairs >= failuresInARow) return false;
    if (round < loop.minRounds) return true;
    return settled === null && (pairsToSettle ?? 0) <= hopeless * loop.maxRounds;
  };
  const started = loop.now();
  let open = loop.runtimes;
  let next = 0;
  let roundMs = 0;
  const add = (round: number, outcome: IdleOutcome) => {
    if ('memory' in outcome) bills.push({ runtime: outcome.runtime, round, ...outcome.memory });
    else failures.get(outcome.runtime)?.push(outcome.failure);
  };
  await measureBlocks({
    next: () => (next > loop.maxRounds || open.length === 0 ? null : next++),
    itemsOf: (round) => [shuffle(open, seededRandom(`${loop.seed}:bill:${round}`))],
    async measure(runtimes, round) {
      const begin = loop.now();
      const options = { ...loop, runtimes, name: `bill${round}` };
      try {
        const outcomes = round === 0 ? await warmUpIdle(options) : await measureIdleRound(options);
        // What an interrupt ends has not failed.
        if (loop.interrupt.aborted) return;
        for (const outcome of outcomes) add(round, outcome);
      } catch (error) {
        for (const runtime of runtimes) failures.get(runtime)?.push(saidBy(error));
      }
      roundMs = (loop.now() - begin) / runtimes.length;
    },
    isCutOff: () => loop.interrupt.aborted || loop.now() - started > loop.maxTimeMs,
    onBlockEnd(round) {
      open = open.filter((runtime) => isOpen(runtime, round));
      loop.onRound(round, open);
    },
  });
  return { checks: loop.runtimes.map((runtime) => withNeeds(standing(runtime), roundMs)), bills };
}
