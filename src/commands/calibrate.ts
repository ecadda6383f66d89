import { join, resolve } from 'node:path';
import { styleText } from 'node:util';
import { runBills } from '../calibrate/bill-loop.ts';
import { injectedComparisons, runtimeComparisons } from '../calibrate/comparisons.ts';
import { registerInjectors } from '../calibrate/injectors.ts';
import { runCalibration } from '../calibrate/loop.ts';
import { probes } from '../calibrate/probe.ts';
import { loadWorkloads } from '../config/workloads.ts';
import { makeScratch, removeScratch } from '../engine/scratch.ts';
import { trialRunner } from '../execute/runner.ts';
import { readHostFacts } from '../host/facts.ts';
import { findProgram } from '../host/programs.ts';
import { type Calibration, calibrationVersion } from '../model/calibration.ts';
import { type ExitCode, exitCodes } from '../model/error.ts';
import type { RuntimeEntry } from '../model/runtime.ts';
import { calibrationTable } from '../report/calibration-table.ts';
import { writeAtomically } from '../store/files.ts';
import { openRun } from '../store/run-directory.ts';
import { removeLeftovers } from './clean.ts';
import { type CommonFlags, loadResolution } from './configuration.ts';
import { interruptSignal } from './interrupt.ts';
import { explainer, preflightWorkload, runPreflights } from './preflights.ts';
import { entriesOf, theWorkload } from './preparation.ts';
import { registeredRuntimes } from './registered.ts';
import { newRunId } from './run-id.ts';
import { openSession } from './session.ts';
import { terminal } from './terminal.ts';

/** Flags of `ocibench calibrate`, as typed. */
export interface CalibrateFlags extends CommonFlags {
  readonly thorough?: boolean;
}

/** Idle sandboxes at once, and rounds of them. */
const sandboxes = 16;
const billRounds = { min: 6, max: 12 };
const defaults = { preset: 'standard', blocks: '8..60' } as const;

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
  const { config, variants, daemonJson } = await loadResolution({ ...defaults, ...flags });
  const registered = await registeredRuntimes(daemonJson, variants);
  for (const what of await removeLeftovers()) terminal.log(`removed what an earlier run left: ${what}`);
  const startedAt = new Date();
  const runId = newRunId(startedAt);
  const calibrationId = `calibration-${runId}`;
  const directory = join(resolve(flags.out ?? '.'), 'results', calibrationId);
  const interrupt = interruptSignal(() => terminal.log('interrupted: ending the trial in flight'));
  const scratch = await makeScratch(runId);
  try {
    const injected = await injectors(config.engine, registered.entries, config.baseline, scratch);
    await using session = await openSession(runId, config.engine, [...registered.entries, ...injected]);
    const { kind, version, cgroupVersion, cgroupDriver } = session.engine.facts;
    terminal.log(`engine: ${kind}, Docker ${version}, cgroup v${cgroupVersion} (${cgroupDriver})`);
    const host = await readHostFacts();
    const entries = await entriesOf(session, registered, config);
    const preflight = theWorkload(await loadWorkloads(), preflightWorkload);
    const workloads = Object.values(probes);
    const images = await session.provideImages(
      new Set([preflight, ...workloads].map((workload) => workload.image)),
    );
    const explain = explainer([...entries, ...injected], host, session, registered.file);
    const runtimes = await runPreflights({
      session,
      entries,
      requested: config.runtimes,
      workload: preflight,
      images,
      explain,
      interrupt: interrupt.signal,
    });
    const usable = runtimes.filter((runtime) => runtime.preflight.status === 'available');
    const comparisons = usable.flatMap(({ entry, family }) =>
      runtimeComparisons(entry.name, family, { thorough: flags.thorough ?? false }),
    );
    if (kind === 'embedded' && injected.length > 0) comparisons.push(...injectedComparisons());
    else terminal.log('injected overheads are left out: they need the embedded engine and the baseline here');
    const writer = await openRun(directory);
    const started = performance.now();
    const trialChecks = await runCalibration({
      comparisons,
      seed: config.seed,
      minBlocks: config.minBlocks,
      maxBlocks: config.maxBlocks,
      maxTimeMs: config.maxTimeMs,
      writer,
      interrupt: interrupt.signal,
      now: () => performance.now(),
      runTrial: trialRunner({
        engine: session.engine,
        runId,
        scratch: session.scratch,
        hostPlace: session.hostPlace,
        images: new Map(images.map((image) => [image.recipe, image.reference])),
        subjects: comparisons.flatMap(({ treatment, control }) =>
          [treatment, control].map(({ probe, task }) => ({ workload: probes[probe], params: { ...task } })),
        ),
        explain,
        interrupt: interrupt.signal,
      }),
      onBlock: (block, open) => {
        if (flags.quiet) return;
        const seconds = ((performance.now() - started) / 1000).toFixed(0);
        const what =
          block.phase === 'warmup' ? 'warm-up' : `block ${block.block} of at most ${config.maxBlocks}`;
        terminal.log(`${seconds} s ${what}: ${block.trials.length} trials, ${open} checks not yet precise`);
      },
    }).finally(() => writer.close());
    const bills =
      session.hostPlace === null
        ? { checks: [], bills: [] }
        : await runBills({
            engine: session.engine,
            place: session.hostPlace,
            image: images.find(({ recipe }) => recipe === preflight.image)?.reference ?? '',
            runtimes: usable.map(({ entry }) => entry.name),
            sandboxes,
            seed: config.seed,
            minRounds: billRounds.min,
            maxRounds: billRounds.max,
            interrupt: interrupt.signal,
            onRound: (round, open) => {
              if (!flags.quiet)
                terminal.log(
                  `idle sandboxes, ${round === 0 ? 'warm-up' : `round ${round} of at most ${billRounds.max}`}: ${open} runtimes not yet precise`,
                );
            },
          });
    const calibration: Calibration = {
      calibrationVersion,
      calibrationId,
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      harnessVersion,
      seed: config.seed,
      host,
      engine: session.engine.facts,
      runtimes,
      checks: [...trialChecks, ...bills.checks],
      bills: [...bills.bills],
      interrupted: interrupt.signal.aborted,
    };
    await writeAtomically(join(directory, 'calibration.json'), `${JSON.stringify(calibration, null, 1)}\n`);
    conclude(calibration, directory, flags.json ?? false);
    if (calibration.interrupted) return exitCodes.interrupted;
    return calibration.checks.every(({ verdict }) => verdict === 'pass' || verdict === 'absent')
      ? exitCodes.ok
      : exitCodes.someFailed;
  } finally {
    interrupt.dispose();
    await removeScratch(scratch);
  }
}

function conclude(calibration: Calibration, directory: string, json: boolean): void {
  if (json) {
    terminal.result(JSON.stringify(calibration));
    return;
  }
  const colour = terminal.colour(process.stdout);
  terminal.result(calibrationTable(calibration, (style, text) => (colour ? styleText(style, text) : text)));
  terminal.result(`details  ${join(directory, 'calibration.json')}  (and trials.jsonl)`);
}
