import { kataDefaultMemory, kataEstimate } from '../capacity/kata-estimate.ts';
import { type MeasuredRun, measuredRun } from '../capacity/measured-run.ts';
import { overheadOf } from '../capacity/overhead.ts';
import { planOf } from '../capacity/plan/plan.ts';
import { amountsOf, type RatioKnown, type ResolvedService } from '../capacity/plan/resolved.ts';
import { exactly, type RuntimeCost, runtimeCosts } from '../capacity/plan/runtime-cost.ts';
import { notices } from '../messages/define.ts';
import type { Lang, Message } from '../messages/message.ts';
import type { Analysis } from '../model/analysis.ts';
import type { CapacityPlan } from '../model/capacity-plan.ts';
import { defaultLayer } from '../model/cell.ts';
import { costRatio } from '../model/cost-ratio.ts';
import type { Problem } from '../model/error.ts';
import type { PlanInput } from '../model/plan-input.ts';
import type { Profile } from '../model/profile.ts';
import type { RunRecord } from '../model/run.ts';
import { familyOf } from '../runtimes/registry.ts';
import { analysisOf } from './conclude.ts';
import { languageOf } from './configuration.ts';
import type { AppContext } from './context.ts';
import { openStored } from './open-stored.ts';
import { nativeOf } from './overhead-refusals.ts';
import { readPlanFile, readProfiles, refusePlan } from './plan-file.ts';
import { type AskedPlan, askedPlan, type PlanFlags } from './plan-flags.ts';
import {
  amountProblem,
  computedRuntime,
  lackProblems,
  measuredParams,
  profileProblem,
  requestProblems,
  runtimeProblems,
  sourceProblem,
  todayProblems,
} from './plan-problems.ts';

export type { PlanFlags } from './plan-flags.ts';

const text = notices('plan', {
  noRatio: 'the run has no ratio of the CPU time of {workload} under {runtime} to that under {baseline}',
  notInRun: 'the run does not have it',
});

/** Of all intervals: that of the ratios of a run. */
const confidence = 0.95;

/** What the run says, opened. */
interface Source {
  readonly run: RunRecord;
  readonly measured: MeasuredRun;
  /** Made on first use: it takes seconds. */
  readonly analysis: () => Analysis;
}

/**
 * Hosts for the services of a file under each runtime. OcibenchError (exit 2) with every problem of the file, its profiles and the
 * run, all at once.
 */
export async function planServices(
  app: AppContext,
  file: string,
  flags: PlanFlags,
): Promise<{ readonly plan: CapacityPlan; readonly lang: Lang }> {
  const asked = askedPlan(flags);
  const { workingDirectory, program } = app.environment;
  const input = await readPlanFile(file, workingDirectory);
  const { run, trials, workloads } = await openStored(app, flags.from ?? 'latest', flags);
  const measured = measuredRun(run, trials, workloads);
  let analysis: Analysis | null = null;
  const source: Source = {
    ...{ run, measured },
    analysis: () => {
      analysis ??= analysisOf(run, trials, workloads).analysis;
      return analysis;
    },
  };
  const { profiles, problems: unread } = await readProfiles(input, file, { workingDirectory, program });
  const early = [
    ...lackProblems(run, program),
    ...runtimeProblems(input, file, run, asked.runtimes),
    ...requestProblems(input, file),
    ...unread,
  ];
  refusePlanWith(file, early, input, profiles, run);
  const native = nativeOf(program, measured);
  const today = input.today ?? native;
  const considered = consideredRuntimes(input, asked, run, today);
  const resolved = input.services.map((_, at) =>
    resolveService({ input, file, at, native, considered, profiles, source }),
  );
  refusePlan(file, [...todayProblems(input, file, today), ...resolved.flatMap(({ problems }) => problems)]);
  const plan = planOf(
    {
      input,
      services: resolved.flatMap(({ service }) => service ?? []),
      costs: costsOf(measured, native, considered),
      today,
      run,
    },
    { ...asked, confidence },
  );
  return { plan, lang: flags.lang === undefined ? app.reporter.lang : languageOf(flags.lang) };
}

