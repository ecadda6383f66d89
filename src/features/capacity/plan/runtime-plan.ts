import type { PlanOption, RuntimePlan } from './capacity-plan.ts';
import type { HostType } from './input-record.ts';
import { mixOf, type OptionInput, optionOf } from './option.ts';
import type { RuntimeCost } from './runtime-cost.ts';

/** Hosts for all services under one runtime: of each type alone, and of all types where no type alone is enough. */
export function runtimePlan(
  {
    runtime,
    family,
    kind,
  }: { readonly runtime: string; readonly family: string; readonly kind: RuntimeCost['kind'] },
  input: OptionInput,
  types: readonly HostType[],
  refused: readonly string[],
): RuntimePlan {
  const plan = { runtime, family, overhead: kind, refused: [...refused] };
  if (refused.length > 0) return { ...plan, options: [], best: null };
  const alone = types.map((type) => ({ type, option: optionOf(input, type) }));
  const isEnough = alone.some(({ option }) => option.reason === null);
  const inOrder = alone.toSorted((a, b) => worth(a.option) - worth(b.option)).map(({ type }) => type);
  const options = [
    ...alone.map(({ option }) => option),
    ...(isEnough || types.length < 2 ? [] : [mixOf(input, inOrder)]),
  ];
  return { ...plan, options, best: bestOf(options) };
}

/** By what options are compared: cost where all that can be had have one, else hosts. */
function bestOf(options: readonly PlanOption[]): number | null {
  const able = options.flatMap((option, at) => (option.reason === null ? [{ option, at }] : []));
  const isPriced = able.every(({ option }) => option.cost !== null);
  const [best] = able.toSorted(
    (a, b) => worth(a.option, isPriced) - worth(b.option, isPriced) || a.at - b.at,
  );
  return best?.at ?? null;
}

function worth({ needed, cost }: PlanOption, isPriced = cost !== null): number {
  if (needed === null) return Number.POSITIVE_INFINITY;
  return isPriced ? (cost?.value ?? Number.POSITIVE_INFINITY) : needed.value;
}
