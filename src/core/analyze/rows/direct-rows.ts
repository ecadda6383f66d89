import semver from 'semver';
import type { SummaryRow, VersionPair } from '../../model/analysis/analysis.ts';
import { enginesOf, isOfOneRuntime, type RunRecord } from '../../model/run/run.ts';
import { firstProfile, isOfFirstProfile } from '../../model/runtime/container-profile.ts';
import type { RuntimeFacts } from '../../model/runtime/runtime.ts';
import { type Cell, cellKey, workKey } from '../../model/trial/cell.ts';
import { familyOf } from '../../runtimes/registry.ts';
import type { RowDraft } from '../claims/claims.ts';
import { type OtherQuestion, otherHeadlineFamily, otherMetricFamily } from '../claims/families.ts';
import { looksOf } from '../claims/looks.ts';
import { emulatedNote } from '../values/emulated-guests.ts';
import { identity, type RowContext } from '../values/groups.ts';
import type { CellSamples } from '../values/samples.ts';
import { failureNote } from '../warnings/failure-notes.ts';
import { compareWith } from './comparison.ts';
import { emptyRow } from './empty-row.ts';
import { valueRow } from './rows.ts';
import { inFirstEngine, type Subject } from './subjects.ts';

/** Two cells of the same work that are compared with each other, not with the baseline. */
interface DirectPair {
  readonly question: OtherQuestion;
  /** The subject of `cell`. */
  readonly subject: Subject;
  readonly cell: CellSamples;
  /** null: the reference has no values, and every row says so. */
  readonly reference: CellSamples | null;
  /** Baseline, engine and profile of the reference, as the rows name them. */
  readonly against: Pick<RowDraft['row'], 'baseline' | 'baselineEngine' | 'baselineProfile'>;
}

/**
 * One row for each metric that both cells have in a block, the headline first. The rows are judged as all comparisons
 * are, in families of their own question. A metric of only one cell is in the rows of the run; of a profile, whose
 * cells have no other rows, it has a row here.
 */
function directRows(pair: DirectPair, context: RowContext): RowDraft[] {
  const { question, subject, cell, reference } = pair;
  const { headline } = subject;
  const metrics = [...cell.samples.keys()].filter(
    (metric) => question === 'profile' || reference?.samples.has(metric) === true,
  );
  const ordered = metrics.toSorted(
    (a, b) => Number(b === headline) - Number(a === headline) || (a < b ? -1 : 1),
  );
  return ordered.flatMap((metric) => metricRow(pair, metric, context) ?? []);
}

function metricRow(pair: DirectPair, metric: string, context: RowContext): RowDraft | null {
  const { question, subject, cell, reference, against } = pair;
  const { run, confidence, definition } = context;
  const sample = cell.samples.get(metric);
  const values = reference?.samples.get(metric)?.byBlock ?? null;
  if (sample === undefined) return null;
  const headline = metric === subject.headline;
  const { runtime } = cell.cell;
  // The category isolation holds facts, not costs.
  const asked = headline && subject.category !== 'isolation';
  const found = definition(subject.identity.workload, metric)?.id ?? metric;
  const family = asked
    ? otherHeadlineFamily(question, identity(subject, runtime))
    : otherMetricFamily(question, runtime, found.endsWith('.*') ? found : metric);
  const name = [against.baseline, against.baselineEngine ?? [], against.baselineProfile ?? []].flat();
  const side = { name: name.join(' / '), cells: reference === null ? [] : [reference], values };
  const comparison = compareWith(side, cell, sample, {
    family,
    headline,
    confidence,
    looks: looksOf(run),
    // Its own comparison with the first profile ends a cell, or with the first engine where there is one runtime only; of
    // two versions, and of several runtimes in two engines, each ends by another.
    sampling: question === 'profile' || (question === 'engine' && isOfOneRuntime(run)) ? context : null,
  });
  if (comparison.ratio.pairs === 0 && question !== 'profile') return null;
  return {
    row: { ...valueRow(subject, cell, sample, comparison, context), ...against, headline },
    notes: [
      emulatedNote(sample, context.emulated.get(runtime)),
      failureNote(cell, context.reasons.get(cellKey(cell.cell))),
    ].filter((note) => note !== null),
    comparison,
  };
}

/**
 * Every runtime in each engine, compared with itself in the first engine of the run. Both ran in the same blocks, so
 * the pair is as close in time as two runtimes of one engine.
 */
export function engineRows(subjects: readonly Subject[], context: RowContext): RowDraft[] {
  const [first] = enginesOf(context.run.config);
  if (first === undefined) return [];
  const usualOf = inFirstEngine(subjects, context.run);
  return subjects.flatMap((subject) => {
    const { engine } = subject.identity;
    const reference = usualOf(subject);
    if (engine === undefined || engine === first || reference === null) return [];
    return context.runtimes.flatMap((runtime) => {
      const [cell, other] = [subject.cells.get(runtime), reference.cells.get(runtime)];
      if (cell === undefined || other === undefined) return [];
      const against = { baseline: runtime, baselineEngine: first };
      return directRows({ question: 'engine', subject, cell, reference: other, against }, context);
    });
  });
}

