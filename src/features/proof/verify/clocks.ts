import { quantity } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import type { LifeMark, Mark, TrialRecord } from '../../../core/model/trial.ts';
import { type Finding, type Records, trialAt } from './finding.ts';

const text = notices('implausible', {
  markOrder: '{first} is after {second}',
  beyondTrial: '{what} takes longer than its trial: {part} of {whole}',
  noTime: '{time} is not a time',
  beforeRun: 'it begins before the run',
  afterRun: 'it ends after the run',
  overlap: 'it begins {time} before the previous trial can have ended',
  copied: 'its times are those of {other}, to the nanosecond',
});

/** Pairs of instants in fixed order. `start-end` and `exit` are no pair: a container can exit before the start call answers. */
const order: readonly (readonly [LifeMark, LifeMark])[] = [
  ['create-begin', 'create-end'],
  ['create-begin', 'pod-ready'],
  ['pod-ready', 'create-end'],
  ['create-end', 'start-begin'],
  ['start-begin', 'start-end'],
  ['start-begin', 'first-output'],
  ['start-begin', 'exit'],
  ['create-end', 'remove-begin'],
  ['remove-begin', 'remove-end'],
];

/** Maximum step of the wall clock between two trials, ms: NTP may set it during a run. */
const clockStepMs = 5_000;

const ms = 1e6;

/** Allowed excess of a duration over an enclosing one, since they are taken by different calls. */
const slackNs = (ns: number) => 2 * ms + ns / 100;

/** Minimum number of instants for a fingerprint: fewer can be equal by chance. */
const fewMarks = 4;

/** Contradictions between clocks, within trials and between them. */
export function clockFindings({ run, trials }: Records): readonly Finding[] {
  const findings = trials.flatMap((trial) =>
    withinTrial(trial).map((message) => ({ at: trialAt(trial), message })),
  );
  return [...findings, ...betweenTrials({ run, trials }), ...copies(trials)];
}

function withinTrial(trial: TrialRecord): readonly Message[] {
  const { marks, iterationNs, noise, window, copies: parts } = trial;
  const found: Message[] = [];
  for (const list of [marks, ...parts.map((copy) => copy.marks)]) {
    const at = new Map(list.map((mark) => [mark.name, mark.atNs]));
    for (const [first, second] of order) {
      const [a, b] = [at.get(first), at.get(second)];
      if (a !== undefined && b !== undefined && a > b) found.push(text.markOrder({ first, second }));
    }
  }
  const beyond = (what: string, part: number | null | undefined, whole: number | null | undefined) => {
    if (typeof part !== 'number' || typeof whole !== 'number' || part <= whole + slackNs(whole)) return;
    found.push(text.beyondTrial({ what, part: inMs(part), whole: inMs(whole) }));
  };
  beyond('marks', lastMark(marks), iterationNs);
  for (const { index, marks: own } of parts) beyond(`copies[${index}]`, lastMark(own), iterationNs);
  beyond('window.hostNs', window?.hostNs, iterationNs);
  beyond('iterationNs', iterationNs, noise?.wallNs);
  return found;
}

function lastMark(marks: readonly Mark[]): number {
  return marks.reduce((last, { atNs }) => Math.max(last, atNs), 0);
}

function inMs(ns: number) {
  return quantity(ns / ms, 'ms', 1);
}

/** Wall-clock time of a record, ms; null if invalid. */
function timeOf(at: string): number | null {
  const time = new Date(at).valueOf();
  return Number.isFinite(time) ? time : null;
}

/** Checks that trials follow each other (those of a duet overlap), and that wall time covers their monotonic durations. */
function betweenTrials({ run, trials }: Pick<Records, 'run' | 'trials'>): readonly Finding[] {
  const findings: Finding[] = [];
  const began = timeOf(run.startedAt);
  const ended = run.finishedAt === null ? null : timeOf(run.finishedAt);
  if (began === null || (run.finishedAt !== null && ended === null))
    findings.push({
      at: 'run.json: startedAt',
      message: text.noTime({ time: began === null ? run.startedAt : (run.finishedAt ?? '') }),
    });
  let free: number | null = began;
  for (const trial of trials) {
    const at = trialAt(trial);
    const start = timeOf(trial.startedAt);
    if (start === null) {
      findings.push({ at, message: text.noTime({ time: trial.startedAt }) });
      continue;
    }
    const end = start + (trial.iterationNs ?? 0) / ms;
    if (began !== null && start < began - clockStepMs) findings.push({ at, message: text.beforeRun });
    else if (ended !== null && end > ended + clockStepMs) findings.push({ at, message: text.afterRun });
    else if (free !== null && trial.duet?.side !== 1 && start < free - clockStepMs)
      findings.push({ at, message: text.overlap({ time: quantity((free - start) / 1000, 's', 1) }) });
    free = end;
  }
  return findings;
}

/** Trials with equal instants: two measurements never have equal instants, so one is a copy. */
function copies(trials: readonly TrialRecord[]): readonly Finding[] {
  const seen = new Map<string, TrialRecord>();
  return trials.flatMap((trial) => {
    const print = fingerprint(trial);
    if (print === null) return [];
    const other = seen.get(print);
    if (other === undefined) seen.set(print, trial);
    return other === undefined
      ? []
      : [{ at: trialAt(trial), message: text.copied({ other: `${other.trialId}` }) }];
  });
}

/** Fingerprint of a trial, unique across hosts: its instants; null if there are too few. */
export function fingerprint({
  marks,
  iterationNs,
}: Pick<TrialRecord, 'marks' | 'iterationNs'>): string | null {
  if (iterationNs === null || marks.length < fewMarks) return null;
  return [iterationNs, ...marks.map(({ atNs }) => atNs)].join(' ');
}
