import type { AppContext } from '../../../app/context.ts';
import { shuffle } from '../../../core/measure/schedule/block.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recorded } from '../../../core/messages/record.ts';
import { seededRandom } from '../../../core/model/prng.ts';
import type { MeasuredStack, MoveCost } from '../record.ts';
import { type CostPlan, measureStack, type StackMeasurement } from './measure.ts';

const text = notices('move.cost', {
  plan: 'costs: {blocks} blocks of about {seconds} s; six, which a verdict needs, take {minutes} min',
  block: 'costs: block {block} of {blocks}, {seconds} s',
  noTime: 'costs: not enough time is left for another block',
  tooSlow:
    'costs: six blocks take {minutes} min, which is longer than the time left: without a verdict, only bounds are known; use a longer --max-time or a shorter load',
  again: 'costs: the load fails after a first run of a few seconds; once more, without that',
  noRequests:
    'the load does not report how many requests it made: the CPU time of a request is left out (redis-benchmark reports it without -q and --csv; move.requests reads it)',
  underBaseline: 'under {baseline}: {what}',
});

/** Blocks with a load, and without: at rest little varies. The test needs six pairs. */
export const blocks = { least: 6, withLoad: 12, atRest: 6 } as const;
/** How much longer a load may take under another runtime than all of a first measurement, and at least, ms. */
const loadLimit = { leastMs: 60_000, factor: 30 } as const;
/** How long a load runs before it is measured, ms: connections are made, caches filled, code is compiled. */
const warmMs = 3_000;

/** Why there are no costs, and what can be changed. */
export interface NoCosts {
  readonly noCosts: Message;
  readonly fix?: Message;
}

/** How costs are measured, and for how long. */
interface CostTime {
  /** Blocks. */
  readonly planned: number;
  /** The time for the first measurement, ms. */
  readonly withinMs: number;
  /** When no block may begin any more, on the clock, ms. `neededMs`: for six blocks. */
  deadlineFor(neededMs: number): number;
}

/**
 * The first measurement of the baseline, which tells whether the load works and how long it takes. A load that fails after a few
 * seconds of itself may be one that works once, as what creates a user: it is tried without them.
 */
async function measureFirst(
  { reporter }: Pick<AppContext, 'reporter'>,
  given: CostPlan,
  withinMs: number,
  measureOnce: typeof measureStack,
): Promise<StackMeasurement & { readonly plan: CostPlan }> {
  const measure = async (ms: number) => {
    const plan = { ...given, warmMs: ms };
    return { ...(await measureOnce(plan, plan.baseline, [], withinMs / blocks.least)), plan };
  };
  const usualMs = given.load === null ? 0 : warmMs;
  const first = await measure(usualMs);
  const { failure, of, isOfSecondRun = false } = first;
  if (failure === null || given.interrupt.aborted) return first;
  // What did not start may have been chance.
  if (of === 'stack') return measure(usualMs);
  if (!isOfSecondRun) return first;
  reporter.log(text.again);
  return measure(0);
}

/**
 * Blocks of the stack under the baseline and each target, in an order drawn from the seed (the first begins with the baseline),
 * until all are measured or there is no time for another. `onBlock` is given what is known so far.
 */
export async function measureCosts(
  { reporter }: Pick<AppContext, 'reporter'>,
  given: CostPlan,
  how: Pick<MoveCost, 'seed' | 'thresholds' | 'moved' | 'at'> & CostTime,
  onBlock: (cost: MoveCost) => Promise<void>,
  measureOnce: typeof measureStack = measureStack,
): Promise<MoveCost | NoCosts | null> {
  const { clock, interrupt, baseline, load, patterns } = given;
  const { planned, withinMs, deadlineFor, ...settings } = how;
  const first = await measureFirst({ reporter }, given, withinMs, measureOnce);
  const { plan, failure, fix, figures, tookMs: firstMs } = first;
  // What was cut off is no failure of the load.
  if (interrupt.aborted) return null;
  if (failure !== null)
    return {
      noCosts: text.underBaseline({ baseline, what: failure }),
      ...(fix === undefined ? {} : { fix }),
    };
  if (load !== null && figures.load?.requests === null) reporter.warn(text.noRequests);
  const arms = new Map([[baseline, [] as readonly string[]], ...Object.entries(how.moved)]);
  const limitMs = Math.max(loadLimit.leastMs, loadLimit.factor * firstMs);
  const measured: MeasuredStack[] = [];
  const costs = (ended: MoveCost['ended']): MoveCost => ({
    ...settings,
    planned,
    ended,
    measured: [...measured],
    load: load === null ? null : { kind: load.kind, name: load.name },
    warmSeconds: plan.warmMs / 1000,
    rate: patterns.rate?.source ?? null,
    requests: patterns.requests?.source ?? null,
  });
  let longestMs = arms.size * firstMs;
  const minutesFor = (count: number, ms: number) => Math.ceil((count * ms) / 60_000);
  const deadline = deadlineFor(blocks.least * longestMs - firstMs);
  const tellTime = (count: number, ms: number) => {
    if (clock.now() + count * ms > deadline) reporter.warn(text.tooSlow({ minutes: minutesFor(count, ms) }));
  };
  const seconds = Math.round(longestMs / 1000);
  reporter.log(text.plan({ blocks: planned, seconds, minutes: minutesFor(blocks.least, longestMs) }));
  tellTime(blocks.least, longestMs);
  for (let block = 1; block <= planned; block++) {
    if (clock.now() + longestMs > deadline) {
      reporter.log(text.noTime);
      return costs('time');
    }
    const began = clock.now() - (block === 1 ? firstMs : 0);
    const shuffled = shuffle([...arms.keys()], seededRandom(`${how.seed}:move:${block}`));
    const order = block === 1 ? [baseline, ...shuffled.filter((name) => name !== baseline)] : shuffled;
    for (const [position, runtime] of order.entries()) {
      const isFirst = block === 1 && runtime === baseline;
      const one = isFirst ? first : await measureOnce(plan, runtime, arms.get(runtime) ?? [], limitMs);
      if (interrupt.aborted) return costs('time');
      measured.push({
        block,
        position,
        runtime,
        ...one.figures,
        ...(one.failure === null ? { failure: null } : recorded({ failure: one.failure })),
      });
    }
    const tookMs = clock.now() - began;
    // The first of a target may have waited until it is known how it rests.
    longestMs = block === 1 ? tookMs : Math.max(longestMs, tookMs);
    reporter.log(text.block({ block, blocks: planned, seconds: Math.round(tookMs / 1000) }));
    if (block === 1) tellTime(blocks.least - 1, tookMs);
    await onBlock(costs('unfinished'));
  }
  return costs(null);
}
