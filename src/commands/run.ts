import { join, resolve } from 'node:path';
import { blocksNeeded } from '../analyze/blocks-needed.ts';
import { deriveTrial } from '../analyze/derive.ts';
import { judge } from '../analyze/effective-trial.ts';
import { headlinePrecision, type Precision } from '../analyze/precision.ts';
import { samplerCost } from '../analyze/sampler-cost.ts';
import { type PrecisionOf, runBlocks, type StopReason } from '../execute/run-loop.ts';
import { trialRunner } from '../execute/runner.ts';
import { executedRuntime } from '../model/aa-arm.ts';
import { type Cell, cellKey, subjectKey } from '../model/cell.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../model/error.ts';
import { type Category, categorySchema, type Measurement } from '../model/metric.ts';
import type { ResolvedConfig, RunRecord } from '../model/run.ts';
import type { TrialRecord } from '../model/trial.ts';
import type { Workload } from '../model/workload.ts';
import type { Estimate } from '../report/progress/state.ts';
import { pointLatest } from '../store/files.ts';
import { findRun, loadRun, openRun, type StoredRun } from '../store/run-directory.ts';
import { removeLeftovers } from './clean.ts';
import { conclude, outputPlace, printConclusion } from './conclude.ts';
import { allWorkloads, type CommonFlags, loadResolution } from './configuration.ts';
import { interruptSignal } from './interrupt.ts';
import { type Preparation, prepareRun } from './preparation.ts';
import { startProgress } from './progress.ts';
import { type Registered, registeredRuntimes } from './registered.ts';
import { entriesAgain, refuseChanges } from './resume.ts';
import { newRunId } from './run-id.ts';
import { openSession, type Session } from './session.ts';
import { measurableCells } from './subjects.ts';
import { terminal } from './terminal.ts';

/** Flags of `ocibench run`, as typed. */
export interface RunFlags extends CommonFlags {
  readonly resume?: string;
}

/** What a run is made from: a new configuration, or the record of the run that is resumed. */
async function settle(
  flags: RunFlags,
  out: string,
): Promise<{ config: ResolvedConfig; registered: Registered; before: StoredRun | null }> {
  if (flags.resume !== undefined) {
    const before = await loadRun(await findRun(flags.resume, join(out, 'results')));
    if (before.run.status === 'complete')
      throw new OcibenchError(`run ${before.run.runId} is complete: there is nothing to go on with`, {
        exitCode: exitCodes.misuse,
        problems: [
          {
            file: '--resume',
            key: before.run.runId,
            message: 'it ended by itself',
            fix: `to write its reports again:  ocibench report ${before.run.runId}`,
          },
        ],
      });
    const registered = { entries: await entriesAgain(before.run, flags), file: null };
    return { config: { ...before.run.config, engine: before.run.engine.kind }, registered, before };
  }
  const { config, variants, daemonJson } = await loadResolution(flags);
  return { config, registered: await registeredRuntimes(daemonJson, variants), before: null };
}

/** `ocibench run`: measures, then writes and prints what was found. */
export async function runCommand(flags: RunFlags, harnessVersion: string): Promise<ExitCode> {
  if (flags.quiet) terminal.beQuiet();
  const out = resolve(flags.out ?? '.');
  const { config, registered, before } = await settle(flags, out);
  for (const what of await removeLeftovers()) terminal.log(`removed what an earlier run left: ${what}`);
  const interrupt = interruptSignal(() =>
    terminal.log('interrupted: ending the trial in flight and cleaning up'),
  );
  const startedAt = new Date();
  const runId = before?.run.runId ?? newRunId(startedAt);
  const workloads = await allWorkloads(flags);
  let finished: { run: RunRecord; trials: readonly TrialRecord[] };
  try {
    await using session = await openSession(runId, config.engine, registered.entries, flags);
    const { kind, version, endpoint, cgroupVersion, cgroupDriver } = session.engine.facts;
    terminal.log(
      `engine: ${kind}, Docker ${version} at ${endpoint}, cgroup v${cgroupVersion} (${cgroupDriver})`,
    );
    const prepared = await prepareRun({
      session,
      config,
      registered,
      workloads,
      harnessVersion,
      startedAt: before?.run.startedAt ?? startedAt.toISOString(),
      interrupt: interrupt.signal,
    });
    if (before !== null) refuseChanges(before.run, prepared.run);
    finished = await measure({
      session,
      prepared,
      before,
      workloads,
      flags,
      interrupt: interrupt.signal,
      out,
    });
  } finally {
    interrupt.dispose();
  }
  const { run, trials } = finished;
  const place = outputPlace(out, runId);
  const conclusion = await conclude(run, trials, workloads, config.lang, place);
  await pointLatest(join(out, 'results'), runId);
  await pointLatest(join(out, 'charts'), runId);
  printConclusion(run, conclusion, place, { lang: config.lang, json: flags.json ?? false });
  if (run.status === 'interrupted') {
    terminal.warn(`go on with:  ocibench run --resume ${runId}`);
    return exitCodes.interrupted;
  }
  // Without its baseline a run answers nothing, whether or not the baseline was named.
  const needed = ({ entry, requested }: RunRecord['runtimes'][number]) =>
    requested || entry.name === config.baseline;
  const missing = run.runtimes.some(
    (runtime) => needed(runtime) && runtime.preflight.status === 'unavailable',
  );
  const { ok, failed } = conclusion.analysis.trials;
  return missing || failed > 0 || ok === 0 ? exitCodes.someFailed : exitCodes.ok;
}

