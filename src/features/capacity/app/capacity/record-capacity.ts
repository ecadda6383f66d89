import type { AppContext } from '../../../../app/context.ts';
import { type Configuration, openConfiguration, requestOf } from '../../../../app/measure/configuration.ts';
import { measureRun } from '../../../../app/measure/measure.ts';
import { type OpenedRun, openStored } from '../../../../app/open-stored.ts';
import type { RunFlags, RunRequest } from '../../../../core/config/command-line.ts';
import { notices } from '../../../../core/messages/define.ts';
import { type ExitCode, exitCodes } from '../../../../core/model/error.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { untilName } from '../../../../core/model/subject-name.ts';
import { recordRun } from '../../recording/record-run.ts';
import { readRecordings } from '../../recording/recordings-on-disk.ts';
import { worksOf } from '../../recording/run-recordings.ts';
import {
  capacityPreset,
  refuseAlone,
  refuseOtherRun,
  refuseUnrecordable,
  refuseWithoutBpftrace,
} from './capacity-refusals.ts';
import { blocksNeeded, type CapacityLacks, capacityLacks, isShort } from './lacks.ts';

const text = notices('recordCapacity', {
  goOn: 'run {run} keeps what was measured; to continue:  @(sudo capacity measure --resume {run})',
  measuring: 'measuring what overhead, predict and plan need; then the applications are recorded natively',
  recording: 'recording {n} applications natively',
});
/** A run with what overhead, predict and plan need. */
export interface CapacityRecording {
  /** null if nothing was measured. */
  readonly run: RunRecord | null;
  readonly path: string | null;
  /** Number of applications with a recording of their own. */
  readonly recorded: number;
  readonly lacks: CapacityLacks | null;
  readonly exitCode: ExitCode;
}

/**
 * `ocibench capacity measure`: measures in one run what overhead, predict and plan need, then records its applications natively.
 * What would prevent the recording is said before anything is measured. With `--resume`, goes on with what is missing.
 * OcibenchError: exit 2 if it is asked for wrongly, 3 if no tracer works here, 4 if another process is measuring.
 */
export async function recordCapacity(app: AppContext, flags: RunFlags): Promise<CapacityRecording> {
  const request = await requestOf(app, flags, { here: true });
  const configuration = await openConfiguration(silent(app), request, { here: true });
  await refuseUnrecordable(configuration, request);
  const read = { ...request, in: request.out };
  const before = request.resume === undefined ? null : await openStored(app, request.resume, read);
  if (before !== null) refuseOtherRun(before.run);
  await refuseWithoutBpftrace(app);
  const run = await measured(app, request, before ?? (await categoriesOf(configuration)));
  if ('exitCode' in run) return run;
  const goOn = text.goOn({ run: run.run.runId });
  try {
    const recorded = await recordApplications(app, request, run);
    const lacks = capacityLacks(run.run, run.trials, run.workloads);
    // A run that was to have few blocks is as it was asked for.
    const isFinished = !isShort(lacks) || run.run.config.maxBlocks < blocksNeeded;
    const isWhole = isFinished && lacks.runtimes.length === 0 && lacks.absent.length === 0;
    const exitCode =
      recorded.exitCode === exitCodes.ok && !isWhole ? exitCodes.someFailed : recorded.exitCode;
    if (exitCode === exitCodes.interrupted) app.reporter.warn(goOn);
    return { run: run.run, path: run.path, recorded: recorded.n, lacks, exitCode };
  } catch (error) {
    app.reporter.warn(goOn);
    throw error;
  }
}

