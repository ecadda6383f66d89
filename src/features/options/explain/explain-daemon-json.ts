import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { AppContext } from '../../../app/context.ts';
import { analysisOf } from '../../../app/measure/conclude.ts';
import { languageOf } from '../../../app/measure/configuration.ts';
import { measureRun } from '../../../app/measure/measure.ts';
import { openReadable } from '../../../app/readable-run.ts';
import type { RunRequest } from '../../../core/config/command-line.ts';
import type { BenchConfig } from '../../../core/config/define-config.ts';
import { askedEngines, recordableEngine } from '../../../core/config/engine-shape.ts';
import { type LoadedDaemonJson, loadDaemonJson } from '../../../core/config/load-config.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { exitCodes, OcibenchError, refusal } from '../../../core/model/failure/error.ts';
import { dockerVersions, type RunRecord } from '../../../core/model/run/run.ts';
import { readDockerHere } from '../judge/here.ts';
import { judgeDaemonJson } from '../judge/judge.ts';
import { enginesFor, explanationOf, measuredSettings, type SettingsMeasurement } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { type DaemonSetting, settingsOf } from './settings.ts';

const text = notices('explainRun', {
  cannot: '{file} cannot be explained',
  measuring:
    'measuring {settings, plural, one {one setting} other {{settings} settings}} of {file} for {minutes} min at most, each in its own engine beside one without it',
  notMeasured:
    'the settings were not measured, because the run ended too early; to continue:  @(runtimes explain {file} --resume {run})',
  notBegun:
    'the settings were not measured, because the run ended too early; to try again:  @(runtimes explain {file} --measure)',
});
const why = reasons('explainRun', {
  oneRuntime: {
    message: 'must name one runtime, but names {n}',
    fix: 'for example  --runtimes runc; to compare runtimes:  @(run)',
  },
  otherRun: {
    message: "did not measure the setting ''{engine}'' of this file",
    fix: 'measure the settings:  @(runtimes explain {file} --measure)',
  },
});

/** Request of `ocibench runtimes explain`. */
export interface ExplainRequest extends RunRequest, ExplainFlags {}

/** Its own flags, as typed. */
export interface ExplainFlags {
  /** A run that measured the settings of the file. */
  readonly from?: string | undefined;
  /** Where that run is. */
  readonly in?: string | undefined;
  /** Measure the settings; `resume` does so too. */
  readonly measure?: boolean | undefined;
}

/** Containers are as `docker run` makes them, so that the daemon's settings apply to them. */
const containerProfile = 'plain';

/** One workload per kind of cost that a setting can have, and the isolation facts. */
const workloads = [
  'startup/echo',
  'syscall/trivial',
  'io/small-files',
  'network/http',
  'memory/idle',
  'isolation/facts',
];

/** Default time limit of the measurement. */
const usualMaxTimeMs = 5 * 60_000;

/** Result: the explanation of a daemon.json, and the run that measured it. */
export interface ExplanationResult {
  readonly explanation: Explanation;
  readonly lang: Lang;
}

/**
 * Explains each setting of a daemon.json: its effect, and its cost from a new or an earlier run. OcibenchError (exit 2) with
 * all problems of the file, or if the run measured other settings.
 */
export async function explainFile(
  app: AppContext,
  name: string,
  request: ExplainRequest,
): Promise<ExplanationResult> {
  const file = await fileOf(app, name);
  const settings = settingsOf(file.source, file.config);
  const runtime = runtimeOf(file, request);
  const measured = await measurementOf(app, { ...request, daemonJson: file.file }, settings, {
    name,
    runtime,
  });
  const lang = request.lang === undefined ? app.reporter.lang : languageOf(request.lang);
  const here = await readDockerHere(file.file, file.config);
  const objections = judgeDaemonJson(file.config, here);
  const about = { file: name, runtime, dockerd: here.version };
  return { explanation: explanationOf(settings, about, measured, objections), lang };
}

async function fileOf({ environment }: AppContext, name: string): Promise<LoadedDaemonJson> {
  const path = resolve(environment.workingDirectory, name);
  const loaded = await loadDaemonJson(path);
  if (loaded === null) throw new Error(`${path} was asked for and is there`);
  return loaded;
}

/** Runtime of the containers: the requested one, or the file's default. */
function runtimeOf({ config }: LoadedDaemonJson, { runtimes }: RunRequest): string {
  const asked = runtimes ?? [config['default-runtime'] ?? 'runc'];
  const [runtime] = asked;
  if (runtime !== undefined && asked.length === 1) return runtime;
  throw refusal(text.cannot({ file: '--runtimes' }), '--runtimes', why.oneRuntime({ n: asked.length }));
}

async function measurementOf(
  app: AppContext,
  request: ExplainRequest,
  settings: readonly DaemonSetting[],
  asked: { readonly name: string; readonly runtime: string },
): Promise<SettingsMeasurement | null> {
  const { from } = request;
  if (from !== undefined) return storedMeasurement(app, from, request, settings, asked.name);
  const { length } = measuredSettings(settings);
  if ((!request.measure && request.resume === undefined) || length === 0) return null;
  const minutes = Math.ceil((request.maxTime ?? usualMaxTimeMs) / 60_000);
  app.reporter.log(text.measuring({ settings: length, file: asked.name, minutes }));
  const engines = enginesFor(settings, request.workloads === undefined);
  const beside: BenchConfig = { engines, profiles: [containerProfile] };
  const { concluded, exitCode } = await measureRun(app, runRequest(request, asked.runtime), [], beside);
  if (concluded === null || exitCode === exitCodes.interrupted) {
    const values = { file: asked.name };
    throw new OcibenchError(
      concluded === null ? text.notBegun(values) : text.notMeasured({ ...values, run: concluded.run.runId }),
      { exitCode },
    );
  }
  return measuredIn(concluded.run, concluded.conclusion.analysis);
}

/** The request to `run`. */
function runRequest(
  { from: _, in: __, measure: ___, ...request }: ExplainRequest,
  runtime: string,
): RunRequest {
  return {
    workloads,
    maxTime: usualMaxTimeMs,
    ...request,
    preset: 'quick',
    runtimes: [runtime],
    baseline: runtime,
  };
}

async function storedMeasurement(
  app: AppContext,
  from: string,
  request: ExplainRequest,
  settings: readonly DaemonSetting[],
  name: string,
): Promise<SettingsMeasurement> {
  const { run, trials, workloads: known } = await openReadable(app, from, request);
  const recorded = new Map((run.config.engines ?? []).map((engine) => [engine.name, engine.daemonJson]));
  const missing = askedEngines(enginesFor(settings)).find(
    (engine) => !isDeepStrictEqual(recorded.get(engine.name), recordableEngine(engine).daemonJson),
  );
  if (missing !== undefined) {
    throw refusal(
      text.cannot({ file: name }),
      { file: '--from', key: run.runId },
      why.otherRun({ engine: missing.name, file: name }),
    );
  }
  return measuredIn(run, analysisOf(run, trials, known).analysis);
}

function measuredIn(run: RunRecord, analysis: SettingsMeasurement['analysis']): SettingsMeasurement {
  const { engines = [] } = run.config;
  return { runId: run.runId, docker: dockerVersions(run), analysis, engines };
}
