import semver from 'semver';
import type { SummaryRow, VersionPair } from '../model/analysis.ts';
import type { Cell } from '../model/cell.ts';
import type { RunRecord } from '../model/run.ts';
import type { RuntimeFacts } from '../model/runtime.ts';
import { familyOf } from '../runtimes/registry.ts';
import type { Draft } from './claims.ts';
import { directRows } from './direct-rows.ts';
import type { RowContext } from './row-context.ts';
import type { Subject } from './subjects.ts';

/** Two versions of one family, by the names of their runtimes. */
type FoundPair = Omit<VersionPair, 'rows'>;

/** A runtime whose version is known. */
type Versioned = RuntimeFacts & { readonly version: string; readonly sha256: string };

function isVersioned(facts: RuntimeFacts): facts is Versioned {
  const known = facts.version !== null && facts.sha256 !== null;
  return known && facts.preflight.status === 'available' && familyOf(facts.family).id !== 'other';
}

/** All in which two entries may differ beside their version. */
function settingsOf({ family, platform, network, entry }: RuntimeFacts): string {
  const { runtimeArgs = [], runtimeType = null, options = {} } = entry;
  return JSON.stringify([family, platform, network, runtimeArgs, runtimeType === null, options]);
}

/** Negative where the first version is the older one; 0 where their numbers do not tell. */
function byVersion(a: Versioned, b: Versioned): number {
  const [one, other] = [a, b].map(({ version }) => semver.coerce(version, { includePrerelease: true }));
  return one && other ? semver.compare(one, other) : 0;
}

/**
 * The runtimes of a run that are two versions of one family with the same settings: each with the next older one. Builds of the
 * same version number are in the order of the run, the first being taken for the older.
 */
export function versionPairs({ runtimes }: Pick<RunRecord, 'runtimes'>): readonly FoundPair[] {
  const groups = Map.groupBy(runtimes.filter(isVersioned), settingsOf);
  return [...groups.values()].flatMap((members) => {
    const different = members.filter(
      ({ sha256 }, at) => members.findIndex((each) => each.sha256 === sha256) === at,
    );
    const ordered = different.toSorted(byVersion);
    return ordered.slice(1).flatMap((newer, at): FoundPair[] => {
      const older = ordered[at];
      if (older === undefined) return [];
      return [
        {
          family: newer.family,
          ...{ older: older.entry.name, newer: newer.entry.name },
          ...{ olderVersion: older.version, newerVersion: newer.version },
        },
      ];
    });
  });
}

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
