import type { AppContext } from '../../../app/context.ts';
import { shuffle } from '../../../core/measure/schedule/block.ts';
import { notices } from '../../../core/messages/define.ts';
import { recorded } from '../../../core/messages/record.ts';
import { seededRandom } from '../../../core/model/prng.ts';
import type { MeasuredStack, MoveCost } from '../record.ts';
import { type CostPlan, measureStack } from './measure.ts';

const text = notices('move.cost', {
  block: 'costs: block {block} of {blocks}, {seconds} s',
  noTime: 'costs: not enough time is left for another block',
  tooSlow:
    'costs: six blocks need {minutes} min more, which is longer than the time left: there will be no verdict; use a longer --max-time or a shorter load',
});

/** Blocks with a load, and without: at rest little varies. The test needs six pairs. */
export const blocks = { least: 6, withLoad: 12, atRest: 6 } as const;
/** How much longer a load may take under another runtime than all of a first measurement, and at least, ms. */
const loadLimit = { leastMs: 60_000, factor: 30 } as const;

/**
 * Blocks of the stack under the baseline and each target, in an order drawn from the seed, until all are measured or there is no
 * time for another. `onBlock` is given what is known so far.
 */
export async function measureCosts(
  { reporter }: Pick<AppContext, 'reporter'>,
  plan: CostPlan,
  how: Pick<MoveCost, 'seed' | 'thresholds' | 'moved' | 'at'> & {
    /** On the clock, ms. */
    readonly deadline: number;
    /** How long a first measurement took. */
    readonly firstMs: number;
    /** Blocks. */
    readonly planned: number;
  },
  onBlock: (cost: MoveCost) => Promise<void>,
): Promise<MoveCost> {
  const { clock, interrupt, baseline, load, patterns } = plan;
  const { deadline, firstMs, planned, ...settings } = how;
  const arms = new Map([[baseline, [] as readonly string[]], ...Object.entries(how.moved)]);
  const limitMs = Math.max(loadLimit.leastMs, loadLimit.factor * firstMs);
  const measured: MeasuredStack[] = [];
  const costs = (ended: MoveCost['ended']): MoveCost => ({
    ...settings,
    planned,
    ended,
    measured: [...measured],
    load: load === null ? null : { kind: load.kind, name: load.name },
    rate: patterns.rate?.source ?? null,
    requests: patterns.requests?.source ?? null,
  });
  let longestMs = arms.size * firstMs;
  for (let block = 1; block <= planned; block++) {
    if (clock.now() + longestMs > deadline) {
      reporter.log(text.noTime);
      return costs('time');
    }
    const began = clock.now();
    const order = shuffle([...arms.keys()], seededRandom(`${how.seed}:move:${block}`));
    for (const [position, runtime] of order.entries()) {
      const { figures, failure } = await measureStack(plan, runtime, arms.get(runtime) ?? [], limitMs);
      if (interrupt.aborted) return costs('time');
      measured.push({
        block,
        position,
        runtime,
        ...figures,
        ...(failure === null ? { failure: null } : recorded({ failure })),
      });
    }
    const tookMs = clock.now() - began;
    longestMs = Math.max(longestMs, tookMs);
    reporter.log(text.block({ block, blocks: planned, seconds: Math.round(tookMs / 1000) }));
    const leastMs = (blocks.least - 1) * tookMs;
    if (block === 1 && clock.now() + leastMs > deadline)
      reporter.warn(text.tooSlow({ minutes: Math.ceil(leastMs / 60_000) }));
    await onBlock(costs('unfinished'));
  }
  return costs(null);
}
