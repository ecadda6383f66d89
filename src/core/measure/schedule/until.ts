import { type PrecisionTarget, wantedBy } from '../../analyze/claims/precision.ts';
import { minimumPairs } from '../../analyze/stats/paired-centre.ts';
import type { ResolvedConfig, RunRecord, RunSubject } from '../../model/run/run.ts';
import { comparedProfile } from '../../model/runtime/container-profile.ts';
import {
  aaControl,
  type Cell,
  cellKey,
  duetArm,
  executedRuntime,
  subjectKey,
} from '../../model/trial/cell.ts';
import { untilCategory, untilName } from '../../model/trial/subject-name.ts';

/**
 * Every comparison of a run by its names: `WORKLOAD[?PARAMS]:RUNTIME` and `CATEGORY:RUNTIME`, both with `@PROFILE`
 * where a runtime is compared with itself under the first profile. `first`: that profile; null where the run has only
 * one.
 */
export function untilNames(
  cells: readonly Cell[],
  subjects: readonly RunSubject[],
  baseline: string,
  first: string | null = null,
): ReadonlyMap<string, readonly Cell[]> {
  const categories = new Map(subjects.map(({ workload, category }) => [workload, category]));
  const compared = cells.filter(
    (cell) =>
      cell.layer !== 'floor' &&
      (furtherProfile(cell, first) !== null || executedRuntime(cell.runtime, baseline) !== baseline) &&
      categories.get(cell.workload) !== 'isolation',
  );
  return new Map([
    ...Map.groupBy(compared, (cell) =>
      untilCategory(
        { category: categories.get(cell.workload) ?? '', runtime: cell.runtime },
        furtherProfile(cell, first),
      ),
    ),
    ...Map.groupBy(compared, (cell) => untilName(cell, furtherProfile(cell, first))),
  ]);
}

/** The profile of a cell whose runtime is compared with itself under the first profile; null for the first profile. */
function furtherProfile({ profile, layer }: Cell, first: string | null): string | null {
  return first === null || profile === first || layer === 'floor' ? null : profile;
}

/**
 * Split a list at its commas. Parameters can contain commas too: the longest known name is taken; an unknown name ends
 * at the next comma.
 */
export function splitNames(list: string, known: ReadonlySet<string>): readonly string[] {
  const parts = list.split(',').map((part) => part.trim());
  const names: string[] = [];
  for (let at = 0; at < parts.length; ) {
    let end = parts.length;
    while (end > at + 1 && !known.has(parts.slice(at, end).join(','))) end--;
    names.push(parts.slice(at, end).join(','));
    at = end;
  }
  return [...new Set(names.filter((name) => name !== ''))];
}

/**
 * The chosen cells and the cells that each is compared with: its partner in duets, else the baseline of its subject and
 * the A/A control where there is one; under a further profile, the same runtime under the first.
 */
export function withBaseline(
  chosen: ReadonlySet<string>,
  cells: readonly Cell[],
  baseline: string,
  first: string | null = null,
): readonly Cell[] {
  const own = cells.filter((cell) => chosen.has(cellKey(cell)));
  const further = own.filter((cell) => furtherProfile(cell, first) !== null);
  const references = new Set(further.map((cell) => cellKey({ ...cell, profile: first ?? cell.profile })));
  const subjects = new Set(own.filter((cell) => !further.includes(cell)).map(subjectKey));
  const partners = new Set(own.map((cell) => cellKey({ ...cell, runtime: duetArm(baseline, cell.runtime) })));
  const paired = cells.filter((cell) => partners.has(cellKey(cell)));
  const beside = (cell: Cell) =>
    paired.length > 0
      ? partners.has(cellKey(cell))
      : [baseline, aaControl(baseline)].includes(cell.runtime) && subjects.has(subjectKey(cell));
  return cells.filter((cell) => chosen.has(cellKey(cell)) || references.has(cellKey(cell)) || beside(cell));
}

/** The part of a run that is measured now: the run as planned, or its last extension. */
interface RunPart {
  readonly cells: readonly Cell[];
  /** The run's settings, with the limits of the part. */
  readonly config: ResolvedConfig;
  /** Its first block, a warm-up. Earlier blocks count for intervals only. */
  readonly fromBlock: number;
  readonly wanted: PrecisionTarget;
}

/** Never reached: the time limit ends an extension long before. */
const extensionMaxBlocks = 1000;

/**
 * The last part of a run whose cells are `cells`. An extension begins after all earlier blocks, and ends when the
 * interval of each chosen cell, over all blocks of the run, is clear or as narrow as the practical threshold. It has at
 * least as many blocks as its own test needs, or as many as were asked for.
 */
export function lastPart({ config, extensions }: RunRecord, cells: readonly Cell[]): RunPart {
  const extension = extensions?.at(-1);
  if (extension === undefined) return { cells, config, fromBlock: 0, wanted: wantedBy(config) };
  const { practical } = config.thresholds;
  return {
    cells: withBaseline(new Set(extension.cells), cells, config.baseline, comparedProfile(config)),
    config: {
      ...config,
      minBlocks: extension.blocks?.min ?? minimumPairs,
      maxBlocks: extension.blocks?.max ?? extensionMaxBlocks,
      maxTimeMs: extension.maxTimeMs,
      precision: null,
    },
    fromBlock: extension.fromBlock,
    wanted: { targetOf: () => practical, practical },
  };
}
