import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { RunRequest } from '../../core/config/command-line.ts';
import type { BenchConfig } from '../../core/config/define-config.ts';
import { choiceWarnings, chooseSubjects } from '../../core/measure/schedule/choice.ts';
import { imagesOf } from '../../core/measure/schedule/subjects.ts';
import { quantity } from '../../core/messages/compose.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Analysis, SummaryRow } from '../../core/model/analysis/analysis.ts';
import type { GateReport } from '../../core/model/analysis/gate.ts';
import { type ExitCode, exitCodes, refusal } from '../../core/model/failure/error.ts';
import { pinName } from '../../core/model/names.ts';
import type { ResolvedConfig, RunRecord } from '../../core/model/run/run.ts';
import { type EngineRequest, engineTraits } from '../../core/model/runtime/engine-kind.ts';
import { workloadIdsOf } from '../../core/model/workload/service.ts';
import type { StoredRun } from '../../core/store/run-directory.ts';
import type { AppContext } from '../context.ts';
import { clearLeftovers } from '../leftovers/leftovers.ts';
import { pinReader } from '../ports.ts';
import {
  conclude,
  type OutputDirectories,
  outputPlace,
  pointLatestTo,
  type RunConclusion,
} from './conclude.ts';
import { type Configuration, openConfiguration } from './configuration.ts';
import { refuseMissingDirectories, runtimePath } from './engines.ts';
import { choosesCells, extended, refuseUnfinished } from './extend.ts';
import { configuredGates, gatedExitCode, judgeRun, noGates } from './gates.ts';
import { holdHost } from './host-lock.ts';
import { refuseMissingImages } from './images.ts';
import { layerWarnings } from './left-out.ts';
import { text } from './measure-notes.ts';
import { measureInSession, type WholeRun } from './measure-session.ts';
import { newRunId } from './past-runs.ts';
import { runWithRecovery, type SessionEnd } from './recover.ts';
import {
  type RegisteredRuntimes,
  refuseUnknownRuntimes,
  registeredRuntimes,
  reportNotes,
} from './registered.ts';
import { entriesAgain, refuseOtherEngines, refuseUnknownWorkloads } from './resume.ts';
import { sinceRunBefore } from './run-before.ts';
import { claimOut, refuseOtherName, refuseOthersRun } from './stored-run.ts';
import { steps } from './trace.ts';

/** Result of `run`. */
export interface MeasureResult {
  readonly exitCode: ExitCode;
  /** null where the run ended before anything could be reported. */
  readonly concluded: {
    readonly run: RunRecord;
    readonly conclusion: RunConclusion;
    readonly place: OutputDirectories;
  } | null;
  /** Names what remains for the next run and how to remove it; null where nothing remains. */
  readonly kept: Message | null;
  /** How to resume a run that was cut off; null where it was not. */
  readonly advice: Message | null;
  /** Verdict of the gate; absent without a gate, or where nothing was measured. */
  readonly gate?: GateReport;
}

/**
 * The run to resume. OcibenchError (exit 2) where it is missing, or complete although no cells are chosen, or incomplete
 * although some are.
 */
async function resumable(
  app: AppContext,
  name: string,
  request: RunRequest,
  out: string,
): Promise<StoredRun> {
  const path = await realpath(await app.store.findRunToResume(name, join(out, 'results')));
  await refuseOthersRun(path);
  const before = await app.store.loadRun(path);
  refuseOtherName(path, before.run);
  if (choosesCells(request)) refuseUnfinished(before.run);
  else refuseComplete(before.run);
  return before;
}

function refuseComplete({ runId, status }: RunRecord): void {
  if (status !== 'complete') return;
  throw refusal(
    text.complete({ run: runId }),
    { file: '--resume', key: runId },
    { message: text.endedByItself, fix: text.reportAgain({ run: runId }) },
  );
}

/** The runtimes whose pinned copies a run measured without a daemon that had registered them. */
function pinnedIn({ runtimes }: RunRecord): readonly string[] {
  return runtimes.flatMap(({ entry }) =>
    entry.origin === 'pin' ? [entry.name.slice(0, -pinName('').length)] : [],
  );
}

