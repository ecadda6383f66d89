import { type Precision, runningPrecision } from '../../core/analyze/claims/precision.ts';
import { samplerCost } from '../../core/analyze/values/facts.ts';
import type { RunRequest } from '../../core/config/command-line.ts';
import type { HostCpus } from '../../core/host/usable-cpus.ts';
import { runBlocks, type StopReason } from '../../core/measure/execute/run-loop.ts';
import { measurableCells } from '../../core/measure/schedule/cells.ts';
import { type CpuHalves, cpuHalves } from '../../core/measure/schedule/duets.ts';
import { lastPart } from '../../core/measure/schedule/until.ts';
import { messages, notices, reasons } from '../../core/messages/define.ts';
import { refusal } from '../../core/model/failure/error.ts';
import type { EngineFacts } from '../../core/model/machine/host.ts';
import { layersOf, type ResolvedConfig, type RunRecord } from '../../core/model/run/run.ts';
import { isOfFirstProfile } from '../../core/model/runtime/container-profile.ts';
import { type EngineRequest, engineTraits, productOf } from '../../core/model/runtime/engine-kind.ts';
import { cellKey, executedRuntime, workKey } from '../../core/model/trial/cell.ts';
import type { TrialRecord } from '../../core/model/trial/trial.ts';
import { categorySchema } from '../../core/model/workload/metric.ts';
import { maxBlocksOf, type Workload } from '../../core/model/workload/workload.ts';
import type { StoredRun } from '../../core/store/run-directory.ts';
import type { Estimate } from '../../report/progress/lines.ts';
import type { AppContext } from '../context.ts';
import { clearContainers } from '../leftovers/leftovers.ts';
import { outputPlace } from './conclude.ts';
import type { Session } from './engine-session.ts';
import { reportDoubts, reportRuntimes, text } from './measure-notes.ts';
import { type Preparation, prepareRun } from './prepare.ts';
import { openWithRetry, type SessionEnd } from './recover.ts';
import type { RegisteredRuntimes } from './registered.ts';
import { refuseChanges } from './resume.ts';
import { runTrials } from './run-trials.ts';
import { withoutFailingLoads } from './try-loads.ts';

const duetText = notices('duet', { refused: 'nothing can be measured in duets here' });
const words = messages('duet', {
  fix: 'leave out --set duet=true (duet in the configuration), to measure one trial at a time',
});
const why = reasons('duet', {
  oneCpu: {
    message:
      'needs two CPUs, one for each of two trials; here {n, plural, =0 {none} other {{n}}} can be used',
  },
  otherHost: {
    message:
      'needs an engine on this host: ocibench cannot see which CPUs another host has, and which share a core',
  },
  noCpuset: {
    message:
      'needs the cgroup controller cpuset, which keeps each trial on its own CPUs, and is missing here',
  },
});

/** The CPUs of the two arms of a duet. OcibenchError (exit 2) with the reason where they cannot be separated. */
export function halvesFor(engine: Pick<EngineFacts, 'local'>, cpus: HostCpus): CpuHalves {
  const refuse = (reason: ReturnType<typeof why.otherHost>): never => {
    throw refusal(duetText.refused, 'duet', reason);
  };
  if (!engine.local) return refuse(why.otherHost({ fix: words.fix }));
  if (!cpus.canPin) return refuse(why.noCpuset({ fix: words.fix }));
  return cpuHalves(cpus) ?? refuse(why.oneCpu({ n: cpus.cpus.length, fix: words.fix }));
}

/** State that all sessions of a run share. */
export interface WholeRun {
  readonly request: RunRequest;
  readonly out: string;
  readonly config: ResolvedConfig;
  readonly registered: RegisteredRuntimes;
  /** The engines to start, as the configuration names them; empty where it names none. */
  readonly engines: readonly EngineRequest[];
  readonly workloads: readonly Workload[];
  readonly runId: string;
  readonly startedAt: string;
  readonly interrupt: AbortSignal;
}

/** Opens the engine, inspects the host, and measures until the run ends, is interrupted, or the engine is lost. */
export async function measureInSession(
  app: AppContext,
  whole: WholeRun,
  before: StoredRun | null,
  losses: number,
): Promise<SessionEnd> {
  const { runId, config, registered, request, interrupt } = whole;
  const { engines, reporter, clock, environment } = app;
  // A resumed run uses the kind of engine that it began with.
  const choice = before?.run.engine.kind ?? config.engine;
  const open = () =>
    engines.openSession(runId, choice, registered.entries, {
      daemon: request,
      reporter,
      environment,
      layers: layersOf(config),
      compared: config.runtimes === null ? null : [config.baseline, ...config.runtimes],
      engines: whole.engines,
    });
  await using session = await openWithRetry(open, {
    patient: losses > 0 && choice !== 'auto' && !engineTraits({ kind: choice }).isPrivate,
    interrupt,
    clock,
  });
  for (const each of session.named?.values() ?? [session]) reporter.log(text.engine(engineValues(each)));
  const halves = config.duet ? halvesFor(session.engine.facts, await app.host.cpus()) : undefined;
  const nothing = { run: null, trials: [] };
  try {
    await clearContainers(reporter, session.engine, runId);
    const looked = await prepareRun({ ...whole, session, environment, recorded: before?.run ?? null });
    // A run that goes on has its reasons in its record.
    const prepared = before === null ? await loadsTried(app, whole, { session, prepared: looked }) : looked;
    const lost = await session.lost();
    if (lost !== null || interrupt.aborted) return { ...nothing, lost };
    if (before !== null) refuseChanges(before.run, prepared.run);
    return await measure(app, whole, { session, prepared, before, halves, losses });
  } catch (error) {
    const lost = await session.lost();
    if (lost === null) throw error;
    return { ...nothing, lost };
  }
}

