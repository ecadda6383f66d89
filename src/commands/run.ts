import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { blocksNeeded } from '../analyze/blocks-needed.ts';
import { deriveTrial } from '../analyze/derive.ts';
import { judge } from '../analyze/effective-trial.ts';
import { headlinePrecision, type Precision } from '../analyze/precision.ts';
import { samplerCost } from '../analyze/sampler-cost.ts';
import { uncountedRuntimes } from '../analyze/uncounted.ts';
import { defaultLimits, type StepLimits, stepLimits } from '../execute/deadline.ts';
import { watchPauses } from '../execute/pauses.ts';
import { type PrecisionOf, runBlocks, type StopReason } from '../execute/run-loop.ts';
import { trialRunner } from '../execute/runner.ts';
import { isEmulated } from '../host/emulation.ts';
import { executedRuntime } from '../model/aa-arm.ts';
import { type Cell, cellKey, subjectKey } from '../model/cell.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../model/error.ts';
import { type Category, categorySchema, type Measurement } from '../model/metric.ts';
import type { ResolvedConfig, RunRecord } from '../model/run.ts';
import type { TrialRecord } from '../model/trial.ts';
import type { Workload } from '../model/workload.ts';
import { type Messages, messages } from '../report/messages/index.ts';
import type { Estimate } from '../report/progress/state.ts';
import { familyOf } from '../runtimes/registry.ts';
import {
  findRunToResume,
  hasRun,
  loadRun,
  newestRun,
  openRun,
  readRun,
  type StoredRun,
} from '../store/run-directory.ts';
import { conclude, outputPlace, pointLatestTo, printConclusion } from './conclude.ts';
import { allWorkloads, type CommonFlags, loadResolution } from './configuration.ts';
import { goOnCommand } from './go-on.ts';
import { holdHost } from './host-lock.ts';
import { interruptSignal } from './interrupt.ts';
import { clearLeftovers, removeOldContainers } from './leftovers.ts';
import { openPatiently, type SessionEnd, throughLosses } from './losses.ts';
import { type Preparation, prepareRun } from './preparation.ts';
import { startProgress } from './progress.ts';
import { type Registered, registeredRuntimes } from './registered.ts';
import { entriesAgain, refuseChanges, refuseUnknownWorkloads } from './resume.ts';
import { newRunId } from './run-id.ts';
import { cacheDirectory, openSession, type Session } from './session.ts';
import { refuseOtherName, refuseOthersOut, refuseOthersRun } from './stored-run.ts';
import { choiceWarnings, measurableCells, type Subject } from './subjects.ts';
import { terminal } from './terminal.ts';

/** Flags of `ocibench run`, as typed. */
export interface RunFlags extends CommonFlags {
  readonly resume?: string;
  /** Wait for another measurement on this host to end. */
  readonly wait?: boolean;
}

/** The run that is to be gone on with. OcibenchError (exit 2) where there is none, or nothing left to do. */
async function resumable(name: string, out: string): Promise<StoredRun> {
  const path = await realpath(await findRunToResume(name, join(out, 'results')));
  await refuseOthersRun(path);
  const before = await loadRun(path);
  refuseOtherName(path, before.run);
  if (before.run.status !== 'complete') return before;
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
}

/** What a run is made from: a new configuration, or the record of the run that is resumed. */
async function settle(
  flags: RunFlags,
  before: StoredRun | null,
): Promise<{ config: ResolvedConfig; registered: Registered }> {
  const { config, variants, daemonJson } = await loadResolution(flags);
  const registered = await registeredRuntimes(daemonJson, variants);
  if (before === null) return { config, registered };
  const { kind } = before.run.engine;
  const again = { ...before.run.config, engine: kind };
  // A daemon that is not ours tells itself what it has registered, once it is reached.
  if (kind !== 'embedded') return { config: again, registered };
  const entries = await entriesAgain(before.run, registered, { local: true });
  return { config: again, registered: { ...registered, entries } };
}

/** `ocibench run`: measures, then writes and prints what was found. */
export async function runCommand(flags: RunFlags, harnessVersion: string): Promise<ExitCode> {
  if (flags.quiet) terminal.beQuiet();
  const out = resolve(flags.out ?? '.');
  await refuseOthersOut(out);
  const found = flags.resume === undefined ? null : await resumable(flags.resume, out);
  const { config, registered } = await settle(flags, found);
  const workloads = await allWorkloads(flags, { here: true });
  const m = messages(config.lang);
  if (found !== null) refuseUnknownWorkloads(found.run, workloads);
  if (found === null) for (const warning of choiceWarnings(workloads, config)) terminal.warn(warning);
  const interrupt = interruptSignal(() =>
    terminal.log('interrupted: ending the trial in flight and cleaning up'),
  );
  try {
    await using lock = await holdHost({
      command: 'ocibench run',
      runId: () => found?.run.runId ?? newRunId(new Date()),
      wait: flags.wait ?? false,
      interrupt: interrupt.signal,
      m,
    });
    const { runId, since } = lock.owner;
    await clearLeftovers(out);
    if (found === null) await tellOfCutOff(join(out, 'results'), flags, m);
    // Whoever was waited for may have been this very run.
    const before = found === null ? null : await resumable(found.path, out);
    const startedAt = before?.run.startedAt ?? since;
    const whole = { flags, out, config, registered, workloads, runId, startedAt, harnessVersion };
    const end = await throughLosses({
      path: outputPlace(out, runId).results,
      before,
      interrupt: interrupt.signal,
      m,
      session: (recorded, losses) => measureInSession(whole, recorded, losses, interrupt.signal),
    });
    return await report(end, whole, m);
  } finally {
    interrupt.dispose();
  }
}

