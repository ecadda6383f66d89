import { quantity } from '../../messages/compose.ts';
import { notices } from '../../messages/define.ts';
import type { Message } from '../../messages/message.ts';
import { bareRef } from '../../messages/record.ts';
import type { ResolvedConfig } from '../../model/run/run.ts';
import type { Preflight, RuntimeFacts } from '../../model/runtime/runtime.ts';
import { type Cell, defaultLayer, duetArm, executedRuntime, workKey } from '../../model/trial/cell.ts';
import { maxBlocksOf, type Workload } from '../../model/workload/workload.ts';
import { warmUpCells } from './cells.ts';
import type { ScheduledSubject } from './subjects.ts';

const text = notices('slowRuntime', {
  leftOut:
    'a container takes {seconds} s under {runtime} here. With it in every workload, the time limit of {limit} s would end the run before the others have their blocks. To measure everything takes {needed} min or more:  @(run --max-time {longer}m)',
  told: 'a container takes {seconds} s under {runtime} here, and {usual} s under {baseline}. The time limit of {limit} s has room for {kept} of the {all, plural, one {{all} test} other {{all} tests}} of {runtime}; the others are measured without it. To measure everything takes {needed} min or more:  @(run --max-time {longer}m)',
  warmUp:
    'the warm-up takes {warmUp} s or more here, and the time limit is {limit} s. Perhaps no workload gets the {blocks} blocks that an answer takes. To measure everything takes {needed} min or more:  @(run --max-time {longer}m)',
});

/**
 * A runtime is slow if its containers take this many times as long as the baseline's, and at least this long. Those whose
 * containers take about as long (`alike`: at most this many times) share one decision, so that chance does not choose.
 */
const slow = { times: 5, leastMs: 2_000, alike: 1.5 } as const;

/** Is a runtime slow by the times that one container of it and one of the baseline took, ms? */
export function isSlow(ms: number, usualMs: number): boolean {
  return ms >= Math.max(slow.leastMs, slow.times * usualMs);
}

/** Share of the time limit that a slow runtime may take, whatever the others need. */
const slowShare = 0.5;

type Limits = Pick<ResolvedConfig, 'baseline' | 'minBlocks' | 'maxTimeMs' | 'duet' | 'designs'>;

/** A container of a runtime took this long in its preflight, ms: less than a usual trial of it takes. null: it did not run. */
const tookMs = (preflight: Preflight | undefined) =>
  preflight?.status === 'available' ? preflight.tookMs : null;

/** Least wall time of one trial of each of these cells, ms. */
type CostOf = (cells: readonly Cell[]) => number;

function trialCost(runtimes: readonly RuntimeFacts[], baseline: string): CostOf {
  const took = new Map(runtimes.map(({ entry, preflight }) => [entry.name, tookMs(preflight) ?? 0]));
  return (cells) =>
    cells.reduce((sum, { runtime }) => sum + (took.get(executedRuntime(runtime, baseline)) ?? 0), 0);
}

/** The same of a warm-up and the least number of blocks; a workload that yields nothing new after one has one. */
function wholeCost(cost: CostOf, workloads: readonly Workload[], minBlocks: number): CostOf {
  const mostOf = maxBlocksOf(workloads);
  return (cells) =>
    cells.reduce((sum, cell) => sum + (1 + Math.min(minBlocks, mostOf(cell))) * cost([cell]), 0);
}

const secondsOf = (ms: number) => quantity(ms / 1000, '', 1);
const minutesOf = (ms: number) => Math.ceil(ms / 60_000);

/** The subjects of a run in view of its time limit, and what is to be said before it begins. */
interface FittingSubjects {
  readonly subjects: readonly ScheduledSubject[];
  readonly said: readonly Message[];
}

/**
 * Leaves a runtime out of subjects for which there is no time. A trial of a runtime whose start takes many seconds (a virtual
 * machine without KVM) costs that in the warm-up and in every block, which a time limit may not hold: then nothing is
 * measured, not even the other runtimes.
 *
 * A slow runtime stays in as many subjects as fit, with a warm-up and the least number of blocks, into what the others leave of
 * the time limit, or into half of it. It stays in all trials of a subject or in none, so that blocks are complete. The choice
 * depends on the preflight alone, not on anything that is measured: a workload marked `representative` comes first, then the
 * order of the schedule. A runtime that is compared with the baseline alone keeps one subject, for else the run would compare
 * nothing. An arm of a design stays, since the design needs all of its arms. `cells`: those of `subjects`.
 */