/** The preparation without the loads of services that give no figure. */
async function loadsTried(
  { reporter }: AppContext,
  { workloads, interrupt }: WholeRun,
  { session, prepared }: { readonly session: Session; readonly prepared: Preparation },
): Promise<Preparation> {
  const { run, subjects } = prepared;
  const runTrial = runTrials(session, prepared, run, { subjects, interrupt });
  return {
    ...prepared,
    run: await withoutFailingLoads(run, workloads, { runTrial, session, interrupt }, reporter),
  };
}

/** The record of a continued run; `isResumed`: continued by `--resume`, which adds nothing to the schedule. */
function goingOn(run: RunRecord, isResumed: boolean): RunRecord {
  const resumed = isResumed ? { resumed: (run.resumed ?? 0) + 1 } : {};
  return { ...run, ...resumed, status: 'running', finishedAt: null };
}

function engineValues({ engine }: Pick<Session, 'engine'>) {
  const { kind, version, endpoint, cgroupVersion, cgroupDriver } = engine.facts;
  return {
    kind,
    product: productOf(engine.facts),
    version,
    endpoint,
    cgroup: cgroupVersion,
    driver: cgroupDriver,
  };
}

/** Measures all blocks of a prepared run and keeps run.json up to date. */
async function measure(
  app: AppContext,
  whole: WholeRun,
  options: {
    readonly session: Session;
    readonly prepared: Preparation;
    readonly before: StoredRun | null;
    /** The CPUs of the two arms of a duet; undefined where one trial runs at a time. */
    readonly halves: CpuHalves | undefined;
    /** How often this command has lost its engine. */
    readonly losses: number;
  },
): Promise<SessionEnd> {
  const { session, prepared, before, halves, losses } = options;
  const { workloads, request, interrupt, out } = whole;
  const { subjects } = prepared;
  const { reporter, clock } = app;
  const run =
    before === null ? prepared.run : goingOn(before.run, losses === 0 && request.until === undefined);
  reportRuntimes(app, run);
  if (losses === 0) reportDoubts(app, run, subjects);
  for (const said of prepared.said) reporter.warn(said);
  const place = outputPlace(out, run.runId);
  const writer = await app.store.openRun(place.results);
  for (const { file, bytes, keptIn } of writer.setAside)
    reporter.log(text.setAside({ file, n: bytes, keptIn }));
  const cells = measurableCells(run.subjects, run.runtimes, run.config.baseline, workloads, run.config);
  const part = lastPart(run, cells);
  const { config } = part;
  const progress = await app.progress({
    config,
    subjects: new Set(part.cells.map(workKey)).size,
    runtimes: [...new Set(part.cells.map(({ runtime }) => executedRuntime(runtime, config.baseline)))],
  });
  const precisions = runningPrecision(run, workloads, part.wanted);
  const now = () => clock.date().toISOString();
  let saved = before !== null && request.until === undefined;
  let ended: StopReason | null = null;
  let isMarkedFailed = false;
  try {
    await writer.saveRun(run);
    saved = true;
    const { trials, stopReason, detail } = await runBlocks({
      ...part,
      writer,
      precisionOf(trials) {
        const found = precisions(trials);
        const first = found.filter(({ cell }) => isOfFirstProfile(cell, run));
        progress.onEstimates(first.map((precision) => estimateOf(precision, workloads)));
        return new Map(
          found.map(({ cell, halfWidth, target, shift, settled }) => [
            cellKey(cell),
            { width: halfWidth === null ? null : halfWidth / target, shift, settled },
          ]),
        );
      },
      maxBlocksOf: maxBlocksOf(workloads),
      runTrial: runTrials(session, prepared, run, { subjects, interrupt }),
      halves,
      engineLost: () => session.lost(),
      onEvent: (event) => progress.onEvent(event),
      interrupt,
      now: clock.now,
      before: { blocks: before?.blocks ?? [], trials: before?.trials ?? [] },
    });
    ended = stopReason;
    const done = finish(run, stopReason, trials, now());
    await writer.saveRun(done);
    return { run: done, trials, lost: detail ?? null };
  } catch (error) {
    isMarkedFailed = await writer.saveRun({ ...run, status: 'failed', finishedAt: now() }).then(
      () => true,
      () => false,
    );
    if (saved && (await session.lost()) === null) {
      reporter.warn(text.measuredUntilThen({ path: place.results }));
      reporter.warn(text.goOn({ run: run.runId }));
    }
    throw error;
  } finally {
    progress.done(ended);
    writer.close();
    // A full disk may have no room for the manifest either.
    if (isMarkedFailed) await app.store.writeManifest(place.results).catch(() => undefined);
  }
}

function finish(
  run: RunRecord,
  stopReason: StopReason,
  trials: readonly TrialRecord[],
  finishedAt: string,
): RunRecord {
  const cutOff = stopReason === 'interrupted' || stopReason === 'engine-lost';
  const status = cutOff ? 'interrupted' : 'complete';
  return { ...run, status, stopReason, finishedAt, sampler: samplerCost(trials, run.config.samplePeriodMs) };
}

function estimateOf(precision: Precision, workloads: readonly Workload[]): Estimate {
  const { cell, ratio, low, high, halfWidth, target } = precision;
  const workload = workloads.find(({ id }) => id === cell.workload);
  return {
    ...cell,
    category: categorySchema.parse(workload?.category),
    better: workload?.metrics[0]?.better ?? null,
    ratio,
    ratioCiLow: low,
    ratioCiHigh: high,
    halfWidth,
    target,
  };
}