/** The whole run, or what there is of it if it was cut off. `from`: the run to go on with, or the categories of a new one. */
async function measured(
  app: AppContext,
  request: RunRequest,
  from: OpenedRun | readonly string[],
): Promise<OpenedRun | CapacityRecording> {
  const before = 'run' in from ? from : null;
  const further = before?.run.status === 'complete' ? extensionOf(before) : {};
  if (before !== null && further === null) return before;
  if (before === null) app.reporter.log(text.measuring);
  const { resume: _, ...asked } = request;
  const { concluded, exitCode, advice, kept } = await measureRun(
    app,
    !('run' in from)
      ? {
          ...asked,
          preset: capacityPreset,
          workloads: request.workloads ?? from,
          duet: false,
          report: false,
        }
      : { ...asked, ...further, resume: from.path, report: false },
  );
  if (kept !== null) app.reporter.log(kept);
  if (concluded === null) {
    if (advice !== null) app.reporter.warn(advice);
    return { run: null, path: null, recorded: 0, lacks: null, exitCode };
  }
  const path = concluded.place.results;
  const { run } = concluded;
  if (run.status === 'complete') return openStored(app, path, { ...request, in: request.out });
  app.reporter.warn(text.goOn({ run: run.runId }));
  return { run, path, recorded: 0, lacks: null, exitCode };
}

/** The context without information for the user: the run says which configuration it is of. */
function silent({ environment, reporter }: AppContext): Pick<AppContext, 'environment' | 'reporter'> {
  return {
    environment,
    reporter: Object.assign(Object.create(reporter) as AppContext['reporter'], { log: () => undefined }),
  };
}

/** The categories of the preset: a `workloads` of the configuration must not leave out any. */
async function categoriesOf(configuration: Configuration): Promise<readonly string[]> {
  const own = (await configuration.workloads()).filter(
    ({ presets }) => (presets[capacityPreset] ?? []).length > 0,
  );
  return [...new Set(own.map(({ category }) => category))];
}

/** What brings a finished run to enough blocks; null if it has them. OcibenchError (exit 2) if nothing can. */
function extensionOf({ run, trials, workloads }: OpenedRun): Pick<RunRequest, 'until' | 'blocks'> | null {
  const lacks = capacityLacks(run, trials, workloads);
  if (!isShort(lacks)) return null;
  const { baseline } = run.config;
  const others = run.runtimes
    .filter(({ entry, preflight }) => preflight.status === 'available' && entry.name !== baseline)
    .map(({ entry }) => entry.name);
  refuseAlone(run, others);
  const short = [...lacks.works, ...lacks.applications];
  const until = short.flatMap(({ workload, params, runtime }) =>
    (runtime === baseline ? others : [runtime]).map((name) =>
      untilName({ runtime: name, workload, params }, null),
    ),
  );
  const blocks = blocksNeeded - Math.min(...short.map((each) => each.blocks));
  return { until: [...new Set(until)], blocks: { min: blocks, max: blocks } };
}

/** Records the applications that have no recording yet. */
async function recordApplications(
  app: AppContext,
  request: RunRequest,
  { path, run }: OpenedRun,
): Promise<{ readonly n: number; readonly exitCode: ExitCode }> {
  const applications = worksOf(run).filter(({ category }) => category === 'app');
  const nameOf = ({ workload, params }: { readonly workload: string; readonly params: string }) =>
    `${workload} ${params}`;
  const has = new Set((await readRecordings(path, applications)).map(({ work }) => work && nameOf(work)));
  const missing = applications.filter((each) => !has.has(nameOf(each)));
  const known = applications.length - missing.length;
  if (missing.length === 0) return { n: known, exitCode: exitCodes.ok };
  app.reporter.log(text.recording({ n: missing.length }));
  const { out, config, daemonJson, context, insecureTcp } = request;
  const { recordings, exitCode } = await recordRun(
    app,
    {
      ...(out && { in: out }),
      ...(config && { config }),
      ...(daemonJson && { daemonJson }),
      ...(context && { context }),
      ...(insecureTcp && { insecureTcp }),
      run: path,
      workloads: [...new Set(missing.map(({ workload }) => workload))].join(','),
      // Another measurement may have begun since the run ended.
      wait: true,
    },
    [],
  );
  return { n: known + recordings.length, exitCode };
}
