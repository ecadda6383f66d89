import type { RunRequest } from '../../../../core/config/command-line.ts';
import { parseConfidence, parseFraction, parseList, parseWhole } from '../../../../core/config/quantities.ts';
import { reasons } from '../../../../core/messages/define.ts';
import { type Problem, problemOf } from '../../../../core/model/error.ts';

const why = reasons('predictFlags', {
  confidence: {
    message: "must be from 50% to below 100%, but is ''{value}''",
    fix: 'for example  --confidence 90%',
  },
  utilisation: {
    message: "must be above 0% and below 100%, but is ''{value}''",
    fix: 'for example  --utilisation 50%',
  },
  cpus: {
    message: "must be a number of CPUs from 1 to {most}, but is ''{value}''",
    fix: 'for example  --cpus 4',
  },
});

/** Flags of `ocibench predict`, as typed. */
export interface PredictFlags extends Pick<RunRequest, 'out' | 'config' | 'lang'> {
  readonly runtimes?: string;
  /** The run that the prediction is made from. */
  readonly from?: string;
  readonly utilisation?: string;
  readonly cpus?: string;
  readonly confidence?: string;
}

/** What was asked for. */
export interface AskedPrediction {
  readonly confidence: number;
  /** null: no wall time. */
  readonly utilisation: number | null;
  /** null: those of the host that was recorded. */
  readonly cpus: number | null;
  /** null: all of the run. */
  readonly runtimes: readonly string[] | null;
}

const usualConfidence = '90%';
/** More than any machine has; the queue's probability is computed one CPU after the other. */
const mostCpus = 8192;

/** What the flags ask for; a flag that cannot be becomes a problem. */
export function askedPrediction(flags: PredictFlags, problems: Problem[]): AskedPrediction {
  const typed = flags.confidence ?? usualConfidence;
  const confidence = parseConfidence(typed);
  const utilisation = flags.utilisation === undefined ? null : parseFraction(flags.utilisation);
  const cpus = flags.cpus === undefined ? null : parseWhole(flags.cpus, { least: 1, most: mostCpus });
  const refuse = (file: string, reason: ReturnType<typeof why.confidence>) =>
    problems.push(problemOf({ file, key: '' }, reason));
  if (confidence === null) refuse('--confidence', why.confidence({ value: typed }));
  if (flags.utilisation !== undefined && utilisation === null)
    refuse('--utilisation', why.utilisation({ value: flags.utilisation }));
  if (flags.cpus !== undefined && cpus === null)
    refuse('--cpus', why.cpus({ value: flags.cpus, most: mostCpus }));
  return {
    ...{ confidence: confidence ?? 0.5, utilisation, cpus },
    runtimes: flags.runtimes === undefined ? null : parseList(flags.runtimes),
  };
}
