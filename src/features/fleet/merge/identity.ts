import { machineRelation } from '../../../core/model/machine/same-machine.ts';
import type { FleetRun } from './fleet-run.ts';

/** How the runs of a machine were told to be of one machine, and of no other. */
type Recognised = 'id' | 'marks' | 'submission' | 'facts';

/** The runs of one machine. */
export interface Machine {
  readonly known: Recognised;
  readonly hostname: string;
  readonly runs: readonly FleetRun[];
}

/** Runs by machine. */
export interface Machines {
  readonly machines: readonly Machine[];
  /** Runs without a host id that match several machines. */
  readonly ambiguous: readonly FleetRun[];
}

/** What decides where records do not. */
export interface MachineRules {
  /**
   * The directories that were named, where each submission counts as a machine of its own unless records show that it is another's;
   * null: runs whose records agree are of one machine.
   */
  readonly submissions: readonly string[] | null;
}

export const usualRules: MachineRules = { submissions: null };

/**
 * Assigns runs to machines by the id and marks in their records. A run without an id belongs to the machine with the same name,
 * processor and memory, if exactly one matches.
 */
export function machinesOf(runs: readonly FleetRun[], rules: MachineRules = usualRules): Machines {
  const identified = [...Map.groupBy(runs.filter(hasId), ({ host }) => host.id).values()].flatMap((alike) =>
    apart(alike, rules),
  );
  const alike = Map.groupBy(identified, ({ runs: [first] }) => (first === undefined ? '' : factsKey(first)));
  const without = Map.groupBy(
    runs.filter((run) => !hasId(run)),
    factsKey,
  );
  const joined = new Map<Machine, readonly FleetRun[]>();
  const [alone, ambiguous]: [Machine[], FleetRun[]] = [[], []];
  for (const [key, own] of without) {
    const [machine, ...others] = alike.get(key) ?? [];
    if (machine === undefined) alone.push(...apart(own, rules));
    else if (others.length === 0 && isOfOne(machine, own, rules)) joined.set(machine, own);
    else if (others.length === 0) alone.push(...apart(own, rules));
    else ambiguous.push(...own);
  }
  const machines = [
    ...identified.map((machine) =>
      machineOf(machine.known, [...machine.runs, ...(joined.get(machine) ?? [])]),
    ),
    ...alone.map(({ runs: own }) => machineOf('facts', own)),
  ];
  return {
    machines: machines.toSorted((a, b) => compare(a.hostname, b.hostname) || compare(placeOf(a), placeOf(b))),
    ambiguous,
  };
}

const hasId = ({ host }: FleetRun) => host.id !== undefined;

/** In a class, runs without an id are of a machine that looks like theirs only if they were handed in with its runs. */
function isOfOne({ runs }: Machine, own: readonly FleetRun[], { submissions }: MachineRules): boolean {
  if (submissions === null) return true;
  const of = new Set(runs.map(({ origin }) => submissionOf(origin, submissions)));
  return own.every(({ origin }) => of.has(submissionOf(origin, submissions)));
}

/** Of runs without an id, which look alike, nothing more is known. */
const relationOf = (a: FleetRun, b: FleetRun) =>
  hasId(a) && hasId(b) ? machineRelation(a.host, b.host) : 'likely';

function machineOf(known: Recognised, runs: readonly FleetRun[]): Machine {
  const all = runs.toSorted((a, b) => compare(a.startedAt, b.startedAt) || compare(a.origin, b.origin));
  return { known, hostname: all.at(-1)?.host.hostname ?? '', runs: all };
}

/** Machines of runs with one id: one, unless the machine was copied. */
function apart(alike: readonly FleetRun[], { submissions }: MachineRules): readonly Machine[] {
  const groups: FleetRun[][] = [];
  const reasons = new Set<Recognised>();
  for (const run of alike.toSorted(
    (a, b) => compare(a.startedAt, b.startedAt) || compare(a.origin, b.origin),
  )) {
    const judged = groups.map((group) => {
      const relations = group.map((other) => relationOf(run, other));
      // What proves that two are one outweighs a card that was changed meanwhile.
      if (relations.includes('same')) return 'same';
      if (relations.includes('different')) return 'different';
      const isOne =
        submissions === null ||
        group.some(
          (other) => submissionOf(run.origin, submissions) === submissionOf(other.origin, submissions),
        );
      return isOne ? 'likely' : 'submission';
    });
    const at = groupFor(run, groups, judged);
    if (at === undefined && judged.includes('different')) reasons.add('marks');
    if (at === undefined && judged.includes('submission')) reasons.add('submission');
    if (at === undefined) groups.push([run]);
    else groups[at]?.push(run);
  }
  // The weakest that was needed: whoever doubts the hosts looks there.
  const known = (['submission', 'marks'] as const).find((reason) => reasons.has(reason)) ?? 'id';
  return groups.map((group) => machineOf(known, group));
}

