import { refuseNotOwn } from '../files/held-directory.ts';
import { whenOf } from '../history/headline-lines.ts';
import { hostIdentity } from '../host/host-identity.ts';
import { listed } from '../messages/compose.ts';
import { notices } from '../messages/define.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../model/error.ts';
import type { GateReport } from '../model/gate.ts';
import type { AlarmLine, HeadlineLine, NightLine } from '../model/history.ts';
import type { Workload } from '../model/workload.ts';
import { type Configuration, openConfiguration } from './configuration.ts';
import type { AppContext } from './context.ts';
import { configuredGates, type Gates, gatedExitCode } from './gates.ts';
import { appendLines, openHistory, storedHistory } from './history-file.ts';
import { removeRuns, unkeptRuns } from './history-prune.ts';
import { siteAfterNight } from './history-site.ts';
import { holdHost } from './host-lock.ts';
import { judgeGates } from './judge-gates.ts';
import { type Measured, measureRun } from './measure.ts';
import { afterNight } from './nightly-after.ts';
import { closeNights } from './nightly-close.ts';
import { confirmSuspects, reportSegments } from './nightly-confirm.ts';
import { refuseUnregistered } from './nightly-engine.ts';
import { nightLines } from './nightly-lines.ts';
import { whyNotQuiet } from './nightly-quiet.ts';
import { type NightlyFlags, type NightlySettings, nightlySettings } from './nightly-settings.ts';
import { newRunId } from './run-id.ts';
import { claimOut } from './stored-run.ts';

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
  readonly measured: Measured | null;
  /** null where nothing was measured, or the configuration has none. */
  readonly gate: GateReport | null;
}

/** What the steps of a night share. */
interface NightContext {
  readonly app: AppContext;
  readonly settings: NightlySettings;
  readonly workloads: readonly Workload[];
  readonly gates: Gates;
}

/**
 * Measures tonight's runtimes beside their pinned copies, and writes down what was found. A night that is skipped, fails or is cut
 * off is written down, too; one that was killed is written down by the next one.
 */
export async function measureNight(app: AppContext, flags: NightlyFlags): Promise<Night> {
  const configuration = await openConfiguration(app, flags, { here: true });
  const settings = await nightlySettings(app, flags, configuration);
  const workloads = await configuration.workloads();
  const known = { workloads, recorded: null, isAsked: false };
  const gates = await configuredGates(app, configuration, flags, known);
  const context = { app, settings, workloads, gates };
  claimOut(settings.out);
  refuseNotOwn([settings.history]);
  try {
    const night = await wholeNight(context, configuration).catch(async (error: unknown) => {
      await writeDown(context, error);
      // Whoever measures meanwhile is not to be disturbed, and tells of its own night.
      if (exitCodeOfError(error) !== exitCodes.busy) await afterNight(app, settings, []);
      throw error;
    });
    await afterNight(app, settings, night.gate?.results ?? []);
    return night;
  } finally {
    await siteAfterNight(app, settings.history);
  }
}

async function wholeNight(context: NightContext, configuration: Configuration): Promise<Night> {
  const skipped = await beforeTheNight(context, configuration);
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
  const { app, settings, workloads } = context;
  const measured = await measureRun(app, settings.run, settings.watched);
  const { concluded } = measured;
  if (concluded === null) {
    const night = nightWithout(app, 'interrupted', measured.advice?.text ?? '');
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
async function beforeTheNight(
  { app, settings, workloads }: NightContext,
  configuration: Configuration,
): Promise<NightLine | null> {
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
  const night = nightWithout(app, 'skipped', busy.text);
  await appendLines(app, settings.history, [night]);
  return night;
}

/** A night in which nothing was measured. */
function nightWithout({ clock }: AppContext, status: NightLine['status'], reason: string): NightLine {
  return {
    kind: 'night',
    ...whenOf({ startedAt: clock.date().toISOString() }, hostIdentity()),
    ...{ run: null, stage: 'night', status, reason },
    ...{ headlines: 0, minutes: 0, aa: null, disturbed: 0 },
  };
}

const exitCodeOfError = (error: unknown): ExitCode =>
  error instanceof OcibenchError ? error.exitCode : exitCodes.someFailed;

/** Writes down a night that failed: what it measured, or that it measured nothing. */
async function writeDown({ app, settings, workloads }: NightContext, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  const exitCode = exitCodeOfError(error);
  const isBusy = exitCode === exitCodes.busy;
  // The one who measures meanwhile writes down its own night.
  const closed = isBusy
    ? 0
    : await closeNights(app, settings, await storedHistory(settings.history), workloads, reason);
  if (closed > 0) return;
  const status = isBusy ? 'skipped' : exitCode === exitCodes.interrupted ? 'interrupted' : 'failed';
  await appendLines(app, settings.history, [nightWithout(app, status, reason)]);
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
