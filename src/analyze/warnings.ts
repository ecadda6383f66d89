import type { Analysis, SummaryRow } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import type { TrialRecord } from '../model/trial.ts';
import { blocksNeeded } from './blocks-needed.ts';
import { wasMeasured } from './effective-trial.ts';
import { differsFromItself, noiseFloors } from './noise-floor.ts';
import { placementWarnings } from './placement-warnings.ts';
import { cellLabel, runtimesByName } from './subjects.ts';
import { emulatedGuests } from './uncounted.ts';

type Warning = Analysis['warnings'][number];

/** From this share of flagged trials on, the host's noise is a doubt about the whole run. */
export const noiseShare = 0.1;

/** Doubts about a run as a whole, gravest first. `aaRows`: of the baseline's second arm. Without `trials` nothing is said of noise and of where processes were counted. */
export function findWarnings(
  run: RunRecord,
  { rows, aaRows }: { readonly rows: readonly SummaryRow[]; readonly aaRows: readonly SummaryRow[] },
  trials: readonly TrialRecord[] | undefined,
): Warning[] {
  return [
    ...emulated(run),
    ...emulatedGuest(run, trials ?? []),
    ...secondArmDoubt(run, aaRows),
    ...unfinished(run),
    ...unmeasured(run, trials ?? []),
    ...baselineDoubt(run, rows),
    ...failedCells([...rows, ...aaRows]),
    ...tooFewBlocks(run, rows),
    ...placementWarnings(run, trials ?? []),
    ...noisyTrials(trials ?? []),
    ...partlySeenLoad(trials ?? []),
  ];
}

function emulated({ host }: RunRecord): Warning[] {
  if (host.emulation === null) return [];
  const message = `The processor was emulated (${host.emulation}): ratios between runtimes are for demonstration, not for decisions.`;
  return [{ code: 'emulated', message }];
}

/** What was measured on a real processor but for the guests of these runtimes. */
function emulatedGuest(run: RunRecord, trials: readonly TrialRecord[]): Warning[] {
  return [...emulatedGuests(run, trials)].map(([runtime, by]) => ({
    code: 'emulated-guest',
    message: `${runtime}: its virtual machine was emulated (${by}), without KVM. All its times and rates are the emulator’s, and say nothing of ${runtime} on KVM.`,
  }));
}

/** Headlines in which the baseline differs from itself, or in which its second arm says nothing. */
function secondArmDoubt(run: RunRecord, aaRows: readonly SummaryRow[]): Warning[] {
  const { baseline, thresholds } = run.config;
  const headlines = aaRows.filter((row) => row.headline);
  const differing = headlines.filter((row) => differsFromItself(row, thresholds));
  const floors = noiseFloors(headlines, thresholds);
  const unknown = [...floors.values()].filter(({ ratioHigh }) => ratioHigh === null);
  const percent = (ratio: number | null) => `${Number((100 * ((ratio ?? 1) - 1)).toPrecision(2))} %`;
  const found = differing
    .slice(0, 5)
    .map((row) => `${cellLabel({ ...row, runtime: baseline })} by ${percent(row.ratio)}`);
  if (differing.length > found.length) found.push(`and ${differing.length - found.length} more`);
  const warnings: Warning[] = [];
  if (differing.length > 0)
    warnings.push({
      code: 'aa-differs',
      message: `The baseline ${baseline}, measured twice in every block, differs from itself in ${differing.length} of ${headlines.length} subjects: ${found.join(', ')}. The host disturbs such figures; their kind is claimed to differ only where the whole interval lies beyond the run’s own noise.`,
    });
  if (unknown.length > 0)
    warnings.push({
      code: 'aa-unknown',
      message: `The run’s own noise is not known for ${unknown.map((floor) => floor.class).join(', ')}: the second measurement of ${baseline} has too few values there, so verdicts do not take it into account.`,
    });
  return warnings;
}

function unfinished(run: RunRecord): Warning[] {
  if (run.status === 'complete') return [];
  const message =
    run.status === 'running'
      ? 'The run has not finished; these are the figures so far.'
      : `The run is ${run.status}; what it had planned is not all there.`;
  return [{ code: `run-${run.status}`, message }];
}

/** Trials of a finished run that were interrupted however often they were tried, and not by the user. */
function unmeasured(run: RunRecord, trials: readonly TrialRecord[]): Warning[] {
  if (run.status !== 'complete') return [];
  const reasons = [...Map.groupBy(trials, ({ trialId }) => trialId).values()].flatMap((attempts) => {
    const last = attempts.at(-1)?.outcome;
    const never = attempts.every(({ outcome }) => outcome.status === 'interrupted');
    return never && last?.status === 'interrupted' && last.reason !== undefined ? [last.reason] : [];
  });
  const message = `${reasons.length} trial${reasons.length === 1 ? ' has' : 's have'} no value, since each was interrupted whenever it was tried; the last time: ${reasons.at(-1)}.`;
  return reasons.length === 0 ? [] : [{ code: 'unmeasured', message }];
}

