import { changesFigures, differences, type ProvenanceDifference } from '../../../core/analyze/provenance.ts';
import type { RunRecord } from '../../../core/model/run.ts';
import { leastBlocks } from './overhead.ts';

/** What a command needs of a run. Each need is met by one run as a whole; runs are never mixed within it. */
export interface RunNeed {
  readonly id: string;
  /** Did the run measure what it takes? */
  has(run: RunRecord): boolean;
  /** Can the command say something without it? */
  readonly isOptional?: true;
  /** Optional, and taken only from a run that agrees with those of the other needs: it has no say in which these are. */
  readonly isExtra?: true;
}

/**
 * Is this difference between two runs irrelevant? Parts from different runs are not compared with each other: each has its own
 * images, and other load changes neither private nor resident memory.
 */
function isHarmless(key: string): boolean {
  return key.startsWith('images.') || !changesFigures({ key });
}

/** Share of the memory that a boot may take more or less than another. */
const memorySlack = 0.01;

/**
 * Do two runs show other machines? Without an id on both sides the name has to tell them apart; and a copy of a machine has its
 * id, but often another size, hypervisor or setting.
 */
function otherMachine({ host: was }: RunRecord, { host: is }: RunRecord): readonly ProvenanceDifference[] {
  const hasIds = was.id !== undefined && is.id !== undefined;
  const keys = [hasIds ? 'id' : 'hostname', 'memoryBytes', 'hypervisor', 'thpShmem'] as const;
  return keys.flatMap((key) => {
    const [before, now] = [was[key], is[key]];
    const isSame =
      typeof before === 'number' && typeof now === 'number'
        ? Math.abs(now - before) <= memorySlack * before
        : before === now;
    const shown = (value: unknown) => String(value ?? 'none');
    return isSame ? [] : [{ key: `host.${key}`, was: shown(before), is: shown(now) }];
  });
}

/** The differences for which two runs cannot be put together: machine, programs, conditions, accounting. */
export function apartness(was: RunRecord, is: RunRecord): readonly ProvenanceDifference[] {
  return [...otherMachine(was, is), ...differences(was, is).filter(({ key }) => !isHarmless(key))];
}

const isAble = ({ runtimes }: RunRecord, name: string) =>
  runtimes.some(({ entry, preflight }) => entry.name === name && preflight.status === 'available');

/**
 * The needs, met only by runs with all of these runtimes that any could run; as they are where no such run meets one that is no
 * extra, as what is then missing is a runtime, and is said.
 */
function withRuntimes(
  needs: readonly RunNeed[],
  runs: readonly RunRecord[],
  wanted: readonly string[] | null,
): readonly RunNeed[] {
  const known = (wanted ?? []).filter((name) => runs.some((run) => isAble(run, name)));
  const found = needs.map((need) => ({
    ...need,
    has: (run: RunRecord) => known.every((name) => isAble(run, name)) && need.has(run),
  }));
  return runs.some((run) => choosing(found).some((need) => need.has(run))) ? found : needs;
}

/** The runtimes that only one of two runs could run, as differences: a part without one of them would be empty for it. */
function otherRuntimes(
  was: RunRecord,
  is: RunRecord,
  wanted: readonly string[] | null,
): readonly ProvenanceDifference[] {
  const able = ({ runtimes }: RunRecord) =>
    new Set(
      runtimes.flatMap(({ entry: { name }, preflight }) =>
        preflight.status === 'available' && (wanted === null || wanted.includes(name)) ? [name] : [],
      ),
    );
  const [before, now] = [able(was), able(is)];
  const known = new Set(differences(was, is).map(({ key }) => key));
  const state = (has: boolean) => (has ? 'available' : 'absent');
  return [...new Set([...before, ...now])]
    .filter((name) => before.has(name) !== now.has(name))
    .map((name) => ({
      key: `runtimes.${name}`,
      was: state(before.has(name)),
      is: state(now.has(name)),
    }))
    .filter(({ key }) => !known.has(key));
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
  /** Extra needs that only a run meets which cannot be put beside these. */
  readonly leftOut: readonly UnmetNeed[];
  /** What of the host, or of the programs of an engine of the same kind, is another in the newest run; empty if `base` is it, or was named. */
  readonly since: readonly ProvenanceDifference[];
}

/**
 * Meets the needs from `base` and the newest of the others that agree with all that are chosen; one that is extra, rather from a
 * whole run.
 */
