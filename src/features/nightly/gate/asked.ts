import type { Gate } from '../../../core/gate/gate.ts';
import { defaultLayer } from '../../../core/model/cell.ts';
import type { Category } from '../../../core/model/metric.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import { subjectName } from '../../../core/model/subject-name.ts';

/** What one gate asks of one subject of a run, or of a category. */
export interface Asked {
  readonly gate: Gate;
  /** Of a category, its name: so the history has it too. */
  readonly workload: string;
  readonly params: string;
  readonly category: Category | null;
  /** What is limited: `runsc io/fio?op=randread`. */
  readonly name: string;
}

/** One for each set of parameters that the run scheduled; one where it scheduled nothing of it. */
export function askedOf(gate: Gate, { subjects }: Pick<RunRecord, 'subjects'>): readonly Asked[] {
  const { subject, layer } = gate;
  if (subject.kind === 'category') return [asked(gate, subject.category, '', subject.category)];
  const { workload, params } = subject;
  const scheduled = subjects.filter(
    (one) =>
      one.workload === workload &&
      (one.layer ?? defaultLayer) === layer &&
      (params === null || one.params === params),
  );
  const sets = scheduled.length === 0 ? [params ?? ''] : scheduled.map((one) => one.params);
  return sets.map((set) => asked(gate, workload, set, null));
}

function asked(gate: Gate, workload: string, params: string, category: Category | null): Asked {
  const { runtime, layer } = gate;
  const at = layer === defaultLayer ? '' : ` at ${layer}`;
  return { gate, workload, params, category, name: `${runtime} ${subjectName({ workload, params })}${at}` };
}

/** Such as `runsc startup/echo < +10% vs last`. */
export function expressionOf({ name, gate: { limit, vs } }: Asked): string {
  return `${name} ${limit.text}${vs === null || vs === 'baseline' ? '' : ` vs ${vs}`}`;
}
