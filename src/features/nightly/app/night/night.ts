import { access, constants, lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { type Configuration, openConfiguration, requestOf } from '../../../../app/measure/configuration.ts';
import { configuredGates, gatedExitCode } from '../../../../app/measure/gates.ts';
import { holdHost } from '../../../../app/measure/host-lock.ts';
import { type MeasureResult, measureRun } from '../../../../app/measure/measure.ts';
import { newRunId } from '../../../../app/measure/past-runs.ts';
import { claimOut } from '../../../../app/measure/stored-run.ts';
import type { Gates } from '../../../../app/ports.ts';
import { parseFlags } from '../../../../core/config/command-line.ts';
import { refuseNotOwn } from '../../../../core/files/held-directory.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { listed } from '../../../../core/messages/compose.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { GateReport } from '../../../../core/model/analysis/gate.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../../../../core/model/failure/error.ts';
import { diskError } from '../../../../core/model/machine/disk-error.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import { judgeGates } from '../../gate-judges/judge-gates.ts';
import type { AlarmLine, HeadlineLine, NightLine } from '../../history/record.ts';
import { appendLines, openHistory, storedHistory } from '../history/history-file.ts';
import { removeRuns, unkeptRuns } from '../history/old-runs.ts';
import { reportAfterNight } from '../history/report.ts';
import { afterNight, quietHost, refuseUnregistered } from './after.ts';
import { begunLine, closeNights, nightWithout, reasonOf } from './close.ts';
import { confirmSuspects, reportChanges, reportLearning } from './confirm.ts';
import { nightLines } from './lines.ts';
import {
  afterSettings,
  historyPlace,
  type NightlyFlags,
  type NightlySettings,
  nightlyKeys,
  nightlySettings,
} from './settings.ts';

const text = notices('nightly', {
  interrupted: 'interrupted: closing the night',
  skipped: 'night skipped: {why}',
  notPruned: 'old raw measurements were not removed: {why}',
  pruned: 'removed the raw measurements of {n} nights, whose lines stay in the history: {runs}',
});

/** Result of a night. */
export interface NightResult {
  readonly exitCode: ExitCode;
  readonly history: string;
  readonly headlines: readonly HeadlineLine[];
  readonly nights: readonly NightLine[];
  readonly alarms: readonly AlarmLine[];
  /** null if nothing was measured. */
  readonly measured: MeasureResult | null;
  /** null if nothing was measured, or the configuration has no gate. */
  readonly gate: GateReport | null;
}

/** Context shared by the steps of a night. */
interface NightContext {
  readonly app: AppContext;
  readonly settings: NightlySettings;
  readonly configuration: Configuration;
  readonly workloads: readonly Workload[];
  readonly gates: Gates;
  /** Start of the night, ISO 8601. */
  readonly began: string;
}

/**
 * Measures today's runtimes against their pinned copies, and records the figures. A night that cannot begin, is skipped, fails
 * or is cut off is recorded, too; a night that was killed is recorded by the next one.
 */
export async function measureNight(app: AppContext, flags: NightlyFlags): Promise<NightResult> {
  const place = historyPlace(app, flags);
  const { history } = place;
  const began = app.clock.date().toISOString();
  // A command that fails must not create a history: record the failure only if there is one. `nightly install` makes one.
  const isKnown = (await lstat(history).catch(() => null)) !== null;
  if (isKnown) await appendLines(app, history, [begunLine(began)]);
  const context = await openNight(app, flags, began).catch(async (error: unknown) => {
    if (isKnown) await writeUnopened(app, flags, began, error);
    throw error;
  });
  if (!isKnown) await appendLines(app, history, [begunLine(began)]);
  try {
    const night = await wholeNight(context).catch(async (error: unknown) => {
      await writeDown(context, error);
      // If another process is measuring, do not disturb it: it notifies of its own night.
      if (exitCodeOfError(error) !== exitCodes.busy) await afterNight(app, context.settings, []);
      throw error;
    });
    await afterNight(app, context.settings, night.gate?.results ?? []);
    return night;
  } finally {
    await reportAfterNight(app, place);
  }
}

/** Can a night begin here? Writes and measures nothing. OcibenchError (exit 2) with what prevents it. */
export async function checkNight(app: AppContext, flags: NightlyFlags): Promise<void> {
  const { configuration, settings } = await openNight(app, flags, app.clock.date().toISOString());
  const { history, exports } = settings;
  const places = [history, ...(exports.formats.length === 0 ? [] : [exports.directory])];
  refuseNotOwn(places);
  for (const path of [settings.out, ...places]) await refuseUnwritable(path);
  await refuseUnregistered(app, configuration, settings);
}

/** OcibenchError if the path is not writable. access(2) reports a read-only file system to root, too. */
async function refuseUnwritable(path: string): Promise<void> {
  let there = path;
  while ((await lstat(there).catch(() => null)) === null) there = dirname(there);
  await access(there, constants.W_OK).catch((error: unknown) => {
    throw diskError(path, error);
  });
}

/** Loads settings, pins and workloads of a night; writes nothing. OcibenchError (exit 2) if no night is possible. */
async function openNight(app: AppContext, flags: NightlyFlags, began: string): Promise<NightContext> {
  const request = await requestOf(app, flags, { here: true, keys: nightlyKeys });
  const configuration = await openConfiguration(app, request, { here: true });
  const settings = await nightlySettings(app, flags, request, configuration, began);
  const workloads = await configuration.workloads();
  const known = { workloads, recorded: null, isAsked: false };
  const gates = await configuredGates(app, configuration, request, known);
  claimOut(settings.out);
  return { app, settings, configuration, workloads, gates, began };
}

async function wholeNight(context: NightContext): Promise<NightResult> {
  const { skipped, waited } = await beforeTheNight(context);
  if (skipped !== null) return nothing(context, skipped, exitCodes.cannotTell);
  const night = await tonight(context, waited);
  await keepNewest(context);
  return night;
}

function nothing({ settings }: NightContext, night: NightLine, exitCode: ExitCode): NightResult {
  const { history } = settings;
  return { exitCode, history, headlines: [], nights: [night], alarms: [], measured: null, gate: null };
}

/** Measures, and records the figures. `waited`: why the night began late; null if it did not. */
async function tonight(context: NightContext, waited: string | null): Promise<NightResult> {
  const { app, settings, workloads, began } = context;
  const measured = await measureRun(app, settings.run, settings.watched);
  const { concluded } = measured;
  if (concluded === null) {
    const night = nightWithout(began, 'interrupted', measured.advice?.text ?? '');
    await appendLines(app, settings.history, [night]);
    return nothing(context, night, measured.exitCode);
  }
  const host = hostIdentity();
  const { run, trials } = await app.store.loadRun(concluded.place.results);
  const { headlines, night: plain } = nightLines({ run, trials }, workloads, { stage: 'night', host });
  const reason = [waited, plain.reason].filter((part) => part !== null && part !== '').join('; ');
  const night = { ...plain, reason };
  await appendLines(app, settings.history, [...headlines, night]);
  reportChanges(app, await storedHistory(settings.history), { host, run: run.runId });
  if (settings.learning) reportLearning(app, headlines);
  const confirmed =
    run.status === 'complete' && !settings.learning
      ? await confirmSuspects(app, settings, workloads, { run, path: concluded.place.results })
      : { night: null, alarms: [], exitCode: exitCodes.ok };
  const { alarms } = confirmed;
  const gate = await gateOf(context, concluded.place.results);
  const exitCode = exitCodeOf(measured.exitCode, confirmed.exitCode, alarms.length, headlines.length);
  return {
    history: settings.history,
    headlines,
    alarms,
    measured,
    gate,
    nights: [night, ...(confirmed.night === null ? [] : [confirmed.night])],
    exitCode: gate === null ? exitCode : gatedExitCode(exitCode, gate.verdict),
  };
}

/** Judges the night by all of its blocks, including those of its confirmation. */
async function gateOf(
  { app, settings, workloads, gates }: NightContext,
  path: string,
): Promise<GateReport | null> {
  if (gates.gates.length === 0) return null;
  const { run, trials } = await app.store.loadRun(path);
  const directory = settings.history;
  const nights = { directory, history: await storedHistory(directory) };
  return judgeGates(gates, { run, trials, workloads, nights });
}

/** Exit code of a night, by priority: an early end, alarms, failed trials, no figures. */
function exitCodeOf(night: ExitCode, confirmation: ExitCode, alarms: number, figures: number): ExitCode {
  const ended = night === exitCodes.ok ? confirmation : night;
  if (ended !== exitCodes.ok && ended !== exitCodes.someFailed) return ended;
  if (alarms > 0) return exitCodes.someFailed;
  return ended === exitCodes.ok && figures === 0 ? exitCodes.cannotTell : ended;
}

/** What a night begins with. */
interface Beginning {
  /** The line of a night that is skipped; null: it can begin. */
  readonly skipped: NightLine | null;
  readonly waited: string | null;
}

/** Records killed nights, and waits until this night can begin. */
async function beforeTheNight({
  app,
  settings,
  configuration,
  workloads,
  began,
}: NightContext): Promise<Beginning> {
  const { wait = false } = settings.run;
  using interrupt = app.interrupts(text.interrupted);
  await using _lock = await holdHost(app, {
    command: 'ocibench nightly',
    runId: () => newRunId(app.clock.date()),
    wait,
    interrupt: interrupt.signal,
  });
  const { history } = await openHistory(app, settings.history);
  await closeNights(app, settings, history, workloads);
  await refuseUnregistered(app, configuration, settings);
  const { busy, waited } = await quietHost(app, {
    limit: settings.loadLimit,
    wait,
    interrupt: interrupt.signal,
  });
  if (busy === null) return { skipped: null, waited: waited?.text ?? null };
  app.reporter.warn(text.skipped({ why: busy }));
  const night = nightWithout(began, 'skipped', busy.text);
  await appendLines(app, settings.history, [night]);
  return { skipped: night, waited: null };
}

const exitCodeOfError = (error: unknown): ExitCode =>
  error instanceof OcibenchError ? error.exitCode : exitCodes.someFailed;

/** Records a failed night: its figures, or that it measured nothing. */
async function writeDown({ app, settings, workloads, began }: NightContext, error: unknown): Promise<void> {
  const reason = reasonOf(error);
  const exitCode = exitCodeOfError(error);
  const isBusy = exitCode === exitCodes.busy;
  // Busy: another process is measuring, and records its own night.
  const closed = isBusy
    ? []
    : await closeNights(app, settings, await storedHistory(settings.history), workloads, reason);
  if (closed.includes(began)) return;
  const status = isBusy ? 'skipped' : exitCode === exitCodes.interrupted ? 'interrupted' : 'failed';
  await appendLines(app, settings.history, [nightWithout(began, status, reason)]);
}

/**
 * Records a night that cannot begin; then notifies and exports by the command line alone, since the configuration may be
 * unreadable.
 */
async function writeUnopened(
  app: AppContext,
  flags: NightlyFlags,
  began: string,
  error: unknown,
): Promise<void> {
  const { out, history, results } = historyPlace(app, flags);
  const { nightly = {} } = parseFlags(flags, nightlyKeys).request.set ?? {};
  await appendLines(app, history, [nightWithout(began, 'failed', reasonOf(error))]);
  const place = { workingDirectory: app.environment.workingDirectory, standard: join(out, 'exports') };
  await afterNight(app, { history, ...(await afterSettings(flags, nightly, place, () => undefined)) }, []);
  await reportAfterNight(app, { history, results });
}

/** Removes old raw measurements. The night is already recorded, so an error here is only a warning. */
async function keepNewest({ app, settings }: NightContext): Promise<void> {
  const unkept = await unkeptRuns(app, settings, await storedHistory(settings.history), settings.keepRuns);
  try {
    await removeRuns(settings.results, unkept);
  } catch (error) {
    return app.reporter.warn(text.notPruned({ why: (error as Error).message }));
  }
  if (unkept.length > 0)
    app.reporter.log(text.pruned({ n: unkept.length, runs: listed(unkept.map(({ runId }) => runId)) }));
}
