import { external } from '../../messages/compose.ts';
import { messages, notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { recalled } from '../../messages/record.ts';
import { saidAs, saidBy } from '../../model/failure/said.ts';
import { formatParams, type Params, parseParams } from '../../model/trial/cell.ts';
import { evidenceOf } from '../../model/trial/evidence.ts';
import { ParseError } from '../../model/trial/parser-output.ts';
import type { TrialOutcome, TrialRecord } from '../../model/trial/trial.ts';
import type { TrialWithOutcome } from '../../model/trial/trial-outcome.ts';
import type { Fact, ParsedValue } from '../../model/workload/metric.ts';
import type { Workload } from '../../model/workload/workload.ts';

const text = notices('parse', {
  noWorkload: 'there is no workload {workload}, so its output cannot be read',
  parserBroke: 'the parser of {workload} failed: {error}',
  notFinite: '{metric} is {value}, which is not a finite number',
  impossible: '{metric} is {value}, which is impossible',
  twice: '{metric} was reported twice',
  otherUnit: '{metric} is in {unit}, but {workload} declares {declared}',
});

const words = messages('parse', {
  noWorkloadFix:
    'use the version of ocibench that made this run, and name the configuration that defines the workload:  --config FILE',
});

const outcomes = notices('outcome', {
  failed: '{step}: {error}',
  late: '{step}: not done after {ms} ms',
  mostOften: 'most often {reason}',
  mostOftenFailed: 'most often {step}: {error}',
  mostOftenLate: 'most often {step}: not done after {ms} ms',
});

/** The attempt of a trial that counts, with the present parser's view of its output. */
export interface EffectiveTrial extends TrialWithOutcome {
  /** The parser's values; of a failed trial, those that it tells all the same. */
  readonly values: readonly ParsedValue[];
  readonly facts: readonly Fact[];
}

/**
 * One entry per trial id, in order of first appearance. Of several attempts, the last one that was not interrupted
 * counts. The output of a trial that succeeded, or whose output could not be parsed, is parsed again. A fixed parser
 * thus repairs old runs; a parser that throws makes the trial failed.
 */
export function effectiveTrials(
  trials: readonly TrialRecord[],
  workloads: readonly Workload[],
): EffectiveTrial[] {
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const last = new Map<string, TrialRecord>();
  for (const trial of trials) {
    const before = last.get(trial.trialId);
    if (before === undefined || counts(trial, before)) last.set(trial.trialId, trial);
  }
  return [...last.values()].map((trial) => judgeAttempt(trial, byId.get(trial.cell.workload)));
}

/** True if `trial` replaces an earlier attempt. */
function counts(trial: TrialRecord, before: TrialRecord): boolean {
  const interrupted = trial.outcome.status === 'interrupted';
  if (interrupted !== (before.outcome.status === 'interrupted')) return !interrupted;
  return trial.attempt >= before.attempt;
}

/** Judge a single attempt; {@link effectiveTrials} handles a whole run. */
export function judgeAttempt(trial: TrialRecord, workload: Workload | undefined): EffectiveTrial {
  const { outcome } = trial;
  if (outcome.status !== 'ok' && !(outcome.status === 'failed' && outcome.step === 'parse'))
    return { trial, outcome, values: [], facts: [] };
  const failed = (code: string, message: Message, fix?: Message): EffectiveTrial => ({
    trial,
    outcome: {
      status: 'failed',
      step: 'parse',
      error: errorOf(code, oneLine(message), fix),
    },
    values: [],
    facts: [],
  });
  if (workload === undefined)
    return failed(
      'workload-unknown',
      text.noWorkload({ workload: trial.cell.workload }),
      words.noWorkloadFix,
    );
  try {
    const evidence = evidenceOf(trial);
    const params = parseDeclaredParams(workload, trial.cell.params);
    const values = workload.parse(evidence, params);
    const facts = workload.facts?.(evidence, params) ?? [];
    const complaint = findFault(values, workload);
    return complaint === null
      ? { trial, outcome: { status: 'ok' }, values, facts }
      : failed('value-impossible', complaint);
  } catch (error) {
    const said = saidBy(error);
    if (!(error instanceof ParseError))
      return failed('parser-broken', text.parserBroke({ workload: workload.id, error: said }));
    const { facts } = error.told;
    // Those of the main metric would be of survivors, and compared.
    const values = error.told.values.filter(({ metric }) => metric !== workload.metrics[0]?.id);
    const isUsable = findFault(values, workload) === null;
    return { ...failed('parse-failed', said), ...(isUsable ? { values, facts } : {}) };
  }
}

function errorOf(code: string, message: Message, fix: Message | undefined) {
  const texts = saidAs('message', message);
  if (fix === undefined) return { code, ...texts };
  const help = saidAs('fix', fix);
  return { code, ...texts, ...help, messages: { ...texts.messages, ...help.messages } };
}

/** The parameters as the workload declares them, with numbers; as text where no preset has them any more. */
function parseDeclaredParams(workload: Pick<Workload, 'presets'>, text: string): Params {
  const declared = Object.values(workload.presets).flat();
  return declared.find((params) => formatParams(params) === text) ?? parseParams(text);
}

/** Bounds far beyond any figure in any unit; ratios, squares and products of figures within them stay finite. */
const [smallest, largest] = [1e-75, 1e75];

/** Find why parsed values are unusable; null where they are usable. */
function findFault(values: readonly ParsedValue[], workload: Workload): Message | null {
  const units = new Map(workload.metrics.map((metric) => [metric.id, metric.unit]));
  const seen = new Set<string>();
  for (const { metric, value, unit } of values) {
    if (!Number.isFinite(value)) return text.notFinite({ metric, value: String(value) });
    if (value !== 0 && !(Math.abs(value) >= smallest && Math.abs(value) <= largest))
      return text.impossible({ metric, value: String(value) });
    if (seen.has(metric)) return text.twice({ metric });
    const declared = units.get(metric);
    if (declared !== undefined && declared !== unit)
      return text.otherUnit({ metric, unit, workload: workload.id, declared });
    seen.add(metric);
  }
  return null;
}

/**
 * Shorten to one printable line of at most 300 characters: messages quote what a container printed. A text that must be
 * altered becomes a quote.
 */
function oneLine(message: Message): Message {
  const printable = message.text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim();
  const line = printable.length > 300 ? `${printable.slice(0, 299).toWellFormed()}…` : printable;
  return line === message.text ? message : external(line);
}

/** True for a measured attempt: neither warm-up nor interrupted. */
export function wasMeasured({ phase, outcome }: TrialRecord): boolean {
  return phase === 'measure' && outcome.status !== 'interrupted';
}

/** True if the runtime or the tool failed. An interrupted or unsupported trial is evidence against neither. */
export function isFailure(status: string): boolean {
  return status === 'failed' || status === 'timed-out';
}

/** An outcome in a few words, for notes: `start: OCI runtime create failed …`; also as the most frequent of several. */
export interface OutcomeWords {
  readonly reason: Message;
  readonly mostOften: Message;
  /** Could the workload not run at all? That is no failure. */
  readonly refused: boolean;
}

export function describeOutcome(outcome: TrialOutcome): OutcomeWords {
  if (outcome.status === 'failed') {
    const values = { step: outcome.step, error: oneLine(recalled(outcome.error, 'message')) };
    return { reason: outcomes.failed(values), mostOften: outcomes.mostOftenFailed(values), refused: false };
  }
  if (outcome.status === 'timed-out') {
    const values = { step: outcome.step, ms: outcome.limitMs };
    return { reason: outcomes.late(values), mostOften: outcomes.mostOftenLate(values), refused: false };
  }
  const said = 'reason' in outcome && outcome.reason !== undefined;
  const reason = said ? oneLine(recalled(outcome, 'reason')) : external(outcome.status);
  return { reason, mostOften: outcomes.mostOften({ reason }), refused: outcome.status === 'unsupported' };
}