/** Two versions of one family, by the names of their runtimes. */
type VersionNames = Omit<VersionPair, 'rows'>;

/** A runtime whose version is known. */
type VersionedRuntime = RuntimeFacts & { readonly version: string; readonly sha256: string };

function isVersioned(facts: RuntimeFacts): facts is VersionedRuntime {
  const known = facts.version !== null && facts.sha256 !== null;
  return known && facts.preflight.status === 'available' && familyOf(facts.family).id !== 'other';
}

/** Key of everything except the version in which two entries may differ. */
function settingsOf({ family, platform, network, entry }: RuntimeFacts): string {
  const { runtimeArgs = [], runtimeType = null, options = {} } = entry;
  return JSON.stringify([family, platform, network, runtimeArgs, runtimeType === null, options]);
}

/** Negative where the first version is the older one; 0 where the version numbers do not decide. */
function byVersion(a: VersionedRuntime, b: VersionedRuntime): number {
  const [one, other] = [a, b].map(({ version }) => semver.coerce(version, { includePrerelease: true }));
  return one && other ? semver.compare(one, other) : 0;
}

/**
 * Pairs of versions of one family with the same settings: each runtime with the next older one. Builds of the same
 * version number are in the order of the run: the first is taken for the older.
 */
export function versionPairs({ runtimes }: Pick<RunRecord, 'runtimes'>): readonly VersionNames[] {
  const groups = Map.groupBy(runtimes.filter(isVersioned), settingsOf);
  return [...groups.values()].flatMap((members) => {
    const different = members.filter(
      ({ sha256 }, at) => members.findIndex((each) => each.sha256 === sha256) === at,
    );
    const ordered = different.toSorted(byVersion);
    return ordered.slice(1).flatMap((newer, at): VersionNames[] => {
      const older = ordered[at];
      if (older === undefined) return [];
      return [
        {
          family: newer.family,
          older: older.entry.name,
          newer: newer.entry.name,
          olderVersion: older.version,
          newerVersion: newer.version,
        },
      ];
    });
  });
}

/** Does the run compare the newer version with the older one already, because the older one is its baseline? */
export function isOfTheRun({ older }: VersionNames, { config }: Pick<RunRecord, 'config'>): boolean {
  return older === config.baseline;
}

/** A pair of versions, and the comparisons that the run does not have already. */
interface VersionDrafts {
  readonly pair: VersionNames;
  readonly drafts: readonly RowDraft[];
}

/**
 * Newer versions compared with the older ones, in the same blocks. Omitted for duets, where only a runtime and the
 * baseline run at once.
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
  pair: VersionNames,
  rows: readonly SummaryRow[],
  run: Pick<RunRecord, 'runtimes' | 'engines'>,
): SummaryRow[] {
  return rows.filter(
    (row) => row.runtime === pair.newer && row.n > 0 && row.pairs > 0 && isThere(pair, row, run),
  );
}

/**
 * Are both runtimes the same programs in this engine as in the first? A runtime without a path is found by the engine's
 * PATH.
 */
function isThere(
  { newer, older }: VersionNames,
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

/** The subject under the first of several profiles, with which the others are compared; null where there is none. */
export function underFirstProfile(
  subjects: readonly Subject[],
  run: Pick<RunRecord, 'config'>,
): (subject: Pick<Subject, 'identity'>) => Subject | null {
  const key = ({ identity }: Pick<Subject, 'identity'>) => `${workKey(identity)}|${identity.engine ?? ''}`;
  const first = subjects.filter(({ identity }) => isOfFirstProfile(identity, run));
  const byWork = new Map(first.map((subject) => [key(subject), subject]));
  return (subject) => byWork.get(key(subject)) ?? null;
}

/**
 * Every runtime under each further profile, compared with itself under the first. Both ran in the same blocks. Unlike
 * other direct comparisons these rows are the only ones of their cells: a cell without values keeps a row that says
 * why.
 */
export function profileRows(subjects: readonly Subject[], context: RowContext): RowDraft[] {
  const { run } = context;
  const first = firstProfile(run.config);
  const referenceOf = underFirstProfile(subjects, run);
  return subjects.flatMap((subject) => {
    if (isOfFirstProfile(subject.identity, run)) return [];
    const reference = referenceOf(subject);
    return context.runtimes.flatMap((runtime) => {
      const against = { baseline: runtime, baselineProfile: first };
      const cell = subject.cells.get(runtime);
      const pair = { question: 'profile' as const, subject, against };
      const rows =
        cell === undefined
          ? []
          : directRows({ ...pair, cell, reference: reference?.cells.get(runtime) ?? null }, context);
      if (rows.some(({ row }) => row.headline)) return rows;
      const metric = cell !== undefined && cell.samples.size > 0 ? subject.headline : null;
      const empty = emptyRow(subject, runtime, metric, context);
      return [{ ...empty, row: { ...empty.row, ...against } }, ...rows];
    });
  });
}
