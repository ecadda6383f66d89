import { resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { analysisOf } from '../../../../app/measure/conclude.ts';
import { languageOf } from '../../../../app/measure/configuration.ts';
import { resultsOf } from '../../../../app/measure/past-runs.ts';
import { emulatedGuests } from '../../../../core/analyze/emulated-guests.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import type { Problem } from '../../../../core/model/error.ts';
import type { RunRecord } from '../../../../core/model/run.ts';
import { guestDefaultMemory } from '../../../../core/runtimes/guest/guest-memory.ts';
import type { RunNeed } from '../../overhead/choose-runs.ts';
import { kataEstimate } from '../../overhead/guest-memory.ts';
import { nativeRuntime, overheadOf } from '../../overhead/overhead.ts';
import type { OverheadPart } from '../../overhead/overhead-record.ts';
import { type MeasuredRun, measuredRun } from '../../overhead/parts.ts';
import type { CapacityPlan } from '../../plan/capacity-plan.ts';
import { type Crowd, crowdsOf, withCrowd } from '../../plan/crowd.ts';
import type { PlanInput, PlannedService } from '../../plan/input-record.ts';
import { measuredCells } from '../../plan/measured.ts';
import { planOf } from '../../plan/plan.ts';
import { amountsOf, type RatioResult, type ResolvedService } from '../../plan/resolved.ts';
import { type RuntimeCost, runtimeCosts } from '../../plan/runtime-cost.ts';
import type { Recording } from '../../recording/recording.ts';
import { orProblems } from '../or-problems.ts';
import { nativeOf, unmetProblems } from '../overhead/overhead-refusals.ts';
import { type JoinedRuns, joinedRuns } from '../runs/joined-runs.ts';
import { crowdNeed, overheadNeeds, workloadsNeed } from '../runs/needs.ts';
import { askedPlan, type PlanFlags, type PlanRequest } from './flags.ts';
import { planRefusal, readPlanFile, readRecordings } from './plan-file.ts';
import {
  amountProblem,
  recordingProblem,
  requestProblems,
  runtimeProblems,
  todayProblems,
} from './problems.ts';
import { type RatioSources, ratioOf } from './ratios.ts';
import { warnOfReleases } from './run-releases.ts';

const text = notices('planRun', { notInRun: 'the run does not have it' });

/** Confidence of all intervals: that of a run's ratios. */
const confidence = 0.95;

/**
 * What a plan needs of runs: all of the overhead; and where services name them, their workloads. Where there is one, it takes a run
 * of many sandboxes.
 */
function needsOf({ services }: PlanInput): readonly RunNeed[] {
  const workloads = services.flatMap(({ workload }) => workload?.id ?? []);
  return [
    ...overheadNeeds,
    ...(workloads.length > 0 ? [{ ...workloadsNeed(workloads), isOptional: true as const }] : []),
    crowdNeed,
  ];
}

/**
 * Plans hosts for the services of a file under each runtime. OcibenchError (exit 2) with every problem of the file, its
 * recordings and the runs at once.
 */
export async function planServices(
  app: AppContext,
  named: string,
  flags: PlanFlags,
): Promise<{ readonly plan: CapacityPlan; readonly lang: Lang }> {
  const asked = askedPlan(flags);
  const { runtimes: _, ...placed } = flags;
  const file = resolve(app.environment.workingDirectory, named);
  const { input, problems: ofShape } = await readPlanFile(file, named);
  const problems = [...ofShape];
  const { recordings, problems: unread } = await readRecordings(input, file, resultsOf(app, flags.in));
  const runtimes = asked.runtimes ?? input.runtimes;
  const joined = await orProblems(problems, () =>
    joinedRuns(app, flags.from, needsOf(input), { ...placed, ...(runtimes && { runtimes }) }),
  );
  problems.push(...requestProblems(input, named), ...unread);
  const sources = joined === null ? null : await sourcesOf(joined, problems);
  if (joined === null || sources === null) throw planRefusal(named, problems);
  const { run } = joined.base;
  const today = input.today ?? sources.native;
  const considered = consideredRuntimes(input, asked, run, today);
  problems.push(
    ...runtimeProblems(input, named, run, asked.runtimes),
    ...todayProblems(input, named, today),
    ...input.services.flatMap(({ name, at }) => {
      const recording = recordings.get(name);
      return recording === undefined ? [] : recordingProblem(named, at, recording, run);
    }),
  );
  const { alone, beside: costs } = sources.costsOf(considered);
  const resolved = input.services.map((service) =>
    resolveService({
      service,
      file: named,
      considered,
      recordings,
      sources: { ...sources.workloads, costs: alone },
    }),
  );
  problems.push(...resolved.flatMap((each) => each.problems));
  if (problems.length > 0) throw planRefusal(named, problems);
  const services = resolved.flatMap(({ service }) => service ?? []);
  const plan = planOf({ input, services, costs, today, run, notes: joined.said }, { ...asked, confidence });
  await warnOfReleases(app, run, considered);
  return { plan, lang: flags.lang === undefined ? app.reporter.lang : languageOf(flags.lang) };
}

type Costs = ReadonlyMap<string, RuntimeCost | Message>;

/** The costs of a sandbox that is alone, and of one beside others, as on the hosts of a plan. */
interface PlanCosts {
  readonly alone: Costs;
  readonly beside: Costs;
}

/** What a plan takes from its runs. */
interface PlanRuns {
  readonly native: string;
  readonly costsOf: (considered: readonly string[]) => PlanCosts;
  /** The run that has the workloads of services. */
  readonly workloads: Pick<RatioSources, 'run' | 'emulated' | 'analysis' | 'cells'>;
}

/** What the runs say; null if they have no native runtime. Adds the problems of what they lack. */
async function sourcesOf(
  { base, of, unmet, interrupted }: JoinedRuns,
  problems: Problem[],
): Promise<PlanRuns | null> {
  problems.push(...unmetProblems(base.run, { unmet, interrupted }));
  const part = (name: OverheadPart) => {
    const { run, trials, workloads } = of.get(name) ?? base;
    return measuredRun(run, trials, workloads);
  };
  const parts = { size: part('size'), count: part('count'), start: part('start'), idle: part('idle') };
  const native =
    unmet.length > 0 ? nativeRuntime(base.run) : await orProblems(problems, () => nativeOf(parts.size));
  if (native === null) return null;
  const beside = of.get('crowd');
  const crowds =
    beside === undefined
      ? new Map<string, Crowd>()
      : crowdsOf(beside.run, beside.trials, beside.workloads, { native, confidence });
  const { run, trials, workloads } = of.get('workloads') ?? base;
  return {
    native,
    costsOf: (considered) =>
      unmet.length > 0 ? { alone: new Map(), beside: new Map() } : costsOf(parts, native, considered, crowds),
    workloads: {
      run,
      emulated: emulatedGuests(run, trials),
      analysis: once(() => analysisOf(run, trials, workloads).analysis),
      cells: once(() => measuredCells(run, trials, workloads)),
    },
  };
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

function costsOf(
  parts: Readonly<Record<OverheadPart, MeasuredRun>>,
  native: string,
  considered: readonly string[],
  crowds: ReadonlyMap<string, Crowd>,
): PlanCosts {
  const computed = [kataEstimate(guestDefaultMemory)];
  const overhead = overheadOf({
    parts,
    native,
    runtimes: null,
    confidence,
    computed,
  });
  const known = runtimeCosts(overhead);
  const ofNative = known.get(native);
  const nativeCost = ofNative === undefined || 'text' in ofNative ? null : ofNative;
  const alone = new Map(considered.map((runtime) => [runtime, known.get(runtime) ?? text.notInRun] as const));
  const beside = [...alone].map(
    ([runtime, cost]) =>
      [runtime, 'text' in cost ? cost : withCrowd(cost, crowds.get(runtime), nativeCost)] as const,
  );
  return { alone, beside: new Map(beside) };
}

/** The amounts and ratios of a service; or the problems, if the file has to say more. */
function resolveService({
  service,
  file,
  considered,
  recordings,
  sources,
}: {
  readonly service: PlannedService;
  readonly file: string;
  readonly considered: readonly string[];
  readonly recordings: ReadonlyMap<string, Recording>;
  readonly sources: RatioSources;
}): { readonly service: ResolvedService | null; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const amounts = amountsOf(service, recordings.get(service.name) ?? null);
  if (amounts === null) problems.push(amountProblem(file, service));
  const wanted = considered.filter((name) => service.runtimes === null || service.runtimes.includes(name));
  const ratios = new Map<string, RatioResult>();
  for (const runtime of wanted) {
    const found = ratioOf(service, runtime, { file, at: service.at }, sources);
    if ('problem' in found) problems.push(found.problem);
    else ratios.set(runtime, found);
  }
  return { service: amounts === null ? null : { ...amounts, ratios }, problems };
}