/** Whoever starts anew after a crash may not know that the run before it can be gone on with. */
async function tellOfCutOff(results: string, flags: RunFlags, m: Messages): Promise<void> {
  const path = await newestRun(results);
  const run = path === null ? null : await readRun(path).catch(() => null);
  if (run?.status === 'running') terminal.warn(m.cutOff.crashed(run.runId, goOnCommand(run.runId, flags)));
}

/** What every session of a run shares. */
interface WholeRun {
  readonly flags: RunFlags;
  readonly out: string;
  readonly config: ResolvedConfig;
  readonly registered: Registered;
  readonly workloads: readonly Workload[];
  readonly runId: string;
  readonly startedAt: string;
  readonly harnessVersion: string;
}

/** Writes the reports of what was measured, prints them, and tells the exit code. */
async function report({ run, trials, lost }: SessionEnd, whole: WholeRun, m: Messages): Promise<ExitCode> {
  const { out, config, flags, runId } = whole;
  const place = outputPlace(out, runId);
  const cutOff = lost === null ? exitCodes.interrupted : exitCodes.noEngine;
  if (run === null) {
    terminal.warn(
      (await hasRun(place.results)) ? m.cutOff.goOn(goOnCommand(runId, flags)) : m.cutOff.nothingMeasured,
    );
    return cutOff;
  }
  const written = conclude(run, trials, whole.workloads, config.lang, place);
  const conclusion = await written.catch((error: unknown) => {
    terminal.warn(`what was measured is in ${place.results}; once the cause is mended:`);
    terminal.warn(`write its reports with:  ocibench report ${runId}`);
    throw error;
  });
  await pointLatestTo(place);
  printConclusion(run, conclusion, place, { lang: config.lang, json: flags.json ?? false });
  tellKept(run);
  if (run.status === 'interrupted') {
    terminal.warn(m.cutOff.goOn(goOnCommand(runId, flags)));
    return cutOff;
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

/** What stays for the next run, and how it is removed. */
function tellKept({ engine, images }: RunRecord): void {
  const mebibytes = images.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20;
  if (engine.kind === 'docker')
    terminal.log(
      `kept for the next run: ${images.length} images in Docker (${mebibytes.toFixed(0)} MiB) and their files in ${cacheDirectory()}; to remove them:  ocibench clean --images --cache`,
    );
}

/** Does it slow down what others run here? */
function tellColdCache(subjects: readonly Subject[], { checks }: RunRecord): void {
  const others = checks.some(({ id, status }) => id === 'other-containers' && status === 'warn');
  if (others && subjects.some(({ workload, params }) => workload.container(params).coldCache))
    terminal.warn(
      'cache=cold drops the page cache of the whole host before every such trial: the other containers that run here read from the disk again; leave those workloads out (docs/workloads.md), or stop the containers',
    );
}

/** Opens the engine, looks at everything, and measures until the run ends, is interrupted, or the engine is lost. */
async function measureInSession(
  whole: WholeRun,
  before: StoredRun | null,
  losses: number,
  interrupt: AbortSignal,
): Promise<SessionEnd> {
  const { runId, config, registered, workloads, flags, out } = whole;
  const began = performance.now();
  // What goes on does so on the kind of engine that it began with.
  const choice = before?.run.engine.kind ?? config.engine;
  await using session = await openPatiently(() => openSession(runId, choice, registered.entries, flags), {
    patient: losses > 0 && choice === 'docker',
    interrupt,
  });
  const { kind, version, endpoint, cgroupVersion, cgroupDriver } = session.engine.facts;
  terminal.log(
    `engine: ${kind}, Docker ${version} at ${endpoint}, cgroup v${cgroupVersion} (${cgroupDriver})`,
  );
  const nothing = { run: null, trials: [] };
  try {
    for (const what of await removeOldContainers(session.engine, runId))
      terminal.log(`removed what an earlier run left: ${what}`);
    const prepared = await prepareRun({ ...whole, session, recorded: before?.run ?? null, interrupt });
    const lost = await session.lost();
    if (lost !== null || interrupt.aborted) return { ...nothing, lost };
    if (before !== null) refuseChanges(before.run, prepared.run);
    return await measure({ session, prepared, before, workloads, flags, interrupt, out, began });
  } catch (error) {
    const lost = await session.lost();
    if (lost === null) throw error;
    return { ...nothing, lost };
  }
}

/** Doubts that are for the user to end before time is spent; the others stand in the report. */
const saidBefore: ReadonlySet<string> = new Set(['privileges', 'docker-disk']);

/** Measures all blocks of a prepared run and keeps run.json in step with them. */
async function measure(options: {
  session: Session;
  prepared: Preparation;
  before: StoredRun | null;
  workloads: readonly Workload[];
  flags: RunFlags;
  interrupt: AbortSignal;
  out: string;
  /** When the session began, by `performance.now()`. */
  began: number;
}): Promise<SessionEnd> {
  const { session, prepared, before, workloads, flags } = options;
  const { explain, subjects } = prepared;
  using pauses = await watchPauses({ emulated: isEmulated() });
  const run: RunRecord =
    before === null ? prepared.run : { ...before.run, status: 'running', finishedAt: null };
  for (const { entry, preflight } of run.runtimes)
    terminal.log(
      `  ${entry.name}: ${preflight.status === 'available' ? 'available' : `unavailable: ${preflight.reason}\n    fix: ${preflight.fix}`}`,
    );
  for (const { id, status, detail, fix } of run.checks) {
    if (!saidBefore.has(id) || (status !== 'warn' && status !== 'fail')) continue;
    terminal.warn(detail);
    if (fix !== undefined) terminal.warn(`fix: ${fix}`);
  }
  tellColdCache(subjects, run);
  const place = outputPlace(options.out, run.runId);
  const writer = await openRun(place.results);
  const m = messages(run.config.lang);
  for (const { file, bytes, keptIn } of writer.setAside) terminal.log(m.cutOff.setAside(file, bytes, keptIn));
  const cells = measurableCells(run.subjects, run.runtimes, run.config.baseline, workloads);
  const config = withBlocksForVerdict(run.config, cells);
  const progress = startProgress({
    config,
    subjects: new Set(cells.map(subjectKey)).size,
    runtimes: [...new Set(cells.map(({ runtime }) => executedRuntime(runtime, config.baseline)))],
    live: flags.quiet !== true && flags.progress !== false && terminal.canBeLive(),
  });
  let saved = before !== null;
  let ended: StopReason | null = null;
  try {
    await writer.saveRun(run);
    saved = true;
    const { trials, stopReason, detail } = await runBlocks({
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
        network: prepared.network,
        baseline: run.config.baseline,
        explain,
        interrupt: options.interrupt,
        guard: session.guard,
        pauses,
        limits: (runtime) => limitsOf(run, runtime),
        samplePeriodMs: run.config.samplePeriodMs,
      }),
      engineLost: () => session.lost(),
      onEvent: progress.onEvent,
      interrupt: options.interrupt,
      now: () => performance.now(),
      began: options.began,
      before: { blocks: before?.blocks ?? [], trials: before?.trials ?? [] },
    });
    ended = stopReason;
    const done = finish(run, stopReason, trials);
    await writer.saveRun(done);
    return { run: done, trials, lost: detail ?? null };
  } catch (error) {
    await writer
      .saveRun({ ...run, status: 'failed', finishedAt: new Date().toISOString() })
      .catch(() => undefined);
    if (saved && (await session.lost()) === null) {
      terminal.warn(`what was measured until then is in ${place.results}; once the cause is mended:`);
      terminal.warn(m.cutOff.goOn(goOnCommand(run.runId, flags)));
    }
    throw error;
  } finally {
    progress.done(ended);
    writer.close();
  }
}

/** The user's own limit, or the usual one; of a family that needs longer to say what is wrong, its own. */
function limitsOf({ config, runtimes }: RunRecord, runtime: string): StepLimits {
  if (config.stepLimitMs !== undefined) return stepLimits(config.stepLimitMs);
  const family = runtimes.find(({ entry }) => entry.name === runtime)?.family;
  const { startLimitMs } = familyOf(family);
  return startLimitMs === undefined ? defaultLimits : stepLimits(startLimitMs);
}

function finish(run: RunRecord, stopReason: StopReason, trials: readonly TrialRecord[]): RunRecord {
  const cutOff = stopReason === 'interrupted' || stopReason === 'engine-lost';
  const status = cutOff ? 'interrupted' : 'complete';
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
    const place = { run, uncounted: uncountedRuntimes(run, trials) };
    for (const trial of trials.slice(derived)) {
      if (trial.outcome.status === 'interrupted') continue;
      const workload = byId.get(trial.cell.workload);
      measurements.push(...deriveTrial(judge(trial, workload), categoryOf(workload), place));
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
