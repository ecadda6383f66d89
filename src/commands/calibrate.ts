import { join, resolve } from 'node:path';
import { checkIds, chooseComparisons } from '../calibrate/choice.ts';
import { registerInjectors } from '../calibrate/injectors.ts';
import { probes } from '../calibrate/probe.ts';
import { makeScratch, removeScratch } from '../engine/scratch.ts';
import { findProgram } from '../host/programs.ts';
import { type Calibration, calibrationPrefix, calibrationVersion } from '../model/calibration.ts';
import { type ExitCode, exitCodes, OcibenchError } from '../model/error.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import { calibrationTable } from '../report/calibration-table.ts';
import { messages } from '../report/messages/index.ts';
import { writeAtomically } from '../store/files.ts';
import { openRun } from '../store/run-directory.ts';
import { runChecks } from './calibration-checks.ts';
import { type CommonFlags, loadResolution } from './configuration.ts';
import { holdHost } from './host-lock.ts';
import { interruptSignal } from './interrupt.ts';
import { spoken, spokenLanguage } from './language.ts';
import { clearLeftovers } from './leftovers.ts';
import { entriesOf, hostOf, tryRuntimes } from './preparation.ts';
import { registeredRuntimes } from './registered.ts';
import { newRunId } from './run-id.ts';
import { openSession } from './session.ts';
import { refuseOthersOut } from './stored-run.ts';
import { terminal } from './terminal.ts';

/** Flags of `ocibench calibrate`, as typed. */
export interface CalibrateFlags extends CommonFlags {
  readonly thorough?: boolean;
  readonly checks?: string;
  /** Wait for another measurement on this host to end. */
  readonly wait?: boolean;
}

const defaults = { preset: 'standard', blocks: '8..60' } as const;

/** `--checks`; null where it was not given. OcibenchError (exit 2) that names what is no check. */
function chosenChecks(asked: string | undefined): readonly string[] | null {
  if (asked === undefined) return null;
  const chosen = asked.split(',').map((id) => id.trim());
  const unknown = chosen.filter((id) => !checkIds.includes(id));
  if (unknown.length > 0)
    throw new OcibenchError('not every check that was asked for exists', {
      exitCode: exitCodes.misuse,
      problems: unknown.map((id) => ({
        file: '--checks',
        key: id,
        message: 'there is no such check',
        fix: `choose from: ${checkIds.join(', ')}`,
      })),
    });
  return chosen;
}

/** The baseline with known overheads added, where the engine is ours to register them in. */
async function injectors(
  engine: string,
  entries: readonly RuntimeEntry[],
  baseline: string,
  scratch: string,
): Promise<readonly RuntimeEntry[]> {
  if (engine === 'docker') return [];
  const real = await findProgram(entries.find(({ name }) => name === baseline)?.path ?? baseline);
  return real === null ? [] : registerInjectors(scratch, real);
}

/**
 * `ocibench calibrate`: containers that do a known amount of work, and runtimes with a known overhead, are held
 * against what the collector reports. Exit 1 when a check fails or stays inconclusive.
 */
export async function calibrateCommand(flags: CalibrateFlags, harnessVersion: string): Promise<ExitCode> {
  if (flags.quiet) terminal.beQuiet();
  const wanted = chosenChecks(flags.checks);
  const { config, variants, daemonJson } = await loadResolution({ ...defaults, ...flags });
  const registered = await registeredRuntimes(daemonJson, variants);
  const out = resolve(flags.out ?? '.');
  await refuseOthersOut(out);
  const interrupt = interruptSignal(() => terminal.log('interrupted: ending the trial in flight'));
  const m = messages(config.lang);
  try {
    await using lock = await holdHost({
      command: 'ocibench calibrate',
      runId: () => newRunId(new Date()),
      wait: flags.wait ?? false,
      interrupt: interrupt.signal,
      m,
    });
    await clearLeftovers(out);
    const { runId, since: startedAt } = lock.owner;
    const calibrationId = `${calibrationPrefix}${runId}`;
    const directory = join(out, 'results', calibrationId);
    const scratch = await makeScratch(`${runId}-injectors`);
    await using afterwards = new AsyncDisposableStack();
    afterwards.defer(() => removeScratch(scratch));
    const injected = await injectors(config.engine, registered.entries, config.baseline, scratch);
    await using session = await openSession(
      runId,
      config.engine,
      [...registered.entries, ...injected],
      flags,
    );
    const { kind, version, cgroupVersion, cgroupDriver } = session.engine.facts;
    terminal.log(`engine: ${kind}, Docker ${version}, cgroup v${cgroupVersion} (${cgroupDriver})`);
    const host = await hostOf(session);
    const { runtimes, images, explain } = await tryRuntimes({
      session,
      entries: await entriesOf(session, registered, config),
      registered,
      config,
      host,
      images: Object.values(probes).map(({ image }) => image),
      extra: injected,
      interrupt: interrupt.signal,
    });
    const usable = runtimes.filter((runtime) => runtime.preflight.status === 'available');
    const withInjected = kind === 'embedded' && injected.length > 0;
    if (!withInjected)
      terminal.log('injected overheads are left out: they need the embedded engine and the baseline here');
    const writer = await openRun(directory);
    const { checks, bills } = await runChecks({
      session,
      config,
      images,
      comparisons: chooseComparisons(usable, {
        thorough: flags.thorough ?? false,
        injected: withInjected,
        wanted,
      }),
      billed: wanted === null || wanted.includes('bill') ? usable.map(({ entry }) => entry.name) : [],
      explain,
      writer,
      interrupt: interrupt.signal,
      say: terminal.log,
    }).finally(() => writer.close());
    const lost = await session.lost();
    if (lost !== null)
      throw new OcibenchError(m.cutOff.calibrationLost(lost), { exitCode: exitCodes.noEngine });
    const calibration: Calibration = {
      calibrationVersion,
      calibrationId,
      startedAt,
      finishedAt: new Date().toISOString(),
      harnessVersion,
      seed: config.seed,
      host,
      engine: session.engine.facts,
      runtimes,
      checks: [...checks],
      bills: [...bills],
      interrupted: interrupt.signal.aborted,
    };
    await writeAtomically(join(directory, 'calibration.json'), `${JSON.stringify(calibration, null, 1)}\n`);
    conclude(calibration, directory, flags.json ?? false);
    if (calibration.interrupted) return exitCodes.interrupted;
    const good = checks.every(({ verdict }) => verdict === 'pass' || verdict === 'absent');
    return good && checks.some(({ verdict }) => verdict === 'pass') ? exitCodes.ok : exitCodes.someFailed;
  } finally {
    interrupt.dispose();
  }
}

function conclude(calibration: Calibration, directory: string, json: boolean): void {
  if (json) {
    terminal.json(calibration);
    return;
  }
  terminal.paintedResult(calibrationTable(calibration, spokenLanguage(), terminal.paintResult));
  terminal.result(spoken(`details  ${join(directory, 'calibration.json')}  (and trials.jsonl)`));
}
