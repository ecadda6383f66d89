import { formatCpuList } from '../../model/machine/cpu-list.ts';
import { seededRandom } from '../../model/prng.ts';
import type { Duet, DuetSide } from '../../model/run/duet.ts';
import type { TrialSpec } from '../../model/run/schedule.ts';
import { aaControl, type Cell, cellKey, duetArm, isBaselineArm, subjectKey } from '../../model/trial/cell.ts';

/** The CPUs of a machine that trials may use. */
interface UsableCpus {
  readonly cpus: readonly number[];
  /** CPU → all CPUs of its core, itself included; a CPU that is missing has a core of its own. */
  readonly siblings: ReadonlyMap<number, readonly number[]>;
}

/** The CPUs of either side of a duet, in the kernel's list format. */
export type CpuHalves = readonly [string, string];

/**
 * Split the usable CPUs into two halves of equal size, for the two trials of a duet; null where there is only one CPU.
 * Cores go to the two sides alternately, so that the sides resemble each other where cores differ (performance and
 * efficiency cores, sockets). Threads of a core stay on one side, unless there is only one core. CPUs that cannot be
 * shared equally are left idle.
 */
export function cpuHalves({ cpus, siblings }: UsableCpus): CpuHalves | null {
  const usable = new Set(cpus);
  const cores = new Map<number, readonly number[]>();
  for (const cpu of usable) {
    const core = (siblings.get(cpu) ?? [cpu]).filter((one) => usable.has(one));
    cores.set(Math.min(cpu, ...core), core.length === 0 ? [cpu] : core);
  }
  // Cores with the same number of usable threads count as equal; cores of hybrid processors differ in that number.
  const alike = [...Map.groupBy(cores.values(), ({ length }) => length).values()];
  const sides: [number[], number[]] = [[], []];
  for (const same of alike) {
    const paired = same.slice(0, same.length - (same.length % 2));
    for (const [at, core] of paired.entries()) sides[at % 2 === 0 ? 0 : 1].push(...core);
  }
  if (sides[0].length === 0) {
    const [first = [], second = first.slice(1)] = cores.values();
    const least = cores.size > 1 ? 1 : Math.floor(first.length / 2);
    sides[0].push(...first.slice(0, least));
    sides[1].push(...second.slice(-least).slice(0, least));
  }
  return sides[0].length === 0 ? null : [formatCpuList(sides[0]), formatCpuList(sides[1])];
}

/** Input for scheduling the duets of a block. */
export interface DuetSchedule {
  readonly baseline: string;
  readonly halves: CpuHalves;
  /** How often a cell was scheduled before. */
  readonly turnOf: (cell: Cell) => number;
}

/** The label of the cell that leads this cell's duet: a runtime, or the A/A control. */
function leadOf({ runtime }: Cell, baseline: string): string {
  if (runtime === baseline) return aaControl(baseline);
  if (!isBaselineArm(runtime, baseline) || runtime === aaControl(baseline)) return runtime;
  return runtime.slice(duetArm(baseline, '').length);
}

/** The duets among these cells, each with its leading cell first; a cell without its partner is alone. */
export function duetsOf(cells: readonly Cell[], baseline: string): readonly (readonly Cell[])[] {
  const groups = Map.groupBy(cells, (cell) => `${leadOf(cell, baseline)}|${subjectKey(cell)}`);
  return [...groups.values()].map((group) =>
    group.toSorted((a, b) => Number(isLead(b, baseline)) - Number(isLead(a, baseline))),
  );
}

function isLead(cell: Cell, baseline: string): boolean {
  return leadOf(cell, baseline) === cell.runtime;
}

/** Does a trial's wall time count? A duet counts once, by its leading cell, which also decides whether the duet continues. */
export function bearsCost({ cell, duet }: Pick<TrialSpec, 'cell' | 'duet'>, baseline: string): boolean {
  return duet === undefined || isLead(cell, baseline);
}

/**
 * The cells of another block that measures duets as a whole: those whose leading cell is `open`. The baseline's own
 * duet compares nothing: once its subject has `enough` blocks, it is omitted while other duets are measured.
 */
export function wholeDuets(
  cells: readonly Cell[],
  open: ReadonlySet<Cell>,
  { baseline, enough }: { readonly baseline: string; readonly enough: (cell: Cell) => boolean },
): readonly Cell[] {
  const isOwn = ([lead]: readonly Cell[]) => lead?.runtime === aaControl(baseline);
  const duets = duetsOf(cells, baseline).filter((duet) =>
    (isOwn(duet) ? duet : duet.slice(0, 1)).some((cell) => open.has(cell)),
  );
  const others = new Set(duets.filter((duet) => !isOwn(duet)).flatMap((duet) => duet.map(subjectKey)));
  return duets
    .filter((duet) => !isOwn(duet) || duet.some((cell) => !enough(cell) || !others.has(subjectKey(cell))))
    .flat();
}

/** The cells that are given up, and the partner of each: a duet with one cell has no value. */
export function givenUpTogether<Why>(
  cells: readonly Cell[],
  given: ReadonlyMap<string, Why>,
  baseline: string,
): ReadonlyMap<string, Why> {
  const all = new Map(given);
  for (const duet of duetsOf(cells, baseline)) {
    const why = duet.map((cell) => given.get(cellKey(cell))).find((found) => found !== undefined);
    if (why !== undefined) for (const cell of duet) all.set(cellKey(cell), why);
  }
  return all;
}

/** The cells of a duet in the order of their sides: swapped at every turn, beginning with a side drawn from the seed. */
export function inOrderOfSides(
  duet: readonly Cell[],
  seed: number,
  { turnOf }: DuetSchedule,
): readonly Cell[] {
  const [lead] = duet;
  if (lead === undefined || duet.length === 1) return duet;
  const first = seededRandom(`${seed}:side:${cellKey(lead)}`)() < 0.5 ? 0 : 1;
  return (first + turnOf(lead)) % 2 === 0 ? duet : duet.toReversed();
}

/** The duet of a trial, as in its record; undefined where the trial runs alone. `duet`: the ids of the trials, by side. */
export function duetRecord(duet: readonly string[], at: number, halves: CpuHalves): Duet | undefined {
  const side: DuetSide = at === 0 ? 0 : 1;
  const partner = duet[1 - at];
  return partner === undefined ? undefined : { partner, side, cpus: halves[side] };
}

/** Scheduled trials in groups; the trials of a group run at the same time. */
export function atOnce(trials: readonly TrialSpec[]): readonly (readonly TrialSpec[])[] {
  const groups: TrialSpec[][] = [];
  for (const trial of trials) {
    const last = groups.at(-1);
    const partner = last?.length === 1 && last[0]?.trialId === trial.duet?.partner;
    if (partner && last !== undefined) last.push(trial);
    else groups.push([trial]);
  }
  return groups;
}
