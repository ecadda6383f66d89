import { relativeHalfWidth, shiftOf } from '../../src/core/analyze/claims/settled.ts';
import { inRandomOrder } from '../../src/core/measure/schedule/block.ts';
import { warmUpCells } from '../../src/core/measure/schedule/cells.ts';
import { duetsOf, wholeDuets } from '../../src/core/measure/schedule/duets.ts';
import { decide } from '../../src/core/measure/schedule/sampling.ts';
import {
  type ComparisonProgress,
  type OpenSubject,
  openSubject,
} from '../../src/core/measure/schedule/subject-progress.ts';
import type { Random } from '../../src/core/model/prng.ts';
import { aaControl, type Cell, cellKey, executedRuntime } from '../../src/core/model/trial/cell.ts';
import { gaussian } from '../../test/core/analyze/simulated-run.ts';
import type { Host } from './host.ts';
import { confidence, type Policy } from './policy.ts';
import { baseline, subjectName } from './shape.ts';
import { inDuets, pairsOf, type SimulatedCell, type WholeRun } from './whole-run.ts';

/** Costs of trials scatter by as much: standard deviation of their logarithm. */
const costScatter = 0.1;

/** What is measured now: a run, or an extension of one. */
export interface Part {
  readonly policy: Policy;
  readonly budgetMs: number;
  /** Keys of its cells; null: all. */
  readonly only: ReadonlySet<string> | null;
}

/** Measure a part of a run until `decide` ends it. The values are added to those of `run`. */
export function measure(run: WholeRun, part: Part, host: Host, random: Random): WholeRun {
  const { policy, budgetMs } = part;
  const limits = { ...policy, baseline, maxTimeMs: budgetMs };
  const duet = inDuets(run.shape);
  const cells = run.cells.filter(
    ({ cell }) =>
      (part.only === null || part.only.has(cellKey(cell))) &&
      (policy.control !== 'none' || cell.runtime !== aaControl(baseline)),
  );
  const byCell = new Map(cells.map((each) => [each.cell, each]));
  const subjects = [...Map.groupBy(cells, ({ subject }) => subjectName(subject))];
  const standingOf = standings(policy);
  const costOf = ({ arm: { runtime, costMs } }: SimulatedCell) =>
    duet && runtime !== aaControl(baseline) && executedRuntime(runtime, baseline) === baseline ? 0 : costMs;
  const disturb = host.disturb(random);
  const warmedUp = new Set(warmUpCells([...byCell.keys()], { baseline, duet }));
  let spentMs = cells.reduce((sum, each) => sum + (warmedUp.has(each.cell) ? costOf(each) : 0), 0);
  for (let block = run.blocks + 1; ; block++) {
    const states = subjects.map(([subject, own]) => {
      const known = own.map((each) => ({
        cell: each.cell,
        costMs: costOf(each),
        givenUp: false,
        standing: standingOf(each, own),
      }));
      const blocks = [...(own[0]?.values.keys() ?? [])].filter((at) => at > run.blocks).length;
      const maxBlocks = Number.MAX_SAFE_INTEGER;
      return { ...openSubject({ subject, blocks, maxBlocks, alive: true, cells: known }, limits), known };
    });
    const asked = states.map((state) => ({ ...state, share: shareOf(state, policy) }));
    const decision = decide(asked, limits, spentMs);
    if (decision.kind === 'stop') {
      const settled = states.flatMap(({ known }) =>
        known.map(({ cell, standing }) => [cellKey(cell), standing?.settled ?? null] as const),
      );
      const { reason } = decision;
      return { ...run, spentMs: run.spentMs + spentMs, blocks: block - 1, reason, settled: new Map(settled) };
    }
    const chosen = new Set(decision.subjects);
    const groups = states
      .filter(({ subject }) => chosen.has(subject))
      .flatMap((state) => atOnce(state, { policy, duet }));
    for (const group of inRandomOrder(groups, random)) {
      const disturbance = disturb(block);
      for (const each of group.flatMap((cell) => byCell.get(cell) ?? [])) {
        each.values.set(block, Math.exp(each.arm.truth + disturbance + host.scatter(random, each.arm)));
        spentMs += costOf(each) * Math.exp(costScatter * gaussian(random));
      }
    }
  }
}

/** The share of a subject: the product's own, or that of another policy. */
function shareOf({ share, open, blocks }: OpenSubject, { shares }: Policy): number | null {
  if (share === null || shares === 'equal') return null;
  if (shares === 'cost') return share;
  const widths = open.flatMap(({ standing }) => {
    const shift = standing?.shift ?? null;
    return shift === null ? [] : [shift.high - shift.low];
  });
  const noise = Math.max(0, ...widths) * Math.sqrt(blocks);
  return noise === 0 ? null : noise * share;
}

/** The cells of another block of a subject, those that run at once together. */
function atOnce(
  { open, blocks, known }: OpenSubject & { readonly known: readonly { readonly cell: Cell }[] },
  { policy, duet }: { readonly policy: Policy; readonly duet: boolean },
): readonly (readonly Cell[])[] {
  const wanted = new Set(open.map(({ cell }) => cell));
  const all = known.map(({ cell }) => cell);
  if (duet) {
    const enough = () => blocks >= policy.minBlocks;
    return duetsOf(wholeDuets(all, wanted, { baseline, enough }), baseline);
  }
  const always = (cell: Cell) => policy.control === 'all' && cell.runtime === aaControl(baseline);
  return all.filter((cell) => wanted.has(cell) || always(cell)).map((cell) => [cell]);
}

/** What the pairs of a cell say; found anew only where there are more of them. */
function standings({ settle, minBlocks, widestTarget }: Policy) {
  const known = new Map<string, { readonly blocks: number; readonly standing: ComparisonProgress }>();
  const find = (each: SimulatedCell, subject: readonly SimulatedCell[]): ComparisonProgress => {
    const pairs = pairsOf(each, subject);
    if (pairs.length < minBlocks) return { width: null, shift: null, settled: null };
    const target = Math.min(each.subject.target, widestTarget);
    const shift = shiftOf(pairs, confidence);
    const width = shift === null ? null : relativeHalfWidth(shift) / target;
    return { width, shift, settled: settle(pairs, target) };
  };
  return (each: SimulatedCell, subject: readonly SimulatedCell[]): ComparisonProgress | undefined => {
    if (executedRuntime(each.cell.runtime, baseline) === baseline) return undefined;
    const [key, blocks] = [cellKey(each.cell), each.values.size];
    const last = known.get(key);
    if (last?.blocks === blocks) return last.standing;
    const standing = find(each, subject);
    known.set(key, { blocks, standing });
    return standing;
  };
}
