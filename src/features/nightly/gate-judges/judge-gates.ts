import type { AppContext } from '../../../app/context.ts';
import { analysisOf } from '../../../app/measure/conclude.ts';
import type { GatedRun, Gates, JudgeGates } from '../../../app/ports.ts';
import { compareRuns } from '../../../core/analyze/runs/compare-runs.ts';
import { flaggedTrials } from '../../../core/analyze/warnings/steadiness.ts';
import { hostIdentity } from '../../../core/host/host-identity.ts';
import { type GateReport, gateVerdict } from '../../../core/model/analysis/gate.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';
import { isOfFirstProfile } from '../../../core/model/runtime/container-profile.ts';
import type { TrialRecord } from '../../../core/model/trial/trial.ts';
import { openHistory } from '../app/history/history-file.ts';
import { headlinesOf } from '../app/night/lines.ts';
import { historyPlace } from '../app/night/settings.ts';
import type { GateEvidence } from '../gate/evidence.ts';
import { judge } from '../gate/judge.ts';
import type { ReferenceNights } from '../gate/night-figure.ts';
import { countedLines, type History, recordedSeries } from '../history/recorded-series.ts';

/** A run and the history of its nights. */
interface GatedNightRun extends GatedRun {
  readonly nights: { readonly directory: string; readonly history: History };
}

/** The history for limits against `last` and `accepted`; read only if a limit needs it. */
async function nightsFor(
  app: Pick<AppContext, 'reporter' | 'clock'>,
  { gates }: Gates,
  directory: string,
): Promise<GatedNightRun['nights']> {
  const isNeeded = gates.some(({ vs }) => vs === 'last' || vs === 'accepted');
  return isNeeded ? await openHistory(app, directory) : { directory, history: countedLines([]) };
}

/** Judges a run twice: with all of its trials, and without those that ran while the host was disturbed. */
export function judgeGates({ gates, baselines }: Gates, gated: GatedNightRun): GateReport {
  const { run, trials, nights } = gated;
  const { host, isNight } = nightOf(run, nights.history);
  const flagged = flaggedTrials(trials);
  const undisturbed = trials.filter(({ trialId }) => !flagged.has(trialId));
  const results = judge(gates, {
    whole: evidenceOf(gated, trials, host),
    undisturbed: flagged.size === 0 ? null : evidenceOf(gated, undisturbed, host),
    trials,
    baselines,
    nights: {
      directory: nights.directory,
      series: isNight ? recordedSeries(nights.history, host) : null,
    } satisfies ReferenceNights,
  });
  return { run: run.runId, verdict: gateVerdict(results), results: [...results] };
}

/** The night of the run in the history, which names the host that measured it. */
function nightOf({ runId }: RunRecord, { nights }: History) {
  const night = nights.find(({ run }) => run === runId);
  return { host: night?.host ?? hostIdentity(), isNight: night !== undefined };
}

function evidenceOf(
  { run, workloads, before }: GatedRun,
  trials: readonly TrialRecord[],
  host: string,
): GateEvidence {
  const { measurements, analysis } = analysisOf(run, trials, workloads);
  // Gates apply to the run's first profile only.
  const lines = headlinesOf({ run, trials, measurements, analysis }, workloads, {
    stage: 'night',
    host,
    fromBlock: 0,
  }).filter((line) => isOfFirstProfile(line, run));
  const changes = before === undefined ? null : compareRuns(before, { run, analysis, measurements });
  return { run, analysis, lines, changes };
}

const judgeByHistory: JudgeGates = async (app, gates, gated, flags) => {
  const nights = await nightsFor(app, gates, historyPlace(app, flags).history);
  return judgeGates(gates, { ...gated, nights });
};

export default judgeByHistory;