function around(
  base: RunRecord,
  others: readonly RunRecord[],
  needs: readonly RunNeed[],
  runtimes: readonly string[] | null,
): ReadonlyMap<string, RunRecord> {
  const of = new Map<string, RunRecord>();
  const chosen: RunRecord[] = [base];
  for (const need of needs) {
    const agrees = (run: RunRecord) =>
      chosen.every((each) => each === run || joinProblems(each, run, runtimes).length === 0);
    const meets = (run: RunRecord) => need.has(run) && agrees(run);
    const all = [...chosen, ...others];
    const whole = need.isExtra === true ? all.find((run) => isWhole(run) && meets(run)) : undefined;
    const found = whole ?? all.find(meets);
    if (found === undefined) continue;
    of.set(need.id, found);
    if (!chosen.includes(found)) chosen.push(found);
  }
  return of;
}

/** Why these runs cannot be put together by themselves. */
function joinProblems(was: RunRecord, is: RunRecord, runtimes: readonly string[] | null) {
  return [...apartness(was, is), ...otherRuntimes(was, is, runtimes)];
}

/** Was the run to have the blocks of an interval? One of a block or two, as for a trial, replaces none that has them. */
function mayHaveIntervals({ config, extensions = [] }: RunRecord): boolean {
  return config.maxBlocks >= leastBlocks(0.95) || extensions.length > 0;
}

/** Was it also not cut short, so that every test may have its blocks? */
const isWhole = (run: RunRecord) => mayHaveIntervals(run) && run.stopReason !== 'max-time';

const choosing = (needs: readonly RunNeed[]) => needs.filter(({ isExtra }) => isExtra !== true);
const required = (needs: readonly RunNeed[]) =>
  choosing(needs).filter(({ isOptional }) => isOptional !== true);

/**
 * Chooses from the runs of one host, newest first: one that meets every need, with enough blocks if
 * any has them; else the newest that meets them together with
 * others that differ in nothing that counts. `named`: the run that the user named, which no newer one replaces; `runtimes`:
 * those that matter, null: all.
 */
export function chooseRuns(
  runs: readonly [RunRecord, ...(readonly RunRecord[])],
  asked: readonly RunNeed[],
  named: RunRecord | null = null,
  runtimes: readonly string[] | null = null,
): ChosenRuns {
  const [newest] = runs;
  const bases = named === null ? runs : [named];
  const needs = withRuntimes(asked, bases, runtimes);
  const chosen = (base: RunRecord): ChosenRuns => {
    const of = around(base, runs, needs, runtimes);
    const unmet = required(asked).filter(({ id }) => !of.has(id));
    const since = named === null ? changesSince(base, newest) : [];
    const whyNot = (need: RunNeed) => unmetNeed(need, base, runs, runtimes);
    const extra = asked.filter(({ id, isExtra }) => isExtra === true && !of.has(id)).map(whyNot);
    const leftOut = extra.filter(({ apart }) => apart !== null);
    return { base, of, unmet: unmet.map(whyNot), leftOut, since };
  };
  for (const wanted of [choosing(needs), required(needs)]) {
    const whole = bases.filter((run) => wanted.every((need) => need.has(run)));
    const single = whole.find(mayHaveIntervals) ?? whole[0];
    const tried = single === undefined ? bases : [single];
    const found = tried
      .filter((run) => named !== null || choosing(needs).some((need) => need.has(run)))
      .map(chosen)
      .find(({ of }) => wanted.every(({ id }) => of.has(id)));
    if (found !== undefined) return found;
  }
  const met = (run: RunRecord) => required(needs).filter((need) => need.has(run)).length;
  return chosen(bases.toSorted((a, b) => met(b) - met(a))[0] ?? newest);
}

function unmetNeed(
  need: RunNeed,
  base: RunRecord,
  runs: readonly RunRecord[],
  runtimes: readonly string[] | null,
): UnmetNeed {
  const run = runs.find((each) => need.has(each));
  const found = run === undefined ? [] : joinProblems(run, base, runtimes);
  const apart = run === undefined || found.length === 0 ? null : { run, differences: found };
  return { need: need.id, apart };
}

function changesSince(run: RunRecord, newest: RunRecord): readonly ProvenanceDifference[] {
  if (run === newest) return [];
  const isSameEngine = run.engine.kind === newest.engine.kind;
  return apartness(run, newest).filter(
    // An engine of another kind may have runtimes of its own.
    ({ key }) => key.startsWith('host.') || (isSameEngine && /^(?:engine|runtimes)\./.test(key)),
  );
}
