import { join, resolve } from 'node:path';
import type { AppContext } from '../../../app/context.ts';
import { hostOf } from '../../../app/host-checks.ts';
import { clearLeftovers } from '../../../app/leftovers/leftovers.ts';
import type { Session } from '../../../app/measure/engine-session.ts';
import { makeScratch, removeScratch } from '../../../app/measure/engines.ts';
import { holdHost } from '../../../app/measure/host-lock.ts';
import { newRunId } from '../../../app/measure/past-runs.ts';
import { runNetwork } from '../../../app/measure/prepare.ts';
import { registeredRuntimes, reportNotes } from '../../../app/measure/registered.ts';
import type { TriedRuntimes } from '../../../app/measure/try-runtimes.ts';
import { openStored, renewReport } from '../../../app/open-stored.ts';
import { describeOutcome, judgeAttempt } from '../../../core/analyze/effective-trial.ts';
import { openTrialCgroup } from '../../../core/collect/cgroup/trial.ts';
import { workDefinition } from '../../../core/config/work-definition.ts';
import { readHostFacts } from '../../../core/host/facts.ts';
import { defaultLimits, stepLimits } from '../../../core/measure/execute/deadline.ts';
import { engineLost } from '../../../core/measure/execute/engine-guard.ts';
import { attemptTrial } from '../../../core/measure/execute/trial-attempts.ts';
import { needsRunNetwork } from '../../../core/measure/schedule/subjects.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { defaultLayer, type Layer } from '../../../core/model/cell.ts';
import { type ExitCode, exitCodes } from '../../../core/model/error.ts';
import type { ImageFacts, RunRecord } from '../../../core/model/run.ts';
import { subjectName } from '../../../core/model/subject-name.ts';
import { type MeasuredWork, type WorkPlace, type WorkWatch, watchWork } from './record-work.ts';
import {
  chooseWorks,
  definitionProblems,
  hostProblems,
  imageProblems,
  placeProblems,
  type RecordableWork,
  refuseRun,
  sourceOf,
  tryBaseline,
} from './recordable-works.ts';
import type { Recording } from './recording.ts';
import { failureOf, loopOf, recordingOf, refuseWithoutMeans } from './recording-parts.ts';
import { cgroupsHere, type RecordFlags, runRecordRequest } from './recording-target.ts';
import { recordingFileName, recordingsDirectory } from './recordings-on-disk.ts';

const text = notices('recordRun', {
  interrupted: 'interrupted: ending the recording',
  preparing: 'preparing: the images and the baseline {runtime}',
  recording: '{work}: {at} of {all}',
  failed: '{work} was not recorded: {reason}',
  late: '{work}: counting began {ms} ms after the work; trying again',
  alwaysLate: 'in all {n} attempts, counting began after the work; try again on a less busy host',
  noWork: 'its work did not begin, or did not end',
});

/** Maximum number of tries for a workload whose window opens too late. */
const maxTries = 3;

/** A workload without a recording, and the reason. */
interface FailedRecording {
  readonly work: string;
  readonly reason: Message;
}

/** Result of recording a run's workloads. */
export interface RunRecordings {
  /** The run's directory. */
  readonly path: string;
  readonly runId: string;
  readonly recordings: readonly { readonly recording: Recording; readonly file: string }[];
  readonly failed: readonly FailedRecording[];
  /** Were the run's reports renewed with the recordings? */
  readonly reported: boolean;
  readonly exitCode: ExitCode;
}

/**
 * `ocibench capacity record --run RUN`: runs each stamped workload of a stored run once more under its baseline, and stores recordings
 * of its work in the run's directory. OcibenchError: exit 2 if the run or the host has changed, 3 if no tracer works here, 4 if
 * another process is measuring.
 */
