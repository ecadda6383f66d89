import { enginesOf } from '../model/run.ts';
import type { Draft } from './claims.ts';
import { directRows } from './direct-rows.ts';
import type { RowContext } from './row-context.ts';
import { inFirstEngine, type Subject } from './subjects.ts';

/**
 * Every runtime in each engine beside itself in the first engine of the run. Both ran in the same blocks, so that the pair is as
 * close in time as two runtimes of one engine.
 */
export function engineRows(subjects: readonly Subject[], context: RowContext): Draft[] {
  const [first] = enginesOf(context.run.config);
  if (first === undefined) return [];
  const usualOf = inFirstEngine(subjects, context.run);
  return subjects.flatMap((subject) => {
    const { engine } = subject.identity;
    const reference = usualOf(subject);
    if (engine === undefined || engine === first || reference === null) return [];
    return context.runtimes.flatMap((runtime) => {
      const [cell, other] = [subject.cells.get(runtime), reference.cells.get(runtime)];
      if (cell === undefined || other === undefined) return [];
      const against = { baseline: runtime, baselineEngine: first };
      return directRows({ question: 'engine', subject, cell, reference: other, against }, context);
    });
  });
}
