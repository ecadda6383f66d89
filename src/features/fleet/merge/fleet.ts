import { minimumPairs } from '../../../core/analyze/stats/paired-centre.ts';
import { type Category, categorySchema } from '../../../core/model/workload/metric.ts';
import { fleetCategories, fleetComparisons } from './estimates.ts';
import { type Fleet, type FleetHost, type FleetNote, fleetVersion } from './fleet-record.ts';
import type { FleetRun, RunCategory, RunHeadline } from './fleet-run.ts';
import {
  compare,
  type Machine,
  type MachineRules,
  machinesOf,
  namesIn,
  usualRules,
  withOneId,
} from './identity.ts';
import { figuresOf, noteOn, notesOf, toldWords } from './notes.ts';
import { outliersOf } from './outliers.ts';
import { type Question, questionsOf } from './questions.ts';
import { fleetMissing } from './useless.ts';
import { type WithoutRequest, type WithoutVote, withoutVote, withoutVoteNotes } from './without-vote.ts';

/** Runs without copies, and the copies found. */
interface Copies {
  /** Each run once. */
  readonly kept: readonly FleetRun[];
  /** Further copies of a run that counts once. */
  readonly again: readonly { readonly copy: FleetRun; readonly of: FleetRun }[];
  /** Runs with another id or host that share trials with a run that counts. */
  readonly stolen: readonly { readonly copy: FleetRun; readonly of: FleetRun }[];
}

/**
 * Finds runs that occur twice. Of several copies of a run of one host, the one with the most trials counts: the others were
 * taken before the run ended. Equal records under another host or run id are still one measurement, and so are runs with a trial in
 * common, whatever else was changed in them.
 */
function withoutCopies(runs: readonly FleetRun[]): Copies {
  const kept: FleetRun[] = [];
  const again: { copy: FleetRun; of: FleetRun }[] = [];
  const sameRun = Map.groupBy(runs, ({ runId, host }) =>
    [runId, host.id ?? [host.hostname, host.cpuModel, host.memoryBytes].join('|')].join('|'),
  );
  for (const copies of sameRun.values()) {
    const best = copies.reduce((most, each) => (each.trials > most.trials ? each : most));
    kept.push(best);
    for (const copy of copies) if (copy !== best) again.push({ copy, of: best });
  }
  const firstOf = new Map<string, FleetRun>();
  const stolen: { copy: FleetRun; of: FleetRun }[] = [];
  const own = kept.filter((run) => {
    if (run.records === null || run.trials === 0) return true;
    const prints = [run.records, ...run.prints];
    const first = prints.map((print) => firstOf.get(print)).find((found) => found !== undefined);
    if (first === undefined) for (const print of prints) firstOf.set(print, run);
    else stolen.push({ copy: run, of: first });
    return first === undefined;
  });
  return { kept: own, again, stolen };
}

/** Input of a fleet. */
export interface FleetInput {
  readonly runs: readonly FleetRun[];
  /** Notes on runs that could not be read. */
  readonly told: readonly FleetNote[];
  readonly harnessVersion: string;
  /** Thresholds to use if those of the runs differ. */
  readonly thresholds: FleetRun['thresholds'];
  /** Run id or origin of the run whose host is highlighted; null for none. */
  readonly own: string | null;
  /** How runs are told to be of one machine; default: by their records alone. */
  readonly rules?: MachineRules;
  /** Hosts that are to have no vote. */
  readonly without?: readonly WithoutRequest[];
}

/**
 * Merges runs of several hosts: each host has one vote, and a note reports everything that is left out. OcibenchError (exit 2)
 * where `without` names no host, or all of them.
 */
export function fleetOf(input: FleetInput): Fleet {
  const { own, rules = usualRules } = input;
  const { runs, told, empty, copied } = withoutUseless(withOneId(input.runs));
  const { machines, ambiguous } = machinesOf(runs, rules);
  const names = namesIn(machines, rules);
  const without = withoutVote(input.without ?? [], machines, names);
  const hosts = machines.map((machine, at) => hostOf(machine, names[at] ?? '', without.get(at)));
  const voting = machines.map(({ runs: own }, at) => (without.has(at) ? [] : own));
  const facts = hosts.map((host) => host.facts);
  const categories = ordered(
    questionsOf(voting.map((own) => own.map((run) => run.categories))),
    placeOfCategory,
  );
  const comparisons = ordered(
    questionsOf(voting.map((own) => own.map((run) => run.comparisons))),
    placeOfComparison,
  );
  const thresholds = thresholdsOf(runs, input.thresholds);
  return {
    fleetVersion,
    harnessVersion: input.harnessVersion,
    anonymous: false,
    thresholds,
    runtimes: runtimesOf(runs),
    hosts,
    own: own === null ? null : ownHost(machines, own),
    categories: [...fleetCategories(categories, thresholds)],
    comparisons: [...fleetComparisons(comparisons, thresholds)],
    outliers: [...outliersOf(categories, facts, thresholds)],
    missing: [...fleetMissing(machines, { empty, copied, ambiguous }, input.told, rules)],
    told: [
      ...input.told,
      ...told,
      ...ambiguous.flatMap((run) => {
        const { origin, host } = run;
        return noteOn(toldWords.ambiguous({ origin, host: host.hostname }), [run], 'left-out');
      }),
      ...withoutVoteNotes(machines, names, without),
      ...notesOf({
        machines,
        names,
        categories,
        comparisons,
        thresholds,
        rules,
        voting: machines.length - without.size,
      }),
    ],
  };
}