/** Measures all blocks of a prepared run and keeps run.json in step with them. */
async function measure(options: {
  session: Session;
  prepared: Preparation;
  before: StoredRun | null;
  workloads: readonly Workload[];
  flags: RunFlags;
  interrupt: AbortSignal;
  out: string;
}): Promise<{ run: RunRecord; trials: readonly TrialRecord[] }> {
  const { session, prepared, before, workloads, flags } = options;
  const { explain, subjects } = prepared;
  const run: RunRecord =
    before === null ? prepared.run : { ...before.run, status: 'running', finishedAt: null };
  for (const { entry, preflight } of run.runtimes)
    terminal.log(
      `  ${entry.name}: ${preflight.status === 'available' ? 'available' : `unavailable: ${preflight.reason}\n    fix: ${preflight.fix}`}`,
    );
  const place = outputPlace(options.out, run.runId);
  const writer = await openRun(place.results);
  const cells = measurableCells(run.subjects, run.runtimes, run.config.baseline, workloads);
  const config = withBlocksForVerdict(run.config, cells);
  const progress = startProgress({
    config,
    subjects: new Set(cells.map(subjectKey)).size,
    runtimes: [...new Set(cells.map(({ runtime }) => executedRuntime(runtime, config.baseline)))],
    live: flags.quiet !== true && flags.progress !== false && terminal.canBeLive(),
  });
  let ended: StopReason | null = null;
  try {
    await writer.saveRun(run);
    const { trials, stopReason } = await runBlocks({
      config,
      cells,
      writer,
      precisionOf: precisionOf(run, workloads, progress.onEstimates),
      maxBlocksOf: maxBlocksOf(workloads),
      runTrial: trialRunner({
        engine: session.engine,
        runId: run.runId,
        scratch: session.scratch,
        hostPlace: session.hostPlace,
        prober: session.prober,
        images: new Map(prepared.run.images.map((image) => [image.recipe, image.reference])),
        subjects,
        baseline: run.config.baseline,
        explain,
        interrupt: options.interrupt,
        samplePeriodMs: run.config.samplePeriodMs,
      }),
      onEvent: progress.onEvent,
      interrupt: options.interrupt,
      now: () => performance.now(),
      before: { blocks: before?.blocks ?? [], trials: before?.trials ?? [] },
    });
    ended = stopReason;
    const done = finish(run, stopReason, trials);
    await writer.saveRun(done);
    return { run: done, trials };
  } catch (error) {
    await writer
      .saveRun({ ...run, status: 'failed', finishedAt: new Date().toISOString() })
      .catch(() => undefined);
    throw error;
  } finally {
    progress.done(ended);
    writer.close();
  }
}

function finish(run: RunRecord, stopReason: StopReason, trials: readonly TrialRecord[]): RunRecord {
  const status = stopReason === 'interrupted' ? 'interrupted' : 'complete';
  const sampler = samplerCost(trials, run.config.samplePeriodMs);
  return { ...run, status, stopReason, finishedAt: new Date().toISOString(), sampler };
}

/** With more headline comparisons a verdict needs more blocks (Holm); the minimum gives way up to the maximum. */
function withBlocksForVerdict(config: ResolvedConfig, cells: readonly Cell[]): ResolvedConfig {
  const comparisons = cells.filter(
    ({ runtime, workload }) =>
      executedRuntime(runtime, config.baseline) !== config.baseline && !workload.startsWith('isolation/'),
  ).length;
  const needed = blocksNeeded(Math.max(1, comparisons), config.thresholds.alpha);
  return { ...config, minBlocks: Math.max(config.minBlocks, Math.min(needed, config.maxBlocks)) };
}

function maxBlocksOf(workloads: readonly Workload[]): (id: string) => number {
  const byId = new Map(workloads.map(({ id, maxBlocks }) => [id, maxBlocks]));
  return (id) => byId.get(id) ?? Number.MAX_SAFE_INTEGER;
}

/** Derives each trial once, however often precision is asked for; the ratios behind it go to `show`. */
function precisionOf(
  run: RunRecord,
  workloads: readonly Workload[],
  show: (estimates: readonly Estimate[]) => void,
): PrecisionOf {
  const byId = new Map(workloads.map((workload) => [workload.id, workload]));
  const measurements: Measurement[] = [];
  let derived = 0;
  return (trials) => {
    for (const trial of trials.slice(derived)) {
      if (trial.outcome.status === 'interrupted') continue;
      const workload = byId.get(trial.cell.workload);
      measurements.push(...deriveTrial(judge(trial, workload), run.runId, categoryOf(workload)));
    }
    derived = trials.length;
    // A cell that only fails never gets an interval; the others of its subject must not wait for it.
    const found = headlinePrecision({ run, measurements, workloads }).filter(({ pairs }) => pairs > 0);
    show(found.map((precision) => estimateOf(precision, byId.get(precision.cell.workload))));
    return new Map(
      found.map(({ cell, halfWidth, target }) => [
        cellKey(cell),
        halfWidth === null ? null : halfWidth / target,
      ]),
    );
  };
}

function categoryOf(workload: Workload | undefined): Category {
  return categorySchema.parse(workload?.category);
}

function estimateOf(precision: Precision, workload: Workload | undefined): Estimate {
  const { cell, ratio, low, high, halfWidth, target } = precision;
  return {
    ...cell,
    category: categoryOf(workload),
    better: workload?.metrics[0]?.better ?? null,
    ratio,
    ratioCiLow: low,
    ratioCiHigh: high,
    halfWidth,
    target,
  };
}
