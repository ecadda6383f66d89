import { access, constants, lstat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { type Configuration, openConfiguration, requestOf } from '../../../../app/measure/configuration.ts';
import { configuredGates, type Gates, gatedExitCode } from '../../../../app/measure/gates.ts';
import { holdHost } from '../../../../app/measure/host-lock.ts';
import { type MeasureResult, measureRun } from '../../../../app/measure/measure.ts';
import { newRunId } from '../../../../app/measure/past-runs.ts';
import { claimOut } from '../../../../app/measure/stored-run.ts';
import { refuseNotOwn } from '../../../../core/files/held-directory.ts';
import { hostIdentity } from '../../../../core/host/host-identity.ts';
import { listed } from '../../../../core/messages/compose.ts';
import { notices } from '../../../../core/messages/define.ts';
import { diskError } from '../../../../core/model/disk-error.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../../../../core/model/error.ts';
import type { GateReport } from '../../../../core/model/gate.ts';
import type { Workload } from '../../../../core/model/workload.ts';
import { judgeGates } from '../../gate-judges/judge-gates.ts';
import type { AlarmLine, HeadlineLine, NightLine } from '../../history/record.ts';
import { appendLines, openHistory, storedHistory } from '../history/history-file.ts';
import { removeRuns, unkeptRuns } from '../history/prune.ts';
import { siteAfterNight } from '../history/site.ts';
import { afterNight, refuseUnregistered, whyNotQuiet } from './after.ts';
import { begunLine, closeNights, nightWithout, reasonOf } from './close.ts';
import { confirmSuspects, reportSegments } from './confirm.ts';
import { nightLines } from './lines.ts';
import {
  afterSettings,
  historyPlace,
  type NightlyFlags,
  type NightlySettings,
  nightlySettings,
} from './settings.ts';

const text = notices('nightly', {
  interrupted: 'interrupted: closing the night',
  skipped: 'this night is skipped: {why}',
  notPruned: 'old raw measurements were not removed: {why}',
  pruned: 'removed the raw measurements of {n} nights, whose lines stay in the history: {runs}',
});

/** What a night said. */
export interface Night {
  readonly exitCode: ExitCode;
  readonly history: string;
  readonly headlines: readonly HeadlineLine[];
  readonly nights: readonly NightLine[];
  readonly alarms: readonly AlarmLine[];
  /** null where nothing was measured. */
  readonly measured: MeasureResult | null;
  /** null where nothing was measured, or the configuration has none. */
  readonly gate: GateReport | null;
}

/** What the steps of a night share. */
interface NightContext {
  readonly app: AppContext;
  readonly settings: NightlySettings;
  readonly configuration: Configuration;
  readonly workloads: readonly Workload[];
  readonly gates: Gates;
  /** When it began, ISO 8601. */
  readonly began: string;
}

/**
 * Measures tonight's runtimes beside their pinned copies, and writes down what was found. A night that cannot begin, is skipped,
 * fails or is cut off is written down, too; one that was killed is written down by the next one.
 */
export async function measureNight(app: AppContext, flags: NightlyFlags): Promise<Night> {
  const { history } = historyPlace(app, flags);
  const began = app.clock.date().toISOString();
  // What is typed where no history is leaves none unless it can be a night. `nightly install` makes one.
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
      // Whoever measures meanwhile is not to be disturbed, and tells of its own night.
      if (exitCodeOfError(error) !== exitCodes.busy) await afterNight(app, context.settings, []);
      throw error;
    });
    await afterNight(app, context.settings, night.gate?.results ?? []);
    return night;
  } finally {
    await siteAfterNight(app, history);
  }
}

/** Can a night begin here? Writes and measures nothing. OcibenchError (exit 2) with what is in the way. */
export async function checkNight(app: AppContext, flags: NightlyFlags): Promise<void> {
  const { configuration, settings } = await openNight(app, flags, app.clock.date().toISOString());
  const { history, exports } = settings;
  const places = [history, ...(exports.formats.length === 0 ? [] : [exports.directory])];
  refuseNotOwn(places);
  for (const path of [settings.out, ...places]) await refuseUnwritable(path);
  await refuseUnregistered(app, configuration, settings);
}

/** OcibenchError where the disk would refuse what a night writes (access(2) says it to root, too). */
async function refuseUnwritable(path: string): Promise<void> {
  let there = path;
  while ((await lstat(there).catch(() => null)) === null) there = dirname(there);
  await access(there, constants.W_OK).catch((error: unknown) => {
    throw diskError(path, error);
  });
}

