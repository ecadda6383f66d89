import { resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { languageOf } from '../../../../app/measure/configuration.ts';
import { resultsOf } from '../../../../app/measure/past-runs.ts';
import { openReadable } from '../../../../app/readable-run.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import { misuse, OcibenchError, type Problem } from '../../../../core/model/error.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { applicationsOf } from '../../predict/applications.ts';
import { demandOf } from '../../predict/features.ts';
import { measuredCells } from '../../predict/measured.ts';
import { predictionOf } from '../../predict/predict.ts';
import type { Prediction } from '../../predict/prediction.ts';
import { findRecording } from '../../recording/find-recording.ts';
import type { Recording } from '../../recording/recording.ts';
import { recordingsOf } from '../../recording/run-recordings.ts';
import { measuredRun } from '../../sandbox/measured-run.ts';
import { nativeRuntime } from '../../sandbox/overhead.ts';
import type { SizeOverhead } from '../../sandbox/overhead-record.ts';
import { missingOf } from '../../sandbox/parts.ts';
import { sizeOverhead } from '../../sandbox/size-overhead.ts';
import { askedPrediction, type PredictFlags } from './flags.ts';
import { recordingProblems, runProblems, runtimeProblems } from './run-refusals.ts';

const text = notices('predictRun', { unusable: 'nothing can be predicted from what was given' });

/** What an input gives; what is wrong with it is collected, so that all is said at once. */
async function orProblems<T>(problems: Problem[], make: () => Promise<T>): Promise<T | null> {
  try {
    return await make();
  } catch (error) {
    if (!(error instanceof OcibenchError) || error.problems.length === 0) throw error;
    problems.push(...error.problems);
    return null;
  }
}

/**
 * What a recorded service would take under the runtimes of a stored run (the newest where `--from` names none).
 * OcibenchError (exit 2) with all that is wrong with the recording, the run and the flags.
 */
export async function predict(
  app: AppContext,
  name: string,
  flags: PredictFlags,
): Promise<{ readonly prediction: Prediction; readonly run: RunRecord; readonly lang: Lang }> {
  const { workingDirectory } = app.environment;
  const problems: Problem[] = [];
  const asked = askedPrediction(flags, problems);
  const results = resultsOf(app, flags.out);
  const path = resolve(workingDirectory, name);
  const found = await orProblems(problems, () => findRecording(name, { path, results }));
  const recording = found?.recording ?? null;
  const stored = await orProblems(problems, () => openReadable(app, flags.from ?? 'latest', flags));
  if (found !== null) problems.push(...recordingProblems(found, stored?.run ?? null));
  if (stored !== null) {
    const { run } = stored;
    const native = nativeRuntime(run);
    const cells = measuredCells(run, stored.trials, stored.workloads);
    const recordings = await orProblems(problems, () => recordingsOf(stored.path, run));
    const applications = native === null || recordings === null ? [] : applicationsOf(cells, recordings, native);
    if (recordings !== null) problems.push(...runProblems(run, applications));
    problems.push(...runtimeProblems(run, native, asked.runtimes ?? []));
    const demand = recording === null ? null : demandOf(recording, recording.work?.units ?? null);
    if (problems.length === 0 && recording !== null && demand !== null && native !== null) {
      const others = run.runtimes.map(({ entry }) => entry.name).filter((each) => each !== native);
      const { confidence, utilisation } = asked;
      const prediction = predictionOf({
        ...{ run, native, cells, applications, recording, demand, confidence, utilisation },
        name: nameOf(recording),
        runtimes: asked.runtimes ?? others,
        cpus: asked.cpus ?? recording.host.cpus,
        memory: memoryOf(stored, { native, runtimes: others, confidence }),
      });
      return {
        ...{ prediction, run },
        lang: flags.lang === undefined ? app.reporter.lang : languageOf(flags.lang),
      };
    }
  }
  throw misuse(text.unusable, problems);
}

/** What was recorded: a workload with its parameters, or as the user named it. */
function nameOf({ work, target }: Recording): string {
  return work === undefined ? target.name : `${work.workload} ${work.params}`.trim();
}

/** What sandboxes add to memory, of the runtimes whose memory the run has at enough sizes. */
function memoryOf(
  { run, trials, workloads }: Awaited<ReturnType<typeof openReadable>>,
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
