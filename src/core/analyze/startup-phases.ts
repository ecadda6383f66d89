import type { ParsedValue } from '../model/metric.ts';
import type { LifeMark, Mark } from '../model/trial.ts';
import { harnessValue } from './harness-value.ts';

const phases: readonly (readonly [metric: string, from: LifeMark, to: LifeMark])[] = [
  ['startup.to_output', 'create-begin', 'first-output'],
  ['startup.pod', 'create-begin', 'pod-ready'],
  ['startup.create', 'create-begin', 'create-end'],
  ['startup.start', 'start-begin', 'start-end'],
  ['startup.first_output', 'start-begin', 'first-output'],
  ['startup.run', 'first-output', 'exit'],
  ['startup.remove', 'remove-begin', 'remove-end'],
  ['startup.total', 'create-begin', 'remove-end'],
];

const lifeMarks: ReadonlySet<string> = new Set(
  phases.flatMap(([, from, to]) => [from, to]).concat('start-end'),
);

/**
 * Phases of a container's life from the marks of its trial, ns. Empty where the harness acted on the container (other
 * marks), since the phases then include the harness's actions. A phase is absent when one of its marks is, or when they
 * are in the wrong order: exit and output arrive by two connections and may overtake each other.
 */
export function startupPhases(marks: readonly Mark[]): ParsedValue[] {
  if (marks.some(({ name }) => !lifeMarks.has(name))) return [];
  const at = new Map<string, number>(marks.map((mark) => [mark.name, mark.atNs]));
  return phases.flatMap(([metric, from, to]) => {
    const begin = at.get(from);
    const end = at.get(to);
    if (begin === undefined || end === undefined) return [];
    return harnessValue(metric, end - begin) ?? [];
  });
}
