import { join, resolve } from 'node:path';
import type { AppContext } from '../../../app/context.ts';
import { hostOf } from '../../../app/host-checks.ts';
import { clearLeftovers } from '../../../app/leftovers/leftovers.ts';
import { openConfiguration } from '../../../app/measure/configuration.ts';
import { refuseWithoutDocker } from '../../../app/measure/engines.ts';
import { holdHost } from '../../../app/measure/host-lock.ts';
import { newRunId } from '../../../app/measure/past-runs.ts';
import { refuseUnknownRuntimes, registeredRuntimes, reportNotes } from '../../../app/measure/registered.ts';
import { limitsOf } from '../../../app/measure/run-trials.ts';
import { claimOut } from '../../../app/measure/stored-run.ts';
import { entriesOf, tryRuntimes } from '../../../app/measure/try-runtimes.ts';
import type { RunRequest } from '../../../core/config/command-line.ts';
import { listed } from '../../../core/messages/compose.ts';
import { notices, reasons } from '../../../core/messages/define.ts';
import {
  type ExitCode,
  exitCodes,
  misuse,
  OcibenchError,
  problemOf,
} from '../../../core/model/failure/error.ts';
import { productOf } from '../../../core/model/runtime/engine-kind.ts';
import { familyOf, runsModulesOnly } from '../../../core/runtimes/registry.ts';
import { calibrationPrefix } from '../../../core/store/run-ids.ts';
import { warnIfBusy } from './busy-host.ts';
import { type Calibration, type CalibrationVerdict, calibrationVersion } from './calibration.ts';
import { runChecks } from './checks.ts';
import { runtimeComparisons } from './comparisons.ts';
import { planCalibration } from './plan.ts';
import { probes } from './probe.ts';

/** Ids of all checks, for `--checks`. */
const checkIds: readonly string[] = runtimeComparisons('', 'other').map(({ id }) => id);

const text = notices('calibration', {
  modulesOnly: '{runtimes}: not calibrated, because only WebAssembly modules run there',
  notAll: 'some of these checks do not exist',
  interrupted: 'interrupted: ending the current trial',
  engine: 'engine: {kind}, {product} {version}, cgroup v{cgroup} ({driver})',
  engineLost: 'the engine stopped during the calibration ({how}): calibrate again',
});
const why = reasons('calibration', {
  noCheck: { message: 'there is no such check', fix: 'choose from: {ids}' },
});

/** Request of `ocibench doctor calibrate`. */
export interface CalibrateRequest extends RunRequest, CalibrateFlags {}

/** Its own flags, as typed. */
export interface CalibrateFlags {
  readonly checks?: string | undefined;
}

/** Result of a calibration, and the file it was written to. */
export interface CalibrationResult {
  readonly calibration: Calibration;
  /** calibration.json */
  readonly file: string;
  /** 1 if a check fails, 5 if none does and one stays inconclusive. */
  readonly exitCode: ExitCode;
}

const defaults = { preset: 'standard', blocks: { min: 6, max: 200 } } as const;

/** Default time limit, ms: two minutes per runtime on a quiet machine, at least that of three runtimes. */
const defaultMaxTimeMs = (runtimes: number) => 120_000 * Math.max(3, runtimes);

/** Value of `--checks`; all if not given. OcibenchError (exit 2) that names every unknown check. */
function chosenChecks(asked: string | undefined): readonly string[] {
  if (asked === undefined) return checkIds;
  const chosen = asked.split(',').map((id) => id.trim());
  const unknown = chosen.filter((id) => !checkIds.includes(id));
  if (unknown.length > 0)
    throw misuse(
      text.notAll,
      unknown.map((key) => problemOf({ file: '--checks', key }, why.noCheck({ ids: listed(checkIds) }))),
    );
  return chosen;
}