export async function recordRun(
  app: AppContext,
  flags: RecordFlags,
  command: readonly string[],
): Promise<RunRecordings> {
  const { reporter, environment, clock } = app;
  const request = runRecordRequest(flags, command);
  const stored = await openStored(app, request.run, flags);
  const { path, run, workloads, configuration } = stored;
  const { works, problems } = chooseWorks(run, workloads, request.wanted);
  refuseRun(run, [
    ...problems,
    ...(await placeProblems(path)),
    ...hostProblems(run, await readHostFacts()),
    ...(await definitionProblems(run, works)),
  ]);
  await refuseWithoutMeans(environment);
  const cgroups = cgroupsHere();
  const resolution = configuration.resolve(
    flags.daemonJson === undefined ? {} : { daemonJson: flags.daemonJson },
  );
  const source = await sourceOf(run, await registeredRuntimes(resolution));
  reportNotes(reporter, source.registered);
  const out = resolve(environment.workingDirectory, flags.in ?? '.');
  using interrupt = app.interrupts(text.interrupted);
  await using lock = await holdHost(app, {
    command: 'ocibench capacity record',
    runId: () => newRunId(clock.date()),
    wait: flags.wait ?? false,
    interrupt: interrupt.signal,
  });
  await clearLeftovers(app, out);
  const { runId, since: startedAt } = lock.owner;
  const layer = works[0]?.record.layer ?? defaultLayer;
  await using session = await app.engines.openSession(runId, run.engine.kind, source.registered.entries, {
    daemon: flags,
    reporter,
    environment,
    layers: [layer],
    compared: [run.config.baseline],
  });
  reporter.log(text.preparing({ runtime: run.config.baseline }));
  const host = await hostOf(session);
  const tried = await tryBaseline(session, source, { host, works, interrupt: interrupt.signal });
  refuseRun(run, imageProblems(run, tried.images));
  const network = works.some(({ subject }) => needsRunNetwork(subject)) ? await runNetwork(session) : null;
  await using afterwards = new AsyncDisposableStack();
  const scratch = await makeScratch(`${runId}-tracer`);
  afterwards.defer(() => removeScratch(scratch));
  const recordings: { readonly recording: Recording; readonly file: string }[] = [];
  const failed: FailedRecording[] = [];
  try {
    const loop = afterwards.use(await loopOf(cgroups, runId));
    const { timedOneOf } = request;
    const place: WorkPlace = { cgroups, loop, host, timedOneOf, scratch, interrupt: interrupt.signal };
    for (const [at, work] of works.entries()) {
      if (interrupt.signal.aborted) break;
      const name = subjectName(work.record);
      reporter.log(text.recording({ work: name, at: at + 1, all: works.length }));
      const found = await recordWork(app, work, {
        session,
        run,
        tried,
        place,
        layer,
        at,
        network: network?.name ?? null,
      });
      if (interrupt.signal.aborted) break;
      if ('reason' in found) {
        reporter.warn(text.failed({ work: name, reason: found.reason }));
        failed.push({ work: name, reason: found.reason });
        continue;
      }
      const recording = recordingOf(found.measured, {
        ...found,
        runId,
        startedAt,
        host,
        harnessVersion: environment.version,
      });
      const file = join(path, recordingsDirectory, recordingFileName(work.record));
      await app.store.removeManifest(path);
      await app.store.writeAtomically(file, `${JSON.stringify(recording, null, 1)}\n`);
      recordings.push({ recording, file });
    }
  } catch (error) {
    throw failureOf(error);
  } finally {
    if (recordings.length > 0) await app.store.writeManifest(path);
  }
  const reported = recordings.length > 0 && (await renewReport(app, stored));
  const exitCode = interrupt.signal.aborted
    ? exitCodes.interrupted
    : failed.length > 0
      ? exitCodes.someFailed
      : exitCodes.ok;
  return { path, runId: run.runId, recordings, failed, reported, exitCode };
}

/** Parts of a recording that differ between the workloads of a run. */
interface WorkloadRecording extends Pick<MeasuredWork, 'measured' | 'target' | 'tracer' | 'refused'> {
  readonly work: NonNullable<Recording['work']>;
  readonly exitCode: number | null;
}

/** Runs the workload; repeats it if its window opens too late. */
async function recordWork(
  { reporter }: Pick<AppContext, 'reporter'>,
  { subject, record }: RecordableWork,
  whole: {
    readonly session: Session;
    readonly run: RunRecord;
    readonly tried: TriedRuntimes;
    readonly network: string | null;
    readonly place: WorkPlace;
    readonly layer: NonNullable<RecordableWork['record']['layer']>;
    readonly at: number;
  },
): Promise<WorkloadRecording | Pick<FailedRecording, 'reason'>> {
  const { session, run, tried, network, place, layer, at } = whole;
  const { workload, params } = subject;
  const { baseline, stepLimitMs } = run.config;
  const name = subjectName(record);
  const watches: WorkWatch[] = [];
  const runTrial = session.trials({
    images: tried.images,
    subjects: [subject],
    network,
    baseline,
    explain: tried.explain,
    interrupt: place.interrupt,
    limits: stepLimitMs === undefined ? defaultLimits : stepLimits(stepLimitMs),
    samplePeriodMs: run.config.samplePeriodMs,
    watch({ trialId }) {
      const { command } = workload.container(params);
      const watch = watchWork(
        place,
        { name, command: [...command], runtime: baseline },
        cgroupOf(session, trialId, layer),
      );
      watches.push(watch);
      return watch;
    },
  });
  const cell = {
    runtime: baseline,
    profile: 'default',
    layer,
    workload: workload.id,
    params: record.params,
  };
  for (let tries = 1; tries <= maxTries; tries++) {
    const spec = { trialId: `record${at}x${tries}`, position: at, cell };
    const { result, lost } = await attemptTrial(
      { runTrial, engineLost: () => session.lost(), interrupt: place.interrupt },
      spec,
      { block: 0, phase: 'measure', attempt: 1 },
    );
    const found = (await watches.at(-1)?.found()) ?? null;
    if (lost !== null) throw engineLost(lost);
    const { outcome, values } = judgeAttempt(result.record, workload);
    if (outcome.status !== 'ok') return { reason: describeOutcome(outcome).reason };
    if (found === null) return { reason: text.noWork };
    if (found.earlyNs < 0) {
      reporter.log(text.late({ work: name, ms: Math.round(-found.earlyNs / 1e5) / 10 }));
      continue;
    }
    const units = values.find(({ metric }) => metric === 'work.units')?.value;
    return {
      ...found,
      exitCode: result.record.exitCode,
      work: {
        workload: workload.id,
        params: record.params,
        runtime: baseline,
        units: units ?? null,
        definition: workDefinition(workload, params),
        recipe: recipeOf(record.image, tried.images),
      },
    };
  }
  return { reason: text.alwaysLate({ n: maxTries }) };
}

/** The cgroup of a trial's container, relative to the hierarchies' roots. */
function cgroupOf({ hostPlace, runId, layers }: Session, trialId: string, layer: Layer): string {
  if (hostPlace === null) throw new Error('the engine of this session is elsewhere');
  const { layout, driver } = hostPlace;
  const accounting = layers?.engines.get(layer)?.accounting;
  return openTrialCgroup({ layout, driver, runId, trialId, accounting }).path;
}

function recipeOf(image: string, images: readonly ImageFacts[]): string {
  return images.find(({ recipe }) => recipe === image)?.recipeHash ?? '';
}
