import { listed, quantity } from '../../messages/compose.ts';
import { messages, notices } from '../../messages/define.ts';
import type { Value } from '../../messages/message.ts';
import { recalled } from '../../messages/record.ts';
import type { AaCheck, SummaryRow } from '../../model/analysis/analysis.ts';
import type { RunRecord } from '../../model/run/run.ts';
import { subjectKey } from '../../model/trial/cell.ts';
import type { TrialRecord } from '../../model/trial/trial.ts';
import { wasRepeatedForOutput } from '../../model/trial/trial-outcome.ts';
import type { maxBlocksOf } from '../../model/workload/workload.ts';
import { blocksForInterval } from '../claims/looks.ts';
import { runStatus } from '../rows/empty-row.ts';
import { cellLabel, runtimesByName } from '../rows/subjects.ts';
import { emulatedGuests } from '../values/emulated-guests.ts';
import { noiseFloors } from './noise-floor.ts';
import { noiseWarnings, percentFromOne, type Warning, warning } from './noise-warnings.ts';
import { placementWarnings } from './placement-warnings.ts';

const duetWarningsText = notices('warning', {
  inDuets:
    'Each runtime was measured at the same time as the baseline, each on half of the CPUs. Absolute values are those of half a busy machine. Time that both spend waiting pulls ratios towards 1 (docs/method.md, Duet).',
  duetHelps:
    'On a host that others disturb, @(run --set duet=true) measures a runtime and the baseline at once, so that both are disturbed alike. It narrows intervals, and pulls ratios of starts towards 1 (docs/method.md, Duet).',
});

/** Warn that the trials of a run were measured in pairs, two at once. */
function inDuets({ config }: Pick<RunRecord, 'config'>): readonly Warning[] {
  return config.duet === true ? [warning('duet', duetWarningsText.inDuets)] : [];
}

/**
 * These warnings, and a proposal to use duets where the baseline differs from itself and the host can run two trials at
 * once.
 */
export function withDuetProposal(
  { config, host, engine }: Pick<RunRecord, 'config' | 'host' | 'engine'>,
  warnings: readonly Warning[],
): readonly Warning[] {
  const differs = warnings.some(({ code }) => code === 'aa-differs');
  const can = engine.local && host.cpus > 1 && host.controllers.includes('cpuset');
  return differs && can && config.duet === undefined
    ? [...warnings, warning('duet-helps', duetWarningsText.duetHelps)]
    : warnings;
}

const lostOutputWarningsText = notices('warning', {
  outputLost:
    '{n, plural, one {{n} trial was} other {{n} trials were}} repeated, since the engine returned no output of a container that ended with exit code 0 ({by}).',
});
const lostOutputWarningsWords = messages('warning', { outputLostUnder: '{runtime} ×{n}' });

/**
 * Warn about runtimes with trials that were repeated because their output was lost: an intermittent fault must not be
 * hidden.
 */
export function lostOutputs(trials: readonly TrialRecord[]): Warning[] {
  const repeated = trials.filter(wasRepeatedForOutput);
  if (repeated.length === 0) return [];
  const by = [...Map.groupBy(repeated, ({ cell }) => cell.runtime)].map(([runtime, own]) =>
    lostOutputWarningsWords.outputLostUnder({ runtime, n: own.length }),
  );
  return [warning('output-lost', lostOutputWarningsText.outputLost({ n: repeated.length, by: listed(by) }))];
}

const text = notices('warning', {
  emulated:
    'The processor was emulated ({by}): ratios between runtimes are for demonstration, not for decisions.',
  emulatedGuest:
    '{runtime}: its virtual machine was emulated ({by}), without KVM. Its times and rates are the emulator’s. Its memory includes code that the emulator translated (a fifth of the total in the guests examined). They say nothing about {runtime} on KVM.',
  aaDiffers:
    'The baseline {baseline}, measured twice, differs from itself by more than chance. The root mean square of its normal scores over {n, plural, one {{n} comparison} other {{n} comparisons}} is {rms}; by chance it exceeds {limit} once in a hundred runs. Verdicts therefore widen every interval by a factor of {rms}. It differs most in {found}.',
  aaUnknown:
    'The run’s own noise is not known for {classes}: the second measurement of {baseline} has too few values there, so verdicts do not take it into account.',
  aaAbsent:
    'The run’s own noise is not known: the second measurement of {baseline} has no values, so verdicts do not take it into account.',
  runRunning: 'The run has not finished; these are the figures so far.',
  runEnded: 'The run is {status}; part of what it scheduled is missing.',
  unmeasured:
    '{n, plural, one {{n} trial has} other {{n} trials have}} no value, since every attempt was interrupted; the last time: {reason}.',
  interruptedTrials:
    '{n, plural, one {{n} trial was} other {{n} trials were}} interrupted from outside and not counted; the first in block {block}, at {time} UTC: {reason}. What came next began with cold caches, or in an engine just started.',
  baselineMissing:
    'The baseline {baseline} is not among the runtimes of this run: there are no ratios and no verdicts.',
  baselineUnavailable:
    'The baseline {baseline} cannot run here ({reason}): there are no ratios and no verdicts.',
  baselineIncomplete:
    'The baseline {baseline} has no values for {empty} of {all} tests, which therefore have no ratios: {subjects}.',
  failedTrials:
    '{trials, plural, one {{trials} trial} other {{trials} trials}} failed, in {n, plural, one {{n} combination} other {{n} combinations}} of test and runtime: {cells}.',
  fewByDesign:
    '{tests} {n, plural, one {is} other {are}} measured in at most {most} {most, plural, one {block} other {blocks}} by design; a verdict takes {needed}. The figures describe, and more time adds none.',
  tooFewBlocks:
    '{short} of {all} comparisons {short, plural, one {has} other {have}} too few paired blocks to claim any difference, however large; {needed} are needed.',
  outOfTime:
    '{time} of measuring was not enough on this host: {runtimes} have no verdict. A quieter host needs fewer blocks; report.md says how many each needs here.',
});

