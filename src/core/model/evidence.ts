import { notices } from '../messages/define.ts';
import { recalled } from '../messages/record.ts';
import type { MarkName, ToolOutput, TrialRecord } from './trial.ts';
import { ParseError } from './workload.ts';

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

/** Time between two marks of a trial, ns. ParseError where a mark is missing or the order is wrong. */
export function between(evidence: Pick<Evidence, 'marks'>, from: MarkName, to: MarkName): number {
  const at = (name: MarkName) => evidence.marks.find((mark) => mark.name === name)?.atNs;
  const [begin, end] = [at(from), at(to)];
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