function baselineDoubt(run: RunRecord, rows: readonly SummaryRow[]): Warning[] {
  const { baseline } = run.config;
  const facts = runtimesByName(run).get(baseline);
  if (facts === undefined)
    return [
      {
        code: 'baseline-missing',
        message: `The baseline ${baseline} is not among the runtimes of this run: there are no ratios and no verdicts.`,
      },
    ];
  if (facts.preflight.status === 'unavailable')
    return [
      {
        code: 'baseline-unavailable',
        message: `The baseline ${baseline} cannot run here (${facts.preflight.reason}): there are no ratios and no verdicts.`,
      },
    ];
  const own = rows.filter((row) => row.runtime === baseline && row.headline);
  const empty = own.filter((row) => row.n === 0);
  if (empty.length === 0) return [];
  return [
    {
      code: 'baseline-incomplete',
      message: `The baseline ${baseline} has no values for ${empty.length} of ${own.length} subjects, which therefore have no ratios: ${listed(empty)}.`,
    },
  ];
}

function failedCells(rows: readonly SummaryRow[]): Warning[] {
  const failed = rows.filter((row) => row.headline && row.failures > 0);
  if (failed.length === 0) return [];
  const trials = failed.reduce((sum, row) => sum + row.failures, 0);
  return [
    {
      code: 'failed-trials',
      message: `${trials} trial${trials === 1 ? '' : 's'} failed, in ${failed.length} cell${failed.length === 1 ? '' : 's'}: ${listed(failed)}.`,
    },
  ];
}

function tooFewBlocks(run: RunRecord, rows: readonly SummaryRow[]): Warning[] {
  const { baseline, thresholds } = run.config;
  // Facts are not claimed to differ: they are told.
  const compared = rows.filter(
    (row) => row.headline && row.pairs > 0 && row.runtime !== baseline && row.category !== 'isolation',
  );
  if (compared.length === 0) return [];
  const needed = blocksNeeded(compared.length, thresholds.alpha);
  const short = compared.filter((row) => row.pairs < needed).length;
  if (short === 0) return [];
  return [
    {
      code: 'too-few-blocks',
      message: `${short} of ${compared.length} comparisons have too few paired blocks for a difference to be claimed, whatever its size; ${needed} are needed.`,
    },
  ];
}

function noisyTrials(trials: readonly TrialRecord[]): Warning[] {
  const measured = trials.filter((trial) => wasMeasured(trial) && trial.noise !== null);
  const flagged = measured.filter((trial) => (trial.noise?.flags.length ?? 0) > 0);
  if (flagged.length === 0 || flagged.length < noiseShare * measured.length) return [];
  const counts = new Map<string, number>();
  for (const flag of flagged.flatMap((trial) => trial.noise?.flags ?? []))
    counts.set(flag, (counts.get(flag) ?? 0) + 1);
  const flags = [...counts].sort((a, b) => b[1] - a[1]).map(([flag, count]) => `${flag} ×${count}`);
  const share = Math.round((100 * flagged.length) / measured.length);
  return [
    {
      code: 'noisy-host',
      message: `${flagged.length} of ${measured.length} measured trials (${share} %) ran while the host was disturbed: ${flags.join(', ')}.`,
    },
  ];
}

/** Where the CPU time of the engine is not known, the load of others is known in part only. */
function partlySeenLoad(trials: readonly TrialRecord[]): Warning[] {
  const measured = trials.filter((trial) => wasMeasured(trial) && trial.noise !== null);
  const reasons = measured.flatMap(({ engineCpu, noise }) =>
    'absent' in engineCpu && noise?.otherCpuNs !== undefined ? [engineCpu.absent] : [],
  );
  const [reason] = reasons;
  if (reason === undefined || reasons.length < noiseShare * measured.length) return [];
  return [
    {
      code: 'load-partly-seen',
      message: `The engine’s CPU time cannot be told apart (${reason}): load of others is flagged where it is in cgroups of its own or in processes that live through a trial, and not where it is short-lived and beside the engine.`,
    },
  ];
}

function listed(rows: readonly SummaryRow[], most = 5): string {
  const labels = rows.slice(0, most).map(cellLabel);
  return rows.length > most ? `${labels.join(', ')} and ${rows.length - most} more` : labels.join(', ');
}
