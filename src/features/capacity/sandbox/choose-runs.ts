import { differences, type ProvenanceDifference } from '../../../core/analyze/provenance.ts';
import type { RunRecord } from '../../../core/model/run.ts';

/** What a command needs of a run. Each need is met by one run as a whole; runs are never mixed within it. */
export interface RunNeed {
  readonly id: string;
  /** Did the run measure what it takes? */
  has(run: RunRecord): boolean;
  /** Can the command say something without it? */
  readonly isOptional?: true;
}

/**
 * Is this difference between two runs irrelevant? Parts from different runs are not compared with each other: each has its own
 * images, and other load changes neither private nor resident memory.
 */
function isHarmless(key: string): boolean {
  return key.startsWith('images.') || key === 'engine.otherContainers';
}

/** The differences for which two runs cannot be put together: machine, programs, conditions, accounting. */
export function apartness(was: RunRecord, is: RunRecord): readonly ProvenanceDifference[] {
  const [before, now] = [was.host.id, is.host.id];
  const machine =
    before === undefined || now === undefined || before === now
      ? []
      : [{ key: 'host.id', was: before, is: now }];
  return [...machine, ...differences(was, is).filter(({ key }) => !isHarmless(key))];
}

/** Does a run lack a runtime that another one could run? Its part would be empty for this runtime. */
function lacksRuntime(run: RunRecord, wanted: readonly string[]): boolean {
  const has = new Set(availableIn(run));
  return wanted.some((name) => !has.has(name));
}

function availableIn({ runtimes }: RunRecord): readonly string[] {
  return runtimes.filter(({ preflight }) => preflight.status === 'available').map(({ entry }) => entry.name);
}

/** A need that no run meets beside the others. */
export interface UnmetNeed {
  readonly need: string;
  /** The newest run that meets it, and why it cannot be put beside the others; null if no run meets it. */
  readonly apart: { readonly run: RunRecord; readonly differences: readonly ProvenanceDifference[] } | null;
}

/** The runs that a command takes what it needs from. */
export interface ChosenRuns {
  /** The run that the others agree with. */
  readonly base: RunRecord;
  /** Need → the run that meets it. */
  readonly of: ReadonlyMap<string, RunRecord>;
  /** The needs without a run that are not optional; empty if all is there. */
  readonly unmet: readonly UnmetNeed[];
  /** What of the host, or of an engine of the same kind, is another in the newest run; empty if `base` is it, or was named. */
  readonly since: readonly ProvenanceDifference[];
}

/** Meets the needs from `base` and the newest of the others that agree with all that are chosen. */
function around(
  base: RunRecord,
  others: readonly RunRecord[],
  needs: readonly RunNeed[],
): ReadonlyMap<string, RunRecord> {
  const of = new Map<string, RunRecord>();
  const wanted = availableIn(base);
  const chosen: RunRecord[] = [base];
  for (const need of needs) {
    const agreeing = (run: RunRecord) =>
      !lacksRuntime(run, wanted) && chosen.every((each) => each === run || apartness(each, run).length === 0);
    const found = [base, ...chosen, ...others].find((run) => need.has(run) && agreeing(run));
    if (found === undefined) continue;
    of.set(need.id, found);
    if (!chosen.includes(found)) chosen.push(found);
  }
  return of;
}

const required = (needs: readonly RunNeed[]) => needs.filter(({ isOptional }) => isOptional !== true);

/**
 * Chooses from the runs of one host, newest first: one that meets every need; else the newest that meets them together with
 * others that differ in nothing that counts. `named`: the run that the user named, which no newer one replaces.
 */
export function chooseRuns(
  runs: readonly [RunRecord, ...(readonly RunRecord[])],
  needs: readonly RunNeed[],
  named: RunRecord | null = null,
): ChosenRuns {
  const [newest] = runs;
  const bases = named === null ? runs : [named];
  const chosen = (base: RunRecord): ChosenRuns => {
    const of = around(base, runs, needs);
    const unmet = required(needs).filter(({ id }) => !of.has(id));
    const since = named === null ? changesSince(base, newest) : [];
    return { base, of, unmet: unmet.map((need) => unmetNeed(need, base, runs)), since };
  };
  for (const wanted of [needs, required(needs)]) {
    const single = bases.find((run) => wanted.every((need) => need.has(run)));
    const tried = single === undefined ? bases : [single];
    const found = tried
      .filter((run) => named !== null || needs.some((need) => need.has(run)))
      .map(chosen)
      .find(({ of }) => wanted.every(({ id }) => of.has(id)));
    if (found !== undefined) return found;
  }
  const met = (run: RunRecord) => required(needs).filter((need) => need.has(run)).length;
  return chosen(bases.toSorted((a, b) => met(b) - met(a))[0] ?? newest);
}

function unmetNeed(need: RunNeed, base: RunRecord, runs: readonly RunRecord[]): UnmetNeed {
  const run = runs.find((each) => need.has(each));
  const found = run === undefined ? [] : apartness(run, base);
  const apart = run === undefined || found.length === 0 ? null : { run, differences: found };
  return { need: need.id, apart };
}

function changesSince(run: RunRecord, newest: RunRecord): readonly ProvenanceDifference[] {
  if (run === newest) return [];
  const isSameEngine = run.engine.kind === newest.engine.kind;
  return apartness(run, newest).filter(
    ({ key }) => key.startsWith('host.') || (isSameEngine && key.startsWith('engine.')),
  );
}