/** Inputs of a run: a new configuration, or the record of the run that is resumed. */
async function settle(
  app: AppContext,
  configuration: Configuration,
  request: RunRequest,
  before: StoredRun | null,
  pinned: readonly string[],
): Promise<{ config: ResolvedConfig; registered: RegisteredRuntimes; engines: readonly EngineRequest[] }> {
  const resolution = configuration.resolve(request);
  const { config, engines } = resolution;
  const pins = before === null ? pinned : pinnedIn(before.run);
  const readPins = await pinReader();
  const alone = await registeredRuntimes(resolution);
  const registered = readPins === null ? alone : await readPins(alone, pins);
  reportNotes(app.reporter, registered);
  if (before === null) {
    await refuseMissingDirectories(engines, configuration.loaded?.file ?? '');
    return { config, registered, engines };
  }
  refuseOtherEngines(before.run, engines);
  const again = { ...before.run.config, engine: before.run.engine.kind };
  // An engine with its own registry lists its runtimes once it is connected.
  if (!engineTraits(before.run.engine).takesRuntimes) return { config: again, registered, engines };
  const entries = await entriesAgain(before.run, registered, { local: true, path: runtimePath(engines) });
  return { config: again, registered: { ...registered, entries }, engines };
}

/**
 * Measures, recovers from a lost engine, and writes the reports. `pinned`: runtimes whose pinned copies are measured too, if
 * the engine accepts runtimes. `beside`: the command's own settings, which replace those of the configuration file.
 */
export async function measureRun(
  app: AppContext,
  request: RunRequest,
  pinned: readonly string[] = [],
  beside: BenchConfig = {},
): Promise<MeasureResult> {
  const out = resolve(app.environment.workingDirectory, request.out ?? '.');
  claimOut(out);
  const choosing = choosesCells(request);
  const find = (name: string) => resumable(app, name, request, out);
  const found = request.resume === undefined ? null : await find(request.resume);
  const configuration = await openConfiguration(app, request, { here: true, beside });
  const { config, registered, engines } = await settle(app, configuration, request, found, pinned);
  const workloads = await configuration.workloads(config.services);
  if (found !== null) refuseUnknownWorkloads(found.run, workloads);
  /** The run on disk stays complete until the first block of its extension is about to begin. */
  const asWanted = (stored: StoredRun | null) =>
    choosing && stored?.run.status === 'complete'
      ? extended(stored, request, workloads, app.clock.date().toISOString())
      : stored;
  asWanted(found);
  const recorded = found?.run.runtimes.map(({ entry }) => entry.name) ?? null;
  const isAsked = request.judge ?? false;
  const gates =
    isAsked || found === null
      ? await configuredGates(app, configuration, request, { workloads, recorded, isAsked })
      : noGates;
  if (found === null) {
    for (const warning of choiceWarnings(workloads, config)) app.reporter.warn(warning);
    await refuseUnknownRuntimes(app, registered, config, request);
    const chosen = chooseSubjects(workloads, config);
    for (const warning of layerWarnings(chosen, config)) app.reporter.warn(warning);
    await refuseMissingImages(app, chosen.flatMap(imagesOf), config.engine, request);
  }
  using interrupt = app.interrupts(text.interrupted);
  await using lock = await holdHost(app, {
    command: 'ocibench run',
    runId: () => found?.run.runId ?? newRunId(app.clock.date()),
    wait: request.wait ?? false,
    interrupt: interrupt.signal,
  });
  const { runId, since } = lock.owner;
  app.reporter.trace(steps.hostHeld({ run: runId }));
  await clearLeftovers(app, out);
  if (found === null) await reportCutOffRun(app, join(out, 'results'));
  // Read again: the previous owner of the lock may have written this run.
  const before = found === null ? null : await find(found.path);
  const startedAt = before?.run.startedAt ?? since;
  const whole: WholeRun = {
    request,
    out,
    config,
    registered,
    engines,
    workloads,
    runId,
    startedAt,
    interrupt: interrupt.signal,
  };
  const end = await runWithRecovery(app, {
    path: outputPlace(out, runId).results,
    before,
    interrupt: interrupt.signal,
    session: (recorded, losses) => measureInSession(app, whole, asWanted(recorded), losses),
  });
  const measured = await concludeRun(app, end, whole);
  if (!isAsked || end.run === null) return measured;
  const { run, trials } = end;
  const gate = await judgeRun(app, gates, { run, trials, workloads }, request);
  return { ...measured, gate, exitCode: gatedExitCode(measured.exitCode, gate.verdict) };
}