const words = messages('warning', {
  differsBy: '{subject} by {share}',
  openOf: '{open} of {all} comparisons of {runtime}',
  andMore: 'and {n} more',
  cellsAndMore: '{cells} and {n} more',
});

/** The comparisons of a run. */
interface ComparisonRows {
  readonly rows: readonly SummaryRow[];
  /** Rows of the A/A control. */
  readonly aaRows: readonly SummaryRow[];
  readonly aaCheck: AaCheck | null;
  /** Blocks that are measured of a test at most. */
  readonly maxBlocksOf?: ReturnType<typeof maxBlocksOf>;
}

/**
 * Find the doubts about a run as a whole, most serious first. Without `trials`, noise and the cgroups of counted
 * processes are not judged.
 */
export function findWarnings(
  run: RunRecord,
  { rows, aaRows, aaCheck, maxBlocksOf: mostOf = () => Number.POSITIVE_INFINITY }: ComparisonRows,
  trials: readonly TrialRecord[] | undefined,
): Warning[] {
  return [
    ...emulated(run),
    ...emulatedGuest(run, trials ?? []),
    ...inDuets(run),
    ...withDuetProposal(run, aaControlDoubt(run, aaRows, aaCheck)),
    ...unfinished(run),
    ...interruptions(run, trials ?? []),
    ...lostOutputs(trials ?? []),
    ...baselineDoubt(run, rows),
    ...failedCells([...rows, ...aaRows]),
    ...outOfTime(run, rows),
    ...tooFewBlocks(run, rows, mostOf),
    ...placementWarnings(run, trials ?? []),
    ...noiseWarnings(trials ?? []),
  ];
}

function emulated({ host }: RunRecord): Warning[] {
  return host.emulation === null ? [] : [warning('emulated', text.emulated({ by: host.emulation }))];
}

/** Warn that the guests of these runtimes were emulated, unlike the rest of the run. */
function emulatedGuest(run: RunRecord, trials: readonly TrialRecord[]): Warning[] {
  return [...emulatedGuests(run, trials)].map(([runtime, by]) =>
    warning('emulated-guest', text.emulatedGuest({ runtime, by })),
  );
}

/** Warn if the baseline differs from itself, or if that could not be checked. */
function aaControlDoubt(run: RunRecord, aaRows: readonly SummaryRow[], check: AaCheck | null): Warning[] {
  const { baseline, thresholds } = run.config;
  const headlines = aaRows.filter((row) => row.headline);
  if (check === null || headlines.length === 0) return [];
  const { comparisons, rms, limit, widening } = check;
  if (rms === null || limit === null) {
    const classes = noiseFloors(headlines, thresholds).map((floor) => floor.class);
    const message =
      classes.length === 0
        ? text.aaAbsent({ baseline })
        : text.aaUnknown({ classes: listed(classes), baseline });
    return [warning('aa-unknown', message)];
  }
  if (widening === 1) return [];
  const differing = headlines
    .filter(({ p, ratio }) => p !== null && ratio !== null)
    .toSorted((a, b) => (a.p ?? 1) - (b.p ?? 1))
    .filter(({ p }, index) => index === 0 || (p ?? 1) < thresholds.alpha);
  const found: Value[] = differing.slice(0, 5).map((row) =>
    words.differsBy({
      subject: cellLabel({ ...row, runtime: baseline }),
      share: percentFromOne(row.ratio),
    }),
  );
  const more = differing.length - found.length;
  if (more > 0) found.push(words.andMore({ n: more }));
  const values = { baseline, n: comparisons, rms: quantity(rms, '', 2), limit: quantity(limit, '', 2) };
  return [warning('aa-differs', text.aaDiffers({ ...values, found: listed(found) }))];
}

function unfinished(run: RunRecord): Warning[] {
  if (run.status === 'complete') return [];
  const message =
    run.status === 'running' ? text.runRunning : text.runEnded({ status: runStatus[run.status] });
  return [warning(`run-${run.status}`, message)];
}