/** Compares the collector's figures with the known amounts of work of probe containers. */
export async function calibrate(app: AppContext, request: CalibrateRequest): Promise<CalibrationResult> {
  const { reporter, environment, clock, store } = app;
  const wanted = chosenChecks(request.checks);
  const configuration = await openConfiguration(app, request, { here: true });
  const resolution = configuration.resolve({ ...defaults, ...request });
  const { config } = resolution;
  refuseWithoutDocker('doctor calibrate', config.engine);
  const registered = await registeredRuntimes(resolution);
  reportNotes(reporter, registered);
  await refuseUnknownRuntimes(app, registered, config, request);
  const out = resolve(environment.workingDirectory, request.out ?? '.');
  claimOut(out);
  using interrupt = app.interrupts(text.interrupted);
  await using lock = await holdHost(app, {
    command: 'ocibench doctor calibrate',
    runId: () => newRunId(clock.date()),
    wait: request.wait ?? false,
    interrupt: interrupt.signal,
  });
  await clearLeftovers(app, out);
  const began = clock.now();
  const busy = await warnIfBusy(app, interrupt.signal);
  const { runId, since: startedAt } = lock.owner;
  const calibrationId = `${calibrationPrefix}${runId}`;
  const directory = join(out, 'results', calibrationId);
  await using session = await app.engines.openSession(runId, config.engine, registered.entries, {
    daemon: request,
    reporter,
    environment,
  });
  const { kind, version, cgroupVersion, cgroupDriver } = session.engine.facts;
  const product = productOf(session.engine.facts);
  reporter.log(text.engine({ kind, product, version, cgroup: cgroupVersion, driver: cgroupDriver }));
  const host = await hostOf(session);
  const { runtimes, images, explain } = await tryRuntimes({
    session,
    entries: await entriesOf(session, registered, config),
    registered,
    config,
    host,
    images: Object.values(probes).map(({ image }) => image),
    interrupt: interrupt.signal,
  });
  const started = runtimes.filter((runtime) => runtime.preflight.status === 'available');
  const [modulesOnly, usable] = [true, false].map((which) =>
    started.filter(({ family }) => runsModulesOnly(familyOf(family)) === which),
  ) as [typeof started, typeof started];
  if (modulesOnly.length > 0)
    reporter.warn(text.modulesOnly({ runtimes: listed(modulesOnly.map(({ entry }) => entry.name)) }));
  const maxTimeMs = request.maxTime === undefined ? defaultMaxTimeMs(usable.length) : config.maxTimeMs;
  const plan = planCalibration({
    runtimes: usable,
    baseline: config.baseline,
    minBlocks: config.minBlocks,
    maxTimeMs,
    comparisons: usable
      .flatMap(({ entry, family }) => runtimeComparisons(entry.name, family))
      .filter(({ id }) => wanted.includes(id)),
  });
  for (const said of plan.said) reporter.warn(said);
  const writer = await store.openRun(directory);
  const checks = await runChecks({
    session,
    config,
    maxTimeMs,
    images,
    comparisons: plan.comparisons,
    limitsOf: (runtime) => limitsOf({ config, runtimes, engine: session.engine.facts }, runtime),
    explain,
    writer,
    interrupt: interrupt.signal,
    clock,
    began,
    reporter,
  }).finally(() => writer.close());
  const lost = await session.lost();
  if (lost !== null)
    throw new OcibenchError(text.engineLost({ how: lost }), { exitCode: exitCodes.noEngine });
  const calibration: Calibration = {
    calibrationVersion,
    calibrationId,
    startedAt,
    finishedAt: clock.date().toISOString(),
    harnessVersion: environment.version,
    seed: config.seed,
    host,
    engine: session.engine.facts,
    runtimes,
    checks: [...checks, ...plan.absent],
    busy,
    interrupted: interrupt.signal.aborted,
  };
  const file = join(directory, 'calibration.json');
  await store.writeAtomically(file, `${JSON.stringify(calibration, null, 1)}\n`);
  return { calibration, file, exitCode: exitCodeOf(calibration) };
}

/** Of a failed check first: a job that repeats what could not be told (5) must not repeat what is wrong (1). */
export function exitCodeOf({ interrupted, checks }: Pick<Calibration, 'interrupted' | 'checks'>): ExitCode {
  if (interrupted) return exitCodes.interrupted;
  const has = (verdict: CalibrationVerdict) => checks.some((check) => check.verdict === verdict);
  if (has('fail')) return exitCodes.someFailed;
  return has('inconclusive') || !has('pass') ? exitCodes.cannotTell : exitCodes.ok;
}
