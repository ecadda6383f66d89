import semver from 'semver';
import type { VersionPair } from '../model/analysis.ts';
import type { RunRecord } from '../model/run.ts';
import type { RuntimeFacts } from '../model/runtime.ts';
import { familyOf } from '../runtimes/registry.ts';

/** Two versions of one family, by the names of their runtimes. */
export type FoundPair = Omit<VersionPair, 'rows'>;

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