export function withoutSlow(
  subjects: readonly ScheduledSubject[],
  cells: readonly Cell[],
  {
    runtimes,
    workloads,
    config,
  }: {
    readonly runtimes: readonly RuntimeFacts[];
    readonly workloads: readonly Workload[];
    readonly config: Limits;
  },
): FittingSubjects {
  const { baseline, minBlocks, maxTimeMs, designs = [] } = config;
  const cost = trialCost(runtimes, baseline);
  const costOf = wholeCost(cost, workloads, minBlocks);
  const usualMs = tookMs(runtimes.find(({ entry }) => entry.name === baseline)?.preflight);
  const arms = new Set(designs.flatMap((design) => design.arms.map(({ runtime }) => runtime)));
  const limits = { limit: secondsOf(maxTimeMs), ...neededMinutes(costOf(cells)) };
  const representative = new Set(workloads.flatMap((each) => (each.representative ? [each.id] : [])));
  const slowest = runtimes
    .flatMap(({ entry: { name }, preflight }): readonly SlowRuntime[] => {
      const ms = tookMs(preflight);
      const isOut = usualMs === null || ms === null || name === baseline || arms.has(name);
      return !isOut && isSlow(ms, usualMs) ? [{ name, ms }] : [];
    })
    .toSorted((a, b) => b.ms - a.ms);
  let left = cells;
  const reasons = new Map<string, Message>();
  const said: Message[] = [];
  for (const group of alike(slowest)) {
    const names = new Set(group.flatMap(({ name }) => [name, duetArm(baseline, name)]));
    const isOwn = ({ runtime }: Cell) => names.has(runtime);
    const others = left.filter((cell) => !isOwn(cell));
    const room = maxTimeMs - Math.min(slowShare * maxTimeMs, costOf(others));
    const works = [...Map.groupBy(left.filter(isOwn), workKey).values()];
    const inOrder = works.toSorted(
      (a, b) => Number(isFirst(b, representative)) - Number(isFirst(a, representative)),
    );
    const isAlone = others.every(({ runtime }) => executedRuntime(runtime, baseline) === baseline);
    const kept = new Set<string>();
    let spent = 0;
    for (const own of inOrder) {
      if (spent + costOf(own) > room && !(isAlone && kept.size === 0)) continue;
      spent += costOf(own);
      for (const cell of own.slice(0, 1)) kept.add(workKey(cell));
    }
    if (kept.size === works.length) continue;
    for (const { name, ms } of group) {
      const values = { runtime: name, seconds: secondsOf(ms), ...limits };
      const usual = secondsOf(usualMs ?? 0);
      said.push(text.told({ ...values, baseline, usual, kept: kept.size, all: works.length }));
      for (const cell of works.flat())
        if (!kept.has(workKey(cell))) reasons.set(`${name}|${workKey(cell)}`, text.leftOut(values));
    }
    left = left.filter((cell) => !isOwn(cell) || kept.has(workKey(cell)));
  }
  const doubt = warmUpDoubt(left, { config, cost, costOf });
  return {
    subjects: subjects.map((subject) => withReasons(subject, slowest, reasons)),
    said: doubt === null ? said : [...said, doubt],
  };
}

interface SlowRuntime {
  readonly name: string;
  /** What a container of it took, ms. */
  readonly ms: number;
}

/** Groups of runtimes whose containers take about as long, slowest first. */
function alike(slowest: readonly SlowRuntime[]): readonly (readonly SlowRuntime[])[] {
  const groups: SlowRuntime[][] = [];
  for (const each of slowest) {
    const group = groups.at(-1);
    const [first] = group ?? [];
    if (group !== undefined && first !== undefined && first.ms <= slow.alike * each.ms) group.push(each);
    else groups.push([each]);
  }
  return groups;
}

/** What the whole takes at least, and a limit that holds it: trials do more than to start. */
const neededMinutes = (leastMs: number) => ({
  needed: minutesOf(leastMs),
  longer: minutesOf(2 * leastMs),
});

const isFirst = ([cell]: readonly Cell[], representative: ReadonlySet<string>) =>
  cell !== undefined && representative.has(cell.workload);

function withReasons(
  subject: ScheduledSubject,
  slowest: readonly SlowRuntime[],
  reasons: ReadonlyMap<string, Message>,
): ScheduledSubject {
  const work = workKey({ ...subject, layer: subject.layer ?? defaultLayer });
  const own = slowest.flatMap(({ name }) => {
    const reason = reasons.get(`${name}|${work}`);
    return reason === undefined || Object.hasOwn(subject.unsupported, name) ? [] : [[name, reason] as const];
  });
  if (own.length === 0) return subject;
  const texts = own.map(([name, reason]) => [name, reason.text] as const);
  const refs = own.map(([name, reason]) => [name, bareRef(reason)] as const);
  return {
    ...subject,
    unsupported: { ...subject.unsupported, ...Object.fromEntries(texts) },
    messages: { ...subject.messages, ...Object.fromEntries(refs) },
  };
}

/** A warning if the warm-up and the least blocks of the cheapest workload do not fit into the time limit; null if they do. */
function warmUpDoubt(
  cells: readonly Cell[],
  { config, cost, costOf }: { readonly config: Limits; readonly cost: CostOf; readonly costOf: CostOf },
): Message | null {
  const { minBlocks, maxTimeMs } = config;
  const warmUpMs = cost(warmUpCells(cells, config));
  // Of the cheapest workload, the blocks after its warm-up.
  const works = [...Map.groupBy(cells, workKey).values()].map((own) => costOf(own) - cost(own));
  if (works.length === 0 || warmUpMs + Math.min(...works) <= maxTimeMs) return null;
  return text.warmUp({
    warmUp: secondsOf(warmUpMs),
    blocks: minBlocks,
    limit: secondsOf(maxTimeMs),
    ...neededMinutes(costOf(cells)),
  });
}
