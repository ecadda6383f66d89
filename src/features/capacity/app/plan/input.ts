import type * as z from 'zod';
import { checkValue } from '../../../../core/config/zod-problems.ts';
import type { Problem } from '../../../../core/model/failure/error.ts';
import type { PlanInput } from '../../plan/input-record.ts';
import { hostShape, planShape, serviceShape } from './plan-shape.ts';

/** What a file says, and its problems; with problems, only what can be used all the same. */
export interface CheckedPlan {
  readonly input: PlanInput;
  readonly problems: readonly Problem[];
}

/**
 * Checks the parsed file. Services and types of hosts that are sound are kept where others are not, so that what is wrong with
 * them in view of the run is said at once with the rest.
 */
export function checkedPlan(value: unknown, file: string): CheckedPlan {
  const checked = checkValue(planShape, value, file);
  const { shape } = planShape;
  const raw = Object(value) as Readonly<Record<string, unknown>>;
  const sound = <T>(schema: z.ZodType<T>, key: string): T | null => {
    const found = checkValue(schema, raw[key], file);
    return found.ok ? found.data : null;
  };
  const elements = <T>(schema: z.ZodType<T>, key: string): readonly (readonly [T, number])[] =>
    (Array.isArray(raw[key]) ? raw[key] : []).slice(0, mostSalvaged).flatMap((each: unknown, at) => {
      const found = checkValue(schema, each, file);
      return found.ok ? [[found.data, at] as const] : [];
    });
  return {
    input: {
      services: elements(serviceShape, 'services').map(([each, at]) => ({ ...each, at })),
      hosts: elements(hostShape, 'hosts').map(([each]) => each),
      runtimes: sound(shape.runtimes, 'runtimes') ?? null,
      today: sound(shape.today, 'today') ?? null,
      currency: sound(shape.currency, 'currency') ?? null,
    },
    problems: checked.ok ? [] : checked.problems,
  };
}

/** Elements of a list that are looked at if the list is not sound; it may be far too long. */
const mostSalvaged = 200;