/** The group of a run: what is proved, else the likely one that has a run of the same place, else the first likely one. */
function groupFor(
  run: FleetRun,
  groups: readonly (readonly FleetRun[])[],
  judged: readonly string[],
): number | undefined {
  const proved = judged.indexOf('same');
  if (proved >= 0) return proved;
  const likely = groups.flatMap((_, at) => (judged[at] === 'likely' ? [at] : []));
  const place = placeOfRun(run.origin);
  return (
    likely.find((at) => groups[at]?.some(({ origin }) => placeOfRun(origin) === place) ?? false) ?? likely[0]
  );
}

/** Is a run meant by its id, its absolute path, or the path of a directory above it? */
export function isNamed({ runId, origin }: FleetRun, id: string, path: string): boolean {
  return runId === id || origin === path || origin.startsWith(`${path}/`);
}

const above = (path: string) => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** An archive, and the run in it where it has several. */
const archived = /^(.*\.(?:tar|tar\.gz|tgz|tar\.zst|tzst))(?::.*)?$/is;
/** So many named paths in one directory are all that is in it, as a shell writes `submissions/*`. */
const fewestOfAll = 3;

/**
 * What somebody handed in, with a run in it: an entry of a named directory, or a named path where all of a directory are named. A
 * run or archive that was named itself was handed in by itself.
 */
export function submissionOf(origin: string, named: readonly string[]): string {
  const path = archived.exec(origin)?.[1] ?? origin;
  const holder = named
    .filter((each) => path === each || path.startsWith(`${each}/`))
    .toSorted((a, b) => b.length - a.length)[0];
  if (holder === undefined || holder === path) return path;
  const siblings = named.filter((each) => above(each) === above(holder));
  if (siblings.length >= fewestOfAll) return holder;
  const [first = ''] = path.slice(holder.length + 1).split('/');
  return `${holder}/${first}`;
}

/** The directory that holds a run, or the `results` with it; an archive is one by itself. */
export function placeOfRun(origin: string): string {
  const path = archived.exec(origin)?.[1];
  if (path !== undefined) return path;
  const holder = above(origin);
  return holder.endsWith('/results') ? above(holder) : holder;
}

/** Sort key, independent of the order of arguments: id of the host, and origin of its first run. */
function placeOf({ runs: [first] }: Machine): string {
  return `${first?.host.id ?? ''}|${first?.runId ?? ''}`;
}

/** Assigns published runs, which have a pseudonym, to the host of a run with the real id, if there is one. */
export function withOneId(runs: readonly FleetRun[]): readonly FleetRun[] {
  const known = new Map(
    runs.flatMap(({ pseudonym, host }) => (pseudonym === null ? [] : [[pseudonym, host] as const])),
  );
  return runs.map((run) => {
    const own = run.host.id === undefined ? undefined : known.get(run.host.id);
    return own === undefined ? run : { ...run, host: { ...run.host, id: own.id, hostname: own.hostname } };
  });
}

function factsKey({ host }: FleetRun): string {
  return [host.hostname, host.cpuModel, host.memoryBytes].join('|');
}

/** Compares by code units, so that the order is the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names of the machines: host names, numbered if several share one. */
function namesOf(machines: readonly Machine[]): readonly string[] {
  const many = Map.groupBy(machines, ({ hostname }) => hostname);
  const seen = new Map<string, number>();
  return machines.map(({ hostname }) => {
    if ((many.get(hostname)?.length ?? 0) < 2) return hostname;
    const number = (seen.get(hostname) ?? 0) + 1;
    seen.set(hostname, number);
    return `${hostname} (${number})`;
  });
}

/** What Moodle adds to the name of who handed in: `Ada Lovelace_12345_assignsubmission_file_`. */
const moodle = /^(.+?)_\d+_assignsubmission_[a-z]+(?:_.*)?$/;

const archive = /\.(?:tar|tar\.gz|tgz|tar\.zst|tzst)(?::.*)?$/i;

/** Who handed in what is at a path, as directories and archives are called: the name before a form's additions. */
export function handedInBy(origin: string, { submissions }: MachineRules): string {
  const name = submissions === null ? origin : submissionOf(origin, submissions).replace(/^.*\//s, '');
  return moodle.exec(name)?.[1] ?? name.replace(archive, '');
}

/**
 * Names of the machines. In a class the name is that of the submission, as copies of a virtual machine share their host name; where
 * all submissions are called the same, and elsewhere, it is the host name. Numbered where several share one.
 */
export function namesIn(machines: readonly Machine[], rules: MachineRules): readonly string[] {
  if (rules.submissions === null) return namesOf(machines);
  const named = machines.map((machine) => ({
    ...machine,
    hostname: handedInBy(machine.runs.at(-1)?.origin ?? '', rules),
  }));
  const isTold = machines.length < 2 || new Set(named.map(({ hostname }) => hostname)).size > 1;
  return namesOf(isTold ? named : machines);
}