/** Warn about trials of a finished run that were interrupted, not by the user: made again, or never measured. */
function interruptions(run: RunRecord, trials: readonly TrialRecord[]): Warning[] {
  const lost = trials.flatMap(({ outcome, ...trial }) =>
    outcome.status === 'interrupted' && outcome.reason !== undefined
      ? [{ ...trial, reason: recalled(outcome, 'reason') }]
      : [],
  );
  const [first] = lost;
  if (run.status !== 'complete' || first === undefined) return [];
  const ended = trials.filter(({ outcome }) => outcome.status !== 'interrupted');
  const measured = new Set(ended.map(({ trialId }) => trialId));
  const open = lost.filter(({ trialId }) => !measured.has(trialId));
  const never = new Map(open.map((trial) => [trial.trialId, trial.reason]));
  const last = [...never.values()].at(-1);
  const { block, startedAt, reason } = first;
  const time = startedAt.slice(0, 16).replace('T', ' ');
  return [
    ...(last === undefined ? [] : [warning('unmeasured', text.unmeasured({ n: never.size, reason: last }))]),
    warning('interrupted-trials', text.interruptedTrials({ n: lost.length, block, time, reason })),
  ];
}

function baselineDoubt(run: RunRecord, rows: readonly SummaryRow[]): Warning[] {
  const { baseline } = run.config;
  const facts = runtimesByName(run).get(baseline);
  if (facts === undefined) return [warning('baseline-missing', text.baselineMissing({ baseline }))];
  const { preflight } = facts;
  if (preflight.status === 'unavailable') {
    const reason = recalled(preflight, 'reason');
    return [warning('baseline-unavailable', text.baselineUnavailable({ baseline, reason }))];
  }
  // A workload that a layer cannot run under any runtime is no doubt about the baseline.
  const isMeasurable = (row: SummaryRow) =>
    rows.some((other) => other.n + other.failures > 0 && subjectKey(other) === subjectKey(row));
  const own = rows.filter((row) => row.runtime === baseline && row.headline && isMeasurable(row));
  const empty = own.filter((row) => row.n === 0);
  if (empty.length === 0) return [];
  const values = { baseline, empty: empty.length, all: own.length, subjects: cellList(empty) };
  return [warning('baseline-incomplete', text.baselineIncomplete(values))];
}

function failedCells(rows: readonly SummaryRow[]): Warning[] {
  const failed = rows.filter((row) => row.headline && row.failures > 0);
  if (failed.length === 0) return [];
  const trials = failed.reduce((sum, row) => sum + row.failures, 0);
  const values = { trials, n: failed.length, cells: cellList(failed) };
  return [warning('failed-trials', text.failedTrials(values))];
}

/** Rows of headlines that are compared with the baseline. Facts are reported, not compared. */
function comparedRows(rows: readonly SummaryRow[]): readonly SummaryRow[] {
  return rows.filter(
    (row) => row.headline && row.pairs > 0 && row.verdict !== 'baseline' && row.category !== 'isolation',
  );
}

/** Warn that the time ended first, where it leaves half of a runtime's comparisons or more without a verdict. */
function outOfTime({ stopReason, config }: RunRecord, rows: readonly SummaryRow[]): Warning[] {
  if (stopReason !== 'max-time') return [];
  const left = [...Map.groupBy(comparedRows(rows), ({ runtime }) => runtime)].flatMap(([runtime, own]) => {
    const open = own.filter(({ verdict }) => verdict === 'inconclusive').length;
    return open > 0 && 2 * open >= own.length ? [words.openOf({ open, all: own.length, runtime })] : [];
  });
  if (left.length === 0) return [];
  const time = quantity(Math.round(config.maxTimeMs / 1000), 's');
  return [warning('out-of-time', text.outOfTime({ time, runtimes: listed(left, 'and') }))];
}

/** Comparisons that more blocks would decide; and, once, tests that are by their own limit never measured in enough. */
function tooFewBlocks(
  run: RunRecord,
  rows: readonly SummaryRow[],
  mostOf: ReturnType<typeof maxBlocksOf>,
): Warning[] {
  const { thresholds } = run.config;
  const compared = comparedRows(rows);
  if (compared.length === 0) return [];
  const needed = blocksForInterval(thresholds.alpha);
  const short = compared.filter((row) => row.pairs < needed);
  const byDesign = short.filter((row) => mostOf(row) < needed);
  const tests = [...new Set(byDesign.map(({ workload, params }) => `${workload} ${params}`.trim()))];
  const most = Math.max(...byDesign.map(mostOf));
  const others = short.length - byDesign.length;
  return [
    ...(others === 0
      ? []
      : [warning('too-few-blocks', text.tooFewBlocks({ short: others, all: compared.length, needed }))]),
    ...(tests.length === 0
      ? []
      : [
          warning(
            'few-blocks-by-design',
            text.fewByDesign({ tests: listed(tests, 'and'), n: tests.length, most, needed }),
          ),
        ]),
  ];
}

/** Names of cells, at most five. */
function cellList(rows: readonly SummaryRow[]): Value {
  const cells = listed(rows.slice(0, 5).map(cellLabel));
  return rows.length > 5 ? words.cellsAndMore({ cells, n: rows.length - 5 }) : cells;
}