/** Logs how to resume an earlier run, for a user who starts a new one after a crash. */
async function reportCutOffRun(app: AppContext, results: string): Promise<void> {
  const path = await app.store.newestRun(results);
  const run = path === null ? null : await app.store.readRun(path).catch(() => null);
  if (run?.status !== 'running') return;
  app.reporter.warn(text.cutOff({ run: run.runId }));
}

/** Writes the reports of the run. */
async function concludeRun(
  app: AppContext,
  { run, trials, lost }: SessionEnd,
  whole: WholeRun,
): Promise<MeasureResult> {
  const { out, config, request, runId, workloads } = whole;
  const place = outputPlace(out, runId);
  const cutOff = lost === null ? exitCodes.interrupted : exitCodes.noEngine;
  const goOn = (until?: readonly string[]) =>
    until === undefined ? text.goOn({ run: runId }) : text.goOnUntil({ run: runId, until: until.join(',') });
  if (run === null) {
    const recorded = (await app.store.hasRun(place.results)) ? await app.store.readRun(place.results) : null;
    if (recorded !== null) await app.store.writeManifest(place.results);
    const advice =
      recorded === null
        ? text.nothingMeasured
        : goOn(recorded.status === 'complete' ? request.until : undefined);
    return { exitCode: cutOff, concluded: null, kept: null, advice };
  }
  const { report = true } = request;
  app.reporter.trace(steps.conclude({ path: place.results }));
  const since = await sinceRunBefore(app.store, dirname(place.results), run, workloads);
  const { lang } = config;
  const written = conclude(app, { run, trials, workloads, lang, place, report, since });
  const conclusion = await written.catch((error: unknown) => {
    app.reporter.warn(text.measuredIsIn({ path: place.results }));
    app.reporter.warn(text.writeReports({ run: runId }));
    throw error;
  });
  await pointLatestTo(app.store, place, report);
  const concluded = { run, conclusion, place };
  const kept = keptOf(run, app.environment.cacheDirectory);
  if (run.status === 'interrupted') return { exitCode: cutOff, concluded, kept, advice: goOn() };
  // Without its baseline a run has no comparison, so the baseline counts as requested.
  const needed = ({ entry, requested }: RunRecord['runtimes'][number]) =>
    requested || entry.name === config.baseline;
  const missing = run.runtimes.some(
    (runtime) => needed(runtime) && runtime.preflight.status === 'unavailable',
  );
  const { ok, failed } = conclusion.analysis.trials;
  const incomplete = missing || failed > 0 || ok === 0 || askedInVain(run, conclusion.analysis);
  const exitCode = incomplete ? exitCodes.someFailed : exitCodes.ok;
  return { exitCode, concluded, kept, advice: null };
}

/** Did a workload, a category, a runtime or a service that was asked for end without a value? */
function askedInVain({ config, subjects }: RunRecord, { rows }: Analysis): boolean {
  const hasValue = (own: readonly SummaryRow[]) => own.some(({ headline, n }) => headline && n > 0);
  const services = (config.services ?? []).flatMap(workloadIdsOf);
  const workloads = [...(config.workloads ?? []), ...services].map((name) => ({
    isScheduled: subjects.some(({ workload, category }) => [workload, category].includes(name)),
    own: rows.filter(({ workload, category }) => workload === name || category === name),
  }));
  // At the layer floor, tools run the workloads in place of the runtimes.
  const runtimes = (config.runtimes ?? []).map((name) => ({
    isScheduled: subjects.some((subject) => subject.runtimes?.includes(name) ?? true),
    own: rows.filter(({ runtime }) => runtime === name),
  }));
  return [...workloads, ...runtimes].some(({ isScheduled, own }) => isScheduled && !hasValue(own));
}

function keptOf({ engine, images }: RunRecord, cacheDirectory: string): Message | null {
  if (!engineTraits(engine).keepsImages) return null;
  const bytes = images.reduce((sum, image) => sum + image.bytes, 0);
  return text.kept({ n: images.length, size: quantity(bytes / 2 ** 20, 'MiB'), directory: cacheDirectory });
}
