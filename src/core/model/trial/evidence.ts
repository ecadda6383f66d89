import { notices } from '../../messages/define.ts';
import { recalled } from '../../messages/record.ts';
import { ParseError } from './parser-output.ts';
import type { Copy, Mark, MarkName, ToolOutput, TrialRecord } from './trial.ts';

const text = notices('evidence', {
  noMark: 'the trial has no mark {mark}',
  marksSwapped: 'the mark {to} is before {from}',
  noOutput: 'the trial has no output of the step {step}',
  noFigure: 'the trial has no figure {figure}',
  absentFigure: '{figure}: {reason}',
});

/** Input of a parser: the container's output and the harness's observations. All output is untrusted. */
export interface Evidence
  extends ToolOutput,
    Readonly<
      Pick<
        TrialRecord,
        'marks' | 'exitCode' | 'oomKilled' | 'outputs' | 'window' | 'copies' | 'figures' | 'cgroup'
      >
    > {}

/** Build the evidence of a recorded trial. */
export function evidenceOf(trial: Omit<Evidence, keyof ToolOutput> & Pick<TrialRecord, 'output'>): Evidence {
  const { marks, exitCode, oomKilled, outputs, window, copies, figures, cgroup } = trial;
  return { ...trial.output, marks, exitCode, oomKilled, outputs, window, copies, figures, cgroup };
}

/** The time of a mark, ns since the first of the trial; undefined where it is missing. */
export function timeOf(marks: readonly Mark[], name: string): number | undefined {
  return marks.find((mark) => mark.name === name)?.atNs;
}

/** From the create call of a copy to a mark of it, ns; null where one of both is missing or the order is wrong. */
export function timeTo(mark: string, { marks }: Pick<Copy, 'marks'>): number | null {
  const [begin, end] = [timeOf(marks, 'create-begin'), timeOf(marks, mark)];
  return begin === undefined || end === undefined || end <= begin ? null : end - begin;
}

/** Time between two marks of a trial, ns. ParseError where a mark is missing or the order is wrong. */
export function between(evidence: Pick<Evidence, 'marks'>, from: MarkName, to: MarkName): number {
  const [begin, end] = [timeOf(evidence.marks, from), timeOf(evidence.marks, to)];
  if (begin === undefined || end === undefined)
    throw new ParseError(text.noMark({ mark: begin === undefined ? from : to }));
  if (end < begin) throw new ParseError(text.marksSwapped({ to, from }));
  return end - begin;
}

/** Output of the step of that name. ParseError where there is none. */
export function outputOf(evidence: Pick<Evidence, 'outputs'>, name: string): ToolOutput {
  const found = evidence.outputs[name];
  if (found === undefined) throw new ParseError(text.noOutput({ step: name }));
  return found;
}

/** A figure that the harness measured. ParseError with the reason where it is absent. */
export function figureOf(evidence: Pick<Evidence, 'figures'>, id: string): number {
  const figure = evidence.figures[id];
  if (figure === undefined) throw new ParseError(text.noFigure({ figure: id }));
  if ('absent' in figure)
    throw new ParseError(text.absentFigure({ figure: id, reason: recalled(figure, 'absent') }));
  return figure.value;
}
