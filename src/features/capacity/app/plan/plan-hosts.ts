import { dirname, resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { analysisOf } from '../../../../app/measure/conclude.ts';
import { languageOf } from '../../../../app/measure/configuration.ts';
import { resultsOf } from '../../../../app/measure/past-runs.ts';
import { openReadable } from '../../../../app/readable-run.ts';
import { planShape } from '../../../../core/config/plan-shape.ts';
import { parseYamlText } from '../../../../core/config/yaml-text.ts';
import { checkValue } from '../../../../core/config/zod-problems.ts';
import { readPlainFile } from '../../../../core/files/plain-file.ts';
import { notices, reasons } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import { misuse, OcibenchError, type Problem, refusal } from '../../../../core/model/error.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import type { CapacityPlan } from '../../plan/capacity-plan.ts';
import type { PlanInput } from '../../plan/input-record.ts';
import { planOf } from '../../plan/plan.ts';
import { amountsOf, type RatioResult, type ResolvedService } from '../../plan/resolved.ts';
import { type RuntimeCost, runtimeCosts } from '../../plan/runtime-cost.ts';
import { measuredCells } from '../../predict/measured.ts';
import type { Prediction } from '../../predict/prediction.ts';
import type { Recording } from '../../recording/recording.ts';
import { findRecording } from '../../recording/recordings-on-disk.ts';
import { overheadOf } from '../../sandbox/overhead.ts';
import { type MeasuredRun, measuredRun } from '../../sandbox/parts.ts';
import { kataDefaultMemory, kataEstimate } from '../../sandbox/runtime-class.ts';
import { predict } from '../predict/predict-run.ts';
import { warnOfReleases } from '../predict/run-releases.ts';
import { nativeOf } from '../sandbox/overhead-refusals.ts';
import { askedPlan, type PlanFlags, type PlanRequest } from './flags.ts';
import { planInput, planKeys } from './input.ts';
import {
  amountProblem,
  lackProblems,
  recordingProblem,
  requestProblems,
  runtimeProblems,
  todayProblems,
} from './problems.ts';
import { needsPrediction, type RatioSources, ratioOf } from './ratios.ts';

const readFileText = notices('planFile', { unusable: '{file} cannot be planned' });
const why = reasons('planFile', {
  missing: { message: 'does not exist', fix: 'name a file; an example is in examples/services.yaml' },
});

/** OcibenchError (exit 2) if there are problems. */
function refusePlan(file: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw misuse(readFileText.unusable({ file }), problems);
}

/** Reads services.yaml; `file` names it in messages. OcibenchError (exit 2) with all of its problems. */
export async function readPlanFile(path: string, file: string): Promise<PlanInput> {
  const source = await readPlainFile(path, { followLinks: true }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? refusal(readFileText.unusable({ file }), { file, key: '' }, why.missing)
      : error;
  });
  const yaml = parseYamlText(source.toString('utf8'), file);
  if (!yaml.ok) throw misuse(readFileText.unusable({ file }), yaml.problems);
  const checked = checkValue(planShape, yaml.value, file, planKeys);
  if (!checked.ok) throw misuse(readFileText.unusable({ file }), checked.problems);
  return planInput(checked.data);
}

/** A recording that a service names, and the file it was read from. */
interface NamedRecording {
  readonly file: string;
  readonly recording: Recording;
}

/** Service → its recording, and the problems of unusable recordings. Paths are relative to the plan's file. */
async function readRecordings(
  { services }: PlanInput,
  file: string,
  results: string,
): Promise<{
  readonly recordings: ReadonlyMap<string, NamedRecording>;
  readonly problems: readonly Problem[];
}> {
  const recordings = new Map<string, NamedRecording>();
  const problems: Problem[] = [];
  for (const { name, recording } of services) {
    if (recording === null) continue;
    try {
      recordings.set(
        name,
        await findRecording(recording, { path: resolve(dirname(file), recording), results }),
      );
    } catch (error) {
      if (!(error instanceof OcibenchError) || error.problems.length === 0) throw error;
      problems.push(...error.problems);
    }
  }
  return { recordings, problems };
}

const text = notices('planRun', { notInRun: 'the run does not have it' });

/** Confidence of all intervals: that of a run's ratios. */
const confidence = 0.95;

/**
 * Plans hosts for the services of a file under each runtime. OcibenchError (exit 2) with every problem of the file, its
 * recordings and the run.
 */