/** Opens what a night is made of, and writes nothing. OcibenchError (exit 2) where there can be no night. */
async function openNight(app: AppContext, flags: NightlyFlags, began: string): Promise<NightContext> {
  const request = await requestOf(app, flags, { here: true });
  const configuration = await openConfiguration(app, request, { here: true });
  const settings = await nightlySettings(app, flags, request, configuration, began);
  const workloads = await configuration.workloads();
  const known = { workloads, recorded: null, isAsked: false };
  const gates = await configuredGates(app, configuration, request, known);
  claimOut(settings.out);
  return { app, settings, configuration, workloads, gates, began };
}

async function wholeNight(context: NightContext): Promise<Night> {
  const skipped = await beforeTheNight(context);
  if (skipped !== null) return nothing(context, skipped, exitCodes.cannotTell);
  const night = await tonight(context);
  await keepNewest(context);
  return night;
}

function nothing({ settings }: NightContext, night: NightLine, exitCode: ExitCode): Night {
  const { history } = settings;
  return { exitCode, history, headlines: [], nights: [night], alarms: [], measured: null, gate: null };
}

/** Measures, and writes down what was measured. */
async function tonight(context: NightContext): Promise<Night> {
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
  const { headlines, night } = nightLines({ run, trials }, workloads, { stage: 'night', host });
  await appendLines(app, settings.history, [...headlines, night]);
  reportSegments(app, await storedHistory(settings.history), { host, run: run.runId });
  const confirmed =
    run.status === 'complete'
      ? await confirmSuspects(app, settings, workloads, { run, path: concluded.place.results })
      : { night: null, alarms: [], exitCode: exitCodes.ok };
  const { alarms } = confirmed;
  const gate = await gateOf(context, concluded.place.results);
  const exitCode = exitCodeOf(measured.exitCode, confirmed.exitCode, alarms.length, headlines.length);
  return {
    ...{ history: settings.history, headlines, alarms, measured, gate },
    nights: [night, ...(confirmed.night === null ? [] : [confirmed.night])],
    exitCode: gate === null ? exitCode : gatedExitCode(exitCode, gate.verdict),
  };
}

/** Judges the night with all of its blocks, those of its confirmation among them. */
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

/** A night that was interrupted says so; then come alarms, and what failed. */
function exitCodeOf(night: ExitCode, confirmation: ExitCode, alarms: number, figures: number): ExitCode {
  const ended = night === exitCodes.ok ? confirmation : night;
  if (ended !== exitCodes.ok && ended !== exitCodes.someFailed) return ended;
  if (alarms > 0) return exitCodes.someFailed;
  return ended === exitCodes.ok && figures === 0 ? exitCodes.cannotTell : ended;
}

/** Closes what was killed, and looks whether the night can begin. Returns the line of a night that is skipped; null: it can. */
async function beforeTheNight({
  app,
  settings,
  configuration,
  workloads,
  began,
}: NightContext): Promise<NightLine | null> {
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
  const busy = await whyNotQuiet(app, { limit: settings.loadLimit, wait, interrupt: interrupt.signal });
  if (busy === null) return null;
  app.reporter.warn(text.skipped({ why: busy }));
  const night = nightWithout(began, 'skipped', busy.text);
  await appendLines(app, settings.history, [night]);
  return night;
}

const exitCodeOfError = (error: unknown): ExitCode =>
  error instanceof OcibenchError ? error.exitCode : exitCodes.someFailed;

/** Writes down a night that failed: what it measured, or that it measured nothing. */
async function writeDown({ app, settings, workloads, began }: NightContext, error: unknown): Promise<void> {
  const reason = reasonOf(error);
  const exitCode = exitCodeOfError(error);
  const isBusy = exitCode === exitCodes.busy;
  // The one who measures meanwhile writes down its own night.
  const closed = isBusy
    ? []
    : await closeNights(app, settings, await storedHistory(settings.history), workloads, reason);
  if (closed.includes(began)) return;
  const status = isBusy ? 'skipped' : exitCode === exitCodes.interrupted ? 'interrupted' : 'failed';
  await appendLines(app, settings.history, [nightWithout(began, status, reason)]);
}

/** Writes down a night that cannot begin, and what the flags alone say that comes after it. */
async function writeUnopened(
  app: AppContext,
  flags: NightlyFlags,
  began: string,
  error: unknown,
): Promise<void> {
  const { out, history } = historyPlace(app, flags);
  await appendLines(app, history, [nightWithout(began, 'failed', reasonOf(error))]);
  const place = { workingDirectory: app.environment.workingDirectory, standard: join(out, 'exports') };
  await afterNight(app, { history, ...(await afterSettings(flags, {}, place, () => undefined)) }, []);
  await siteAfterNight(app, history);
}

/** The night is written down: what cannot be removed is no failure of it. */
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
