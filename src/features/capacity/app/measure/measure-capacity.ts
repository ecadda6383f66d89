import type { AppContext } from '../../../../app/context.ts';
import { openConfiguration, requestOf } from '../../../../app/measure/configuration.ts';
import { refuseWithoutDocker } from '../../../../app/measure/engines.ts';
import { measureRun } from '../../../../app/measure/measure.ts';
import { openStored } from '../../../../app/open-stored.ts';
import type { RunFlags, RunRequest } from '../../../../core/config/command-line.ts';
import { notices } from '../../../../core/messages/define.ts';
import { type ExitCode, exitCodes } from '../../../../core/model/failure/error.ts';
import type { RunRecord } from '../../../../core/model/run/run.ts';
import { type CapacityLacks, findLacks } from './lacks.ts';

const text = notices('measureCapacity', { measuring: 'measuring what overhead and plan need' });

const preset = 'capacity';

/** A run with what overhead and plan need. */
export interface CapacityRun {
  /** null if nothing was measured to its end. */
  readonly measured: {
    readonly run: RunRecord;
    readonly path: string;
    readonly lacks: CapacityLacks;
  } | null;
  readonly exitCode: ExitCode;
}

/** `ocibench capacity measure`: measures in one run what overhead and plan need. */
export async function measureCapacity(app: AppContext, flags: RunFlags): Promise<CapacityRun> {
  const request = await requestOf(app, flags, { here: true });
  refuseWithoutDocker('capacity measure', request.engine);
  app.reporter.log(text.measuring);
  const { concluded, exitCode, advice, kept } = await measureRun(app, {
    ...request,
    preset,
    workloads: request.workloads ?? (await presetCategories(app, request)),
    duet: false,
    report: false,
  });
  if (kept !== null) app.reporter.log(kept);
  if (advice !== null) app.reporter.warn(advice);
  if (concluded?.run.status !== 'complete') return { measured: null, exitCode };
  const path = concluded.place.results;
  const { run, trials, workloads } = await openStored(app, path, { ...request, in: request.out });
  const lacks = findLacks(run, trials, workloads);
  // A run that was to have few blocks is as it was asked for.
  const isWhole = lacks.works.length === 0 || run.config.maxBlocks < lacks.neededBlocks;
  const isShort = !isWhole || lacks.absent.length > 0 || lacks.runtimes.length > 0;
  return {
    measured: { run, path, lacks },
    exitCode: exitCode === exitCodes.ok && isShort ? exitCodes.someFailed : exitCode,
  };
}

/** The categories of the preset: a `workloads` of the configuration must not leave out any. */
async function presetCategories(app: AppContext, request: RunRequest): Promise<readonly string[]> {
  // The run says itself which configuration it is of.
  const reporter = Object.assign(Object.create(app.reporter), { log: () => undefined });
  const configuration = await openConfiguration({ ...app, reporter }, request, { here: true });
  const own = (await configuration.workloads()).filter(({ presets }) => (presets[preset] ?? []).length > 0);
  return [...new Set(own.map(({ category }) => category))];
}