export async function planServices(
  app: AppContext,
  named: string,
  flags: PlanFlags,
): Promise<{ readonly plan: CapacityPlan; readonly lang: Lang }> {
  const asked = askedPlan(flags);
  const { workingDirectory } = app.environment;
  const file = resolve(workingDirectory, named);
  const input = await readPlanFile(file, named);
  const { run, trials, workloads, path } = await openReadable(app, flags.from ?? 'latest', flags);
  const measured = measuredRun(run, trials, workloads);
  const { recordings, problems: unread } = await readRecordings(input, file, resultsOf(app, flags.out));
  refusePlan(named, [
    ...lackProblems(run),
    ...runtimeProblems(input, named, run, asked.runtimes),
    ...requestProblems(input, named),
    ...unread,
    ...input.services.flatMap(({ name }, at) => {
      const recording = recordings.get(name)?.recording;
      return recording === undefined ? [] : recordingProblem(named, at, recording, run);
    }),
  ]);
  const native = nativeOf(measured);
  const today = input.today ?? native;
  const considered = consideredRuntimes(input, asked, run, today);
  const asking = new Map(
    [...recordings].filter(([name]) =>
      input.services.some((each) => each.name === name && needsPrediction(each, considered, run)),
    ),
  );
  const { predictions, problems: unpredicted } = await predictionsOf(app, asking, { ...flags, from: path });
  const costs = costsOf(measured, native, considered);
  const sources = {
    run,
    predictions,
    costs,
    confidence,
    analysis: once(() => analysisOf(run, trials, workloads).analysis),
    cells: once(() => measuredCells(run, trials, workloads)),
  };
  const resolved = input.services.map((_, at) =>
    resolveService({ input, file: named, at, considered, recordings, sources }),
  );
  refusePlan(named, [
    ...todayProblems(input, named, today),
    ...unpredicted,
    ...resolved.flatMap(({ problems }) => problems),
  ]);
  const plan = planOf(
    {
      input,
      services: resolved.flatMap(({ service }) => service ?? []),
      costs,
      today,
      run,
    },
    { ...asked, confidence },
  );
  await warnOfReleases(app, run, considered);
  return { plan, lang: flags.lang === undefined ? app.reporter.lang : languageOf(flags.lang) };
}

function once<T extends object>(make: () => T): () => T {
  let made: T | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** Today's runtime first; then the runtimes asked for, else those of the file, else all that could run. */
function consideredRuntimes(
  input: PlanInput,
  asked: PlanRequest,
  { runtimes }: RunRecord,
  today: string,
): readonly string[] {
  const able = runtimes
    .filter(({ preflight }) => preflight.status === 'available')
    .map(({ entry }) => entry.name);
  return [...new Set([today, ...(asked.runtimes ?? input.runtimes ?? able)])];
}

/** Confidence if there are too few applications for a higher one; it needs nine. */
const lowerConfidence = 0.9;

/** Service → the prediction for its recording. */
async function predictionsOf(
  app: AppContext,
  recordings: ReadonlyMap<string, NamedRecording>,
  { from, config, out }: Pick<PlanFlags, 'config' | 'out'> & { readonly from: string },
): Promise<{ readonly predictions: ReadonlyMap<string, Prediction>; readonly problems: readonly Problem[] }> {
  const predictions = new Map<string, Prediction>();
  const problems: Problem[] = [];
  const ask = async (file: string, at: number) => {
    const flags = { from, confidence: String(at), ...(config && { config }), ...(out && { out }) };
    return (await predict(app, file, flags)).prediction;
  };
  for (const [service, { file }] of recordings) {
    try {
      const first = await ask(file, confidence);
      const isOpen = first.runtimes.some(({ cpu }) => cpu !== null && cpu.high === null);
      predictions.set(service, isOpen ? await ask(file, lowerConfidence) : first);
    } catch (error) {
      if (!(error instanceof OcibenchError) || error.problems.length === 0) throw error;
      problems.push(...error.problems);
    }
  }
  return { predictions, problems: unique(problems) };
}

/** Removes duplicates: a problem of the run is reported once, not for each recording. */
function unique(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}

function costsOf(
  measured: MeasuredRun,
  native: string,
  considered: readonly string[],
): ReadonlyMap<string, RuntimeCost | Message> {
  const parts = { size: measured, count: measured, start: measured, idle: measured };
  const computed = [kataEstimate(kataDefaultMemory)];
  const overhead = overheadOf({ parts, native, runtimes: null, confidence, computed });
  const known = runtimeCosts(overhead);
  return new Map(considered.map((runtime) => [runtime, known.get(runtime) ?? text.notInRun]));
}

/** The amounts and ratios of a service; or the problems, if the file has to say more. */
function resolveService({
  input,
  file,
  at,
  considered,
  recordings,
  sources,
}: {
  readonly input: PlanInput;
  readonly file: string;
  /** Index of the service in the file. */
  readonly at: number;
  readonly considered: readonly string[];
  readonly recordings: ReadonlyMap<string, NamedRecording>;
  readonly sources: RatioSources;
}): { readonly service: ResolvedService | null; readonly problems: readonly Problem[] } {
  const service = input.services[at];
  if (service === undefined) return { service: null, problems: [] };
  const problems: Problem[] = [];
  const amounts = amountsOf(service, recordings.get(service.name)?.recording ?? null);
  if (amounts === null) problems.push(amountProblem(file, at, service));
  const wanted = considered.filter((name) => service.runtimes === null || service.runtimes.includes(name));
  const ratios = new Map<string, RatioResult>();
  // An unusable recording already has its own problem.
  const isUnpredicted = service.recording !== null && !sources.predictions.has(service.name);
  for (const runtime of wanted) {
    const found = ratioOf(service, runtime, { file, at }, sources);
    if (!('problem' in found)) ratios.set(runtime, found);
    else if (!isUnpredicted) problems.push(found.problem);
  }
  return { service: amounts === null ? null : { ...amounts, ratios }, problems: unique(problems) };
}
