import { measureBlocks } from '../execute/block-loop.ts';
import type { Message } from '../messages/message.ts';
import type { CalibrationCheck, IdleMemoryRecord } from '../model/calibration.ts';
import { seededRandom } from '../model/prng.ts';
import { saidBy } from '../model/said.ts';
import { shuffle } from '../plan/shuffle.ts';
import { type IdleMemoryOptions, judgeIdleMemory, measureIdleMemory } from './idle-memory.ts';
import { isPrecise } from './judge.ts';

/** What the rounds of all runtimes share. */
export interface IdleMemoryLoop extends Pick<IdleMemoryOptions, 'engine' | 'place' | 'image' | 'interrupt'> {
  readonly runtimes: readonly string[];
  readonly sandboxes: number;
  readonly seed: number;
  readonly minRounds: number;
  readonly maxRounds: number;
  readonly onRound: (round: number, open: number) => void;
}

/**
 * Run rounds of {@link measureIdleMemory} over all runtimes in random order, the first as warm-up, until every check is
 * precise enough. A failed round is counted and named in its check.
 */
export async function runIdleMemory(
  loop: IdleMemoryLoop,
): Promise<{ readonly checks: readonly CalibrationCheck[]; readonly bills: readonly IdleMemoryRecord[] }> {
  const bills: IdleMemoryRecord[] = [];
  const failures = new Map<string, Message[]>(loop.runtimes.map((runtime) => [runtime, []]));
  const check = (runtime: string) =>
    judgeIdleMemory(
      runtime,
      loop.sandboxes,
      bills.filter((bill) => bill.runtime === runtime && bill.round > 0),
      failures.get(runtime) ?? [],
    );
  let open = loop.runtimes;
  let next = 0;
  await measureBlocks({
    next: () => (next > loop.maxRounds || open.length === 0 ? null : next++),
    itemsOf: (round) => shuffle(open, seededRandom(`${loop.seed}:bill:${round}`)),
    async measure(runtime, round) {
      const name = `bill${round}r${loop.runtimes.indexOf(runtime)}`;
      try {
        bills.push({ runtime, round, ...(await measureIdleMemory({ ...loop, runtime, round: name })) });
      } catch (error) {
        failures.get(runtime)?.push(saidBy(error));
      }
    },
    isCutOff: () => loop.interrupt.aborted,
    onBlockEnd(round) {
      if (round >= loop.minRounds) open = open.filter((runtime) => !isPrecise(check(runtime)));
      loop.onRound(round, open.length);
    },
  });
  return { checks: loop.runtimes.map(check), bills };
}
