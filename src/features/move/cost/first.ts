import { quantity } from '../../../core/messages/compose.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import { misuse, problemOf } from '../../../core/model/failure/error.ts';
import { blocks } from './blocks.ts';
import { type CostPlan, measureStack, type StackMeasurement } from './measure.ts';

const text = notices('move', { cannot: 'the stack cannot be tried' });
const why = reasons('move', {
  loadFails: {
    message: 'under {baseline}: {what}',
    fix: 'if it needs another network, add --with-network; if it needs data or a path to write to, add --with-data',
  },
  tooLong: {
    message:
      'six blocks take at least {minutes} min, and the limit is {given}: one measurement takes {seconds}',
    fix: 'use --max-time {needed}m, or a shorter load',
  },
});

const minutes = (ms: number) => Math.ceil(ms / 60_000);

/** A first measurement under the baseline. */
export interface FirstCost extends StackMeasurement {
  readonly plan: CostPlan;
}

/**
 * Measures the stack once under the baseline: does the load work, and how long does it take? Its figures are not kept. `withinMs`:
 * the time for all blocks.
 */
export async function firstCost(plan: CostPlan, withinMs: number): Promise<FirstCost> {
  const measure = () => measureStack(plan, plan.baseline, [], withinMs / blocks.least);
  const first = await measure();
  // What did not start may have been chance.
  const isAgain = first.failure !== null && first.of === 'stack' && !plan.interrupt.aborted;
  return { ...(isAgain ? await measure() : first), plan };
}

/** OcibenchError (exit 2) where the load does not work, or takes so long that no verdict is possible in the time. */
export function refuseUselessLoad(
  { plan: { load, baseline }, failure, of, tookMs }: FirstCost,
  { file, arms, withinMs }: { readonly file: string; readonly arms: number; readonly withinMs: number },
): void {
  if (load === null) return;
  const place =
    load.kind === 'service' ? { file, key: `services.${load.name}` } : { file: '--load', key: load.name };
  if (failure !== null && of === 'load')
    throw misuse(text.cannot, [problemOf(place, why.loadFails({ baseline, what: failure }))]);
  const leastMs = blocks.least * arms * tookMs;
  if (leastMs <= withinMs) return;
  // Trials of single services come before the blocks, and targets are slower.
  const needed = String(2 * minutes(leastMs));
  throw misuse(text.cannot, [
    problemOf(
      place,
      why.tooLong({
        needed,
        minutes: minutes(leastMs),
        given: quantity(minutes(withinMs), 'min'),
        seconds: quantity(tookMs / 1000, 's'),
      }),
    ),
  ]);
}