/** The runs of outlying hosts, and those with impossible figures. */
export function outlyingRuns(all: readonly FleetRun[], usual: FleetRun['thresholds']): readonly FleetRun[] {
  const { runs } = withoutUseless(withOneId(all));
  const { machines } = machinesOf(runs);
  const questions = questionsOf(machines.map((machine) => machine.runs.map((run) => run.categories)));
  const hosts = new Set(outliersOf(questions, [], thresholdsOf(runs, usual)).map(({ host }) => host));
  const far = machines.filter((_, at) => hosts.has(at)).flatMap((machine) => machine.runs);
  return [...new Set([...far, ...runs.filter(({ impossible }) => impossible.length > 0)])];
}

/** Removes copies, and runs without any comparison. */
function withoutUseless(all: readonly FleetRun[]) {
  const { kept, again, stolen } = withoutCopies(all);
  const empty = kept.filter(({ comparisons }) => comparisons.length === 0);
  const twice = Map.groupBy(again, ({ of }) => of);
  return {
    runs: kept.filter(({ comparisons }) => comparisons.length > 0),
    empty,
    copied: stolen.map(({ copy }) => copy),
    told: [
      ...[...twice].flatMap(([of, copies]) =>
        noteOn(toldWords.again({ run: of.runId, n: copies.length + 1 }), [
          of,
          ...copies.map(({ copy }) => copy),
        ]),
      ),
      ...stolen.flatMap(({ copy, of }) =>
        noteOn(toldWords.copied({ origin: copy.origin, first: of.origin }), [copy, of], 'left-out'),
      ),
      ...empty.flatMap((run) => {
        const { origin, impossible } = run;
        const { nothing, unusable } = toldWords;
        const isUnusable = impossible.length > 0;
        const message = isUnusable
          ? unusable({ origin, figures: figuresOf(run) })
          : nothing({ origin, least: minimumPairs });
        return noteOn(message, [run], 'left-out');
      }),
    ],
  };
}

/** Runtimes: baselines first, then in the order of the first run that has each. */
function runtimesOf(runs: readonly FleetRun[]): Fleet['runtimes'] {
  const baselines = new Set(runs.flatMap(({ comparisons }) => comparisons.map(({ baseline }) => baseline)));
  const compared = new Set(runs.flatMap(({ comparisons }) => comparisons.map(({ cell }) => cell.runtime)));
  const all = new Map<string, string>();
  for (const { name, family } of runs.flatMap((run) => run.runtimes))
    if (!all.has(name) && (baselines.has(name) || compared.has(name))) all.set(name, family);
  return [...all]
    .map(([name, family]) => ({ name, family }))
    .toSorted((a, b) => Number(baselines.has(b.name)) - Number(baselines.has(a.name)));
}

function hostOf({ known, runs }: Machine, name: string, reason: ReturnType<WithoutVote['get']>): FleetHost {
  return {
    name,
    known,
    ...(reason === undefined ? {} : { without: { reason } }),
    runs: runs.map(({ runId, origin, status, startedAt, harnessVersion, from, report }) => ({
      runId,
      origin,
      status,
      startedAt,
      harnessVersion,
      from,
      report,
    })),
    facts: { ...runs.at(-1)?.facts },
  };
}

function ownHost(machines: readonly Machine[], own: string): number | null {
  const at = machines.findIndex(({ runs }) =>
    runs.some(({ runId, origin }) => runId === own || origin === own),
  );
  return at < 0 ? null : at;
}

/** The thresholds of the runs if they agree, else `usual`. */
function thresholdsOf(runs: readonly FleetRun[], usual: FleetRun['thresholds']): Fleet['thresholds'] {
  const [first] = runs;
  const same = first !== undefined && runs.every(({ thresholds }) => equal(thresholds, first.thresholds));
  const { practical, alpha } = same ? first.thresholds : usual;
  return { practical, alpha, confidence: 1 - alpha };
}

function equal(a: FleetRun['thresholds'], b: FleetRun['thresholds']): boolean {
  return a.alpha === b.alpha && a.practical === b.practical;
}

const order = (category: Category) => String(categorySchema.options.indexOf(category));

function placeOfCategory({ layer, engine, runtime, category, arch }: RunCategory): string {
  return [layer, engine ?? '', runtime, order(category), arch].join('|');
}

function placeOfComparison({ cell, category, arch }: RunHeadline): string {
  const { workload, params, layer, engine = '', runtime } = cell;
  return [order(category), workload, params, layer, engine, runtime, arch].join('|');
}

function ordered<A extends RunCategory | RunHeadline>(
  questions: readonly Question<A>[],
  placeOf: (of: A) => string,
): readonly Question<A>[] {
  return questions.toSorted(
    (a, b) => compare(placeOf(a.of), placeOf(b.of)) || (a.variant ?? 0) - (b.variant ?? 0),
  );
}
