import { resolve } from 'node:path';
import type { AppContext } from '../../../../app/context.ts';
import { analysisOf } from '../../../../app/measure/conclude.ts';
import { languageOf } from '../../../../app/measure/configuration.ts';
import { resultsOf } from '../../../../app/measure/past-runs.ts';
import { emulatedGuests } from '../../../../core/analyze/values/emulated-guests.ts';
import { notices } from '../../../../core/messages/define.ts';
import type { Lang, Message } from '../../../../core/messages/message.ts';
import type { Problem } from '../../../../core/model/failure/error.ts';
import type { RunRecord } from '../../../../core/model/run/run.ts';
import { defaultLayer } from '../../../../core/model/trial/cell.ts';
import { guestDefaultMemory } from '../../../../core/runtimes/guest/guest-memory.ts';
import type { RunNeed } from '../../overhead/choose-runs.ts';
import { kataEstimate } from '../../overhead/guest-memory.ts';
import { computeOverhead } from '../../overhead/overhead.ts';
import { partWorkloads } from '../../overhead/parts.ts';
import type { CapacityPlan } from '../../plan/capacity-plan.ts';
import { crowdsOf, withCrowd } from '../../plan/crowd.ts';
import type { PlanInput, PlannedService } from '../../plan/input-record.ts';
import { measuredCells } from '../../plan/measured.ts';
import { planOf } from '../../plan/plan.ts';
import { amountsOf, type RatioResult, type ResolvedService } from '../../plan/resolved.ts';
import { type RuntimeCost, runtimeCosts } from '../../plan/runtime-cost.ts';
import type { Recording } from '../../recording/recording.ts';
import { orProblems } from '../or-problems.ts';
import { type CapacityRuns, findRuns } from '../runs/find-runs.ts';
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

/** Idle sandboxes side by side, as `density/idle` measures them. */
const crowdNeed: RunNeed = {
  id: 'crowd',
  prefersWhole: true,
  has: ({ subjects }) =>
    subjects.some(
      ({ workload, layer = defaultLayer, profile = 'default', engine }) =>
        workload === partWorkloads.knee &&
        layer === defaultLayer &&
        profile === 'default' &&
        engine === undefined,
    ),
};

/** What a plan takes beside the overhead: the workloads that services name, and many sandboxes, where a run has them. */
function needsOf({ services }: PlanInput): readonly RunNeed[] {
  const ids = services.flatMap(({ workload }) => workload?.id ?? []);
  const workloads: RunNeed = {
    id: 'workloads',
    has: ({ subjects }) => ids.every((id) => subjects.some(({ workload }) => workload === id)),
  };
  return ids.length === 0 ? [crowdNeed] : [workloads, crowdNeed];
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
  const found = await orProblems(problems, () =>
    findRuns(app, flags.from, { ...placed, needs: needsOf(input), ...(runtimes && { runtimes }) }),
  );
  problems.push(...requestProblems(input, named), ...unread);
  if (found === null) throw planRefusal(named, problems);
  const { run } = found.base;
  const today = input.today ?? found.native;
  const considered = consideredRuntimes(input, asked, run, today);
  problems.push(
    ...runtimeProblems(input, named, run, asked.runtimes),
    ...todayProblems(input, named, today),
    ...input.services.flatMap(({ name, at }) => {
      const recording = recordings.get(name);
      return recording === undefined ? [] : recordingProblem(named, at, recording, run);
    }),
  );
  const alone = takeCosts(found, considered);
  const sources = ratioSources(found, alone);
  const resolved = input.services.map((service) =>
    resolveService({ service, file: named, considered, recordings, sources }),
  );
  problems.push(...resolved.flatMap((each) => each.problems));
  if (problems.length > 0) throw planRefusal(named, problems);
  const services = resolved.flatMap(({ service }) => service ?? []);
  const costs = besideOthers(found, alone);
  const plan = planOf({ input, services, costs, today, run, notes: found.said }, { ...asked, confidence });
  await warnOfReleases(app, run, considered);
  return { plan, lang: flags.lang === undefined ? app.reporter.lang : languageOf(flags.lang) };
}

type Costs = ReadonlyMap<string, RuntimeCost | Message>;

/** The costs of a sandbox that is alone. */
function takeCosts({ measured, native }: CapacityRuns, considered: readonly string[]): Costs {
  const computed = [kataEstimate(guestDefaultMemory)];
  const known = runtimeCosts(computeOverhead({ measured, native, runtimes: null, confidence, computed }));
  return new Map(considered.map((runtime) => [runtime, known.get(runtime) ?? text.notInRun] as const));
}

/** The costs of a sandbox beside others, as on the hosts of a plan. */
function besideOthers({ of, native }: CapacityRuns, alone: Costs): Costs {
  const beside = of.get(crowdNeed.id);
  if (beside === undefined) return alone;
  const { run, trials, workloads } = beside;
  const crowds = crowdsOf(run, trials, workloads, { native, confidence });
  const ofNative = alone.get(native);
  const nativeCost = ofNative === undefined || 'text' in ofNative ? null : ofNative;
  return new Map(
    [...alone].map(
      ([runtime, cost]) =>
        [runtime, 'text' in cost ? cost : withCrowd(cost, crowds.get(runtime), nativeCost)] as const,
    ),
  );
}

/** What the run says that has the workloads of services. */
function ratioSources({ base, of }: CapacityRuns, costs: Costs): RatioSources {
  const { run, trials, workloads } = of.get('workloads') ?? base;
  return {
    run,
    costs,
    emulated: emulatedGuests(run, trials),
    analysis: once(() => analysisOf(run, trials, workloads).analysis),
    cells: once(() => measuredCells(run, trials, workloads)),
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
  // What is wrong with its workload is so under every runtime.
  const unique = new Map(problems.map((problem) => [`${problem.key} ${problem.message}`, problem]));
  return { service: amounts === null ? null : { ...amounts, ratios }, problems: [...unique.values()] };
}
