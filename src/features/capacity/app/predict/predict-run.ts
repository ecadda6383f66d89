import { resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { languageOf } from '../../../../app/measure/configuration.ts';
import { type ReadFlags, resultsOf } from '../../../../app/measure/past-runs.ts';
import { openReadable, type ReadableRun } from '../../../../app/readable-run.ts';
import { emulatedGuests } from '../../../../core/analyze/emulated-guests.ts';
import { parseConfidence, parseFraction, parseList, parseWhole } from '../../../../core/config/quantities.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import { misuse, type Problem, problemOf } from '../../../../core/model/error.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { sizeOverhead } from '../../overhead/fit-overhead.ts';
import { nativeRuntime } from '../../overhead/overhead.ts';
import type { SizeOverhead } from '../../overhead/overhead-record.ts';
import { measuredRun, missingOf } from '../../overhead/parts.ts';
import { applicationsOf } from '../../predict/applications.ts';
import { crowding, demandOf } from '../../predict/features.ts';
import { measuredCells } from '../../predict/measured.ts';
import { predictionOf } from '../../predict/predict.ts';
import type { Prediction } from '../../predict/prediction.ts';
import type { Recording } from '../../recording/recording.ts';
import { findRecording } from '../../recording/recordings-on-disk.ts';
import { recordingsOf } from '../../recording/run-recordings.ts';
import { orProblems } from '../or-problems.ts';
import { joinedRuns } from '../runs/joined-runs.ts';
import { predictionNeed } from '../runs/needs.ts';
import { hostNotes } from './host-refusals.ts';
import { recordingProblems, runProblems, runtimeProblems } from './run-refusals.ts';

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

/** Flags of `ocibench capacity predict`, as typed. */
export interface PredictFlags extends ReadFlags {
  readonly runtimes?: string;
  /** The run to predict from. */
  readonly from?: string;
  readonly utilisation?: string;
  readonly cpus?: string;
  readonly confidence?: string;
}

/** Request for a prediction, from the flags. */
interface PredictionRequest {
  readonly confidence: number;
  /** null: no wall time. */
  readonly utilisation: number | null;
  /** null: the CPUs of the recorded host. */
  readonly cpus: number | null;
  /** null: all of the run. */
  readonly runtimes: readonly string[] | null;
}

const usualConfidence = '90%';
/** Upper limit, above any machine: the queueing formula loops over the CPUs. */
const mostCpus = 8192;

/** Parses the flags; an invalid flag becomes a problem. */
function askedPrediction(flags: PredictFlags, problems: Problem[]): PredictionRequest {
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
    confidence: confidence ?? 0.5,
    utilisation,
    cpus,
    runtimes: flags.runtimes === undefined ? null : parseList(flags.runtimes),
  };
}

const text = notices('predictRun', { unusable: 'this prediction is not possible' });

/** The run that was named, or the newest of this host that has what a prediction needs, or the newest. */
async function runToPredictFrom(
  app: AppContext,
  flags: PredictFlags,
  asked: PredictionRequest,
): Promise<ReadableRun> {
  const { from = 'latest' } = flags;
  if (from !== 'latest') return openReadable(app, from, flags);
  const { runtimes: _, ...others } = flags;
  const { base, of } = await joinedRuns(app, from, [predictionNeed], {
    ...others,
    ...(asked.runtimes && { runtimes: asked.runtimes }),
  });
  return of.get(predictionNeed.id) ?? base;
}

/**
 * Predicts the cost of a recorded service under the runtimes of a stored run (the newest that fits unless `--from` names one).
 * OcibenchError (exit 2) with every problem of the recording, the run and the flags.
 */
export async function predict(
  app: AppContext,
  name: string,
  flags: PredictFlags,
): Promise<{ readonly prediction: Prediction; readonly run: RunRecord; readonly lang: Lang }> {
  const { workingDirectory } = app.environment;
  const problems: Problem[] = [];
  const asked = askedPrediction(flags, problems);
  const results = resultsOf(app, flags.in);
  const path = resolve(workingDirectory, name);
  const found = await orProblems(problems, () => findRecording(name, { path, results }));
  const recording = found?.recording ?? null;
  const stored = await orProblems(problems, () => runToPredictFrom(app, flags, asked));
  if (found !== null) problems.push(...recordingProblems(found, stored?.run ?? null));
  if (stored !== null) {
    const { run } = stored;
    const native = nativeRuntime(run);
    const cells = measuredCells(run, stored.trials, stored.workloads);
    const recordings = await orProblems(problems, () => recordingsOf(stored.path, run));
    const applications =
      native === null || recordings === null ? [] : applicationsOf(cells, recordings, native, run.host.cpus);
    if (recordings !== null) problems.push(...runProblems(run, applications));
    problems.push(...runtimeProblems(run, native, asked.runtimes ?? []));
    const counted = recording === null ? null : demandOf(recording, recording.work?.units ?? null);
    if (problems.length === 0 && recording !== null && counted !== null && native !== null) {
      const demand = crowding(counted, counted.concurrency, recording.host.cpus);
      const others = run.runtimes.map(({ entry }) => entry.name).filter((each) => each !== native);
      const { confidence, utilisation } = asked;
      for (const note of hostNotes(recording.host, run)) app.reporter.warn(note);
      const prediction = predictionOf({
        run,
        native,
        cells,
        applications,
        recording,
        demand,
        confidence,
        utilisation,
        name: nameOf(recording),
        runtimes: asked.runtimes ?? others,
        emulated: emulatedGuests(run, stored.trials),
        cpus: asked.cpus ?? recording.host.cpus,
        memory: memoryOf(stored, { native, runtimes: others, confidence }),
      });
      return {
        prediction,
        run,
        lang: flags.lang === undefined ? app.reporter.lang : languageOf(flags.lang),
      };
    }
  }
  throw misuse(text.unusable, problems);
}

/** Name of the recorded target: a workload with its parameters, or the user's name. */
function nameOf({ work, target }: Recording): string {
  return work === undefined ? target.name : `${work.workload} ${work.params}`.trim();
}

/** Runtime → memory that its sandbox adds; only runtimes that the run measured at enough sizes. */
function memoryOf(
  { run, trials, workloads }: ReadableRun,
  { native, runtimes, confidence }: { native: string; runtimes: readonly string[]; confidence: number },
): ReadonlyMap<string, SizeOverhead> {
  if (missingOf('size', run).length > 0) return new Map();
  const measured = measuredRun(run, trials, workloads);
  return new Map(
    runtimes.flatMap((runtime) => {
      const size = sizeOverhead(measured, { runtime, native, confidence });
      return size === null ? [] : [[runtime, size] as const];
    }),
  );
}