/** Refuses what can be seen before anything is computed, with the profiles of another kernel. */
function refusePlanWith(
  file: string,
  problems: readonly Problem[],
  { services }: PlanInput,
  profiles: ReadonlyMap<string, Profile>,
  run: RunRecord,
): void {
  const foreign = services.flatMap(({ name }, at) => {
    const profile = profiles.get(name);
    return profile === undefined ? [] : profileProblem(file, at, profile, run);
  });
  refusePlan(file, [...problems, ...foreign]);
}

/** Today's runtime first; then those that were asked for, of the file, or all that could run. */
function consideredRuntimes(
  input: PlanInput,
  asked: AskedPlan,
  { runtimes }: RunRecord,
  today: string,
): readonly string[] {
  const able = runtimes
    .filter(({ preflight }) => preflight.status === 'available')
    .map(({ entry }) => entry.name);
  return [...new Set([today, ...(asked.runtimes ?? input.runtimes ?? able)])];
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

interface ServiceContext {
  readonly input: PlanInput;
  readonly file: string;
  /** Its index in the file. */
  readonly at: number;
  readonly native: string;
  readonly considered: readonly string[];
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly source: Source;
}

/** What is known of a service, or what the file has to say more. */
function resolveService(context: ServiceContext): {
  readonly service: ResolvedService | null;
  readonly problems: readonly Problem[];
} {
  const { input, file, at, considered, profiles } = context;
  const service = input.services[at];
  if (service === undefined) return { service: null, problems: [] };
  const problems: Problem[] = [];
  const amounts = amountsOf(service, profiles.get(service.name) ?? null);
  if (amounts === null) problems.push(amountProblem(file, at, service));
  const wanted = considered.filter((name) => service.runtimes === null || service.runtimes.includes(name));
  const ratios = new Map<string, RatioKnown>();
  for (const runtime of wanted) {
    const found = ratioOf(runtime, context);
    if ('problem' in found) problems.push(found.problem);
    else ratios.set(runtime, found);
  }
  const unique = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  return {
    service: amounts === null ? null : { ...amounts, ratios },
    problems: [...unique.values()],
  };
}

function ratioOf(runtime: string, context: ServiceContext): RatioKnown | { readonly problem: Problem } {
  const { input, file, at, source } = context;
  const service = input.services[at];
  const given = service?.cpu.ratios.get(runtime);
  if (given !== undefined) return { ratio: given, from: 'given' };
  if (hasHostKernel(runtime, source.run)) return { ratio: exactly(1), from: 'same-kernel' };
  if (service?.workload != null) {
    const measured = measuredParams(file, at, service.workload, source.run);
    return 'problem' in measured
      ? measured
      : measuredRatio({ ...measured, workload: service.workload.id, runtime }, source);
  }
  return { problem: sourceProblem(file, at, runtime) };
}

/** Under such a runtime a program that runs meets nothing but the host's kernel. */
function hasHostKernel(name: string, { runtimes }: RunRecord): boolean {
  const facts = runtimes.find(({ entry }) => entry.name === name);
  return facts !== undefined && facts.family !== computedRuntime && familyOf(facts.family).kernel === 'host';
}

/** CPU time per unit of work ÷ the baseline's, as the run measured it. */
function measuredRatio(
  {
    workload,
    params,
    runtime,
  }: { readonly workload: string; readonly params: string; readonly runtime: string },
  { run, analysis }: Source,
): RatioKnown {
  const { baseline } = run.config;
  const row = analysis().rows.find(
    (each) =>
      each.metric === 'work.cpu' &&
      each.workload === workload &&
      each.params === params &&
      each.runtime === runtime &&
      each.layer === defaultLayer &&
      each.profile === 'default' &&
      each.engine === undefined,
  );
  const found = row === undefined || !hasHostKernel(baseline, run) ? null : costRatio(row);
  if (found === null) return { refusals: [text.noRatio({ workload, runtime, baseline })] };
  const { ratio, low, high } = found;
  return { ratio: { estimate: ratio, low: low ?? ratio, high: high ?? ratio }, from: 'measured' };
}
