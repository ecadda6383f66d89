import type { SummaryRow } from '../model/analysis.ts';
import type { Cell } from '../model/cell.ts';
import type { RunRecord } from '../model/run.ts';
import type { Draft } from './claims.ts';
import { directRows } from './direct-rows.ts';
import type { RowContext } from './row-context.ts';
import type { Subject } from './subjects.ts';
import { type FoundPair, versionPairs } from './version-pairs.ts';

/** Does the run itself compare the newer one with the older one, because that is its baseline? */
export function isOfTheRun({ older }: FoundPair, { config }: Pick<RunRecord, 'config'>): boolean {
  return older === config.baseline;
}

/** Two versions, and the comparisons that the run does not have already. */
export interface VersionDrafts {
  readonly pair: FoundPair;
  readonly drafts: readonly Draft[];
}

/**
 * Newer versions beside the older ones, in the same blocks. In duets only a runtime and the baseline run at once: other pairs
 * are left out.
 */
export function versionRows(subjects: readonly Subject[], context: RowContext): readonly VersionDrafts[] {
  const { run } = context;
  return versionPairs(run).flatMap((pair): VersionDrafts[] => {
    if (isOfTheRun(pair, run)) return [{ pair, drafts: [] }];
    if (run.config.duet === true) return [];
    const drafts = subjects
      .filter(({ identity }) => isThere(pair, identity, run))
      .flatMap((subject) => {
        const [cell, reference] = [subject.cells.get(pair.newer), subject.cells.get(pair.older)];
        if (cell === undefined || reference === undefined) return [];
        const against = { baseline: pair.older };
        return directRows({ question: 'version', subject, cell, reference, against }, context);
      });
    return [{ pair, drafts }];
  });
}

/** The rows of a run that compare a newer version with the older one. */
export function rowsOfTheRun(
  pair: FoundPair,
  rows: readonly SummaryRow[],
  run: Pick<RunRecord, 'runtimes' | 'engines'>,
): SummaryRow[] {
  return rows.filter(
    (row) => row.runtime === pair.newer && row.n > 0 && row.pairs > 0 && isThere(pair, row, run),
  );
}

/** Are both the same programs in an engine as in the first? A runtime without a path is what the engine's PATH has. */
function isThere(
  { newer, older }: FoundPair,
  { engine }: Pick<Cell, 'engine'>,
  { engines = [], runtimes }: Pick<RunRecord, 'runtimes' | 'engines'>,
): boolean {
  const found = engines.find(({ name }) => name === engine)?.runtimes;
  if (found === undefined) return true;
  return [newer, older].every(
    (runtime) =>
      found.find(({ name }) => name === runtime)?.sha256 ===
      runtimes.find(({ entry }) => entry.name === runtime)?.sha256,
  );
}
