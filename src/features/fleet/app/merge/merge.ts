import { join, resolve } from 'node:path';
import type { ApartOptions } from '../../../../app/apart/apart.ts';
import type { AppContext } from '../../../../app/context.ts';
import { languageOf } from '../../../../app/measure/configuration.ts';
import { minimumPairs } from '../../../../core/analyze/stats/paired-centre.ts';
import { builtInProfiles } from '../../../../core/config/built-in-profiles.ts';
import type { RunRequest } from '../../../../core/config/command-line.ts';
import { commonDefaults } from '../../../../core/config/resolve.ts';
import { loadWorkloadIds } from '../../../../core/config/workload-ids.ts';
import { refuseNotOwn } from '../../../../core/files/held-directory.ts';
import { identifiedFacts, isThisMachine } from '../../../../core/host/facts.ts';
import { notices, type Reason, reasons } from '../../../../core/messages/define.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import { recalled } from '../../../../core/messages/record.ts';
import { misuse, problemOf, refusal } from '../../../../core/model/failure/error.ts';
import { fleetOf } from '../../merge/fleet.ts';
import type { Fleet, FleetNote } from '../../merge/fleet-record.ts';
import type { FleetRun } from '../../merge/fleet-run.ts';
import { isNamed } from '../../merge/identity.ts';
import { toldWords } from '../../merge/notes.ts';
import { withPlaces } from '../../merge/places.ts';
import { type ShippedNames, withoutNames } from '../../merge/withhold-names.ts';
import { withoutRequest } from '../../merge/without-vote.ts';
import { readFleetRuns } from './read-runs.ts';
import { withoutRun } from './without-run.ts';
import { writeFleet } from './write-fleet.ts';

const text = notices('merge', {
  nothing: 'nothing to merge',
  unsafe: 'the fleet was not written',
  noOwn: 'no merged run is {own}',
});
const why = reasons('merge', {
  fewBlocks: {
    message: '{what}',
    fix: 'measure it with more blocks:  @(run --blocks {least}..{most})',
  },
  leftOut: {
    message: '{what}',
    fix: 'name directories or archives of runs:  @(fleet merge PATH --out FLEET)',
  },
  aRun: {
    message: 'it is the directory of a run, whose report would be overwritten',
    fix: 'name another directory with --out',
  },
  own: {
    message:
      "it must be the id of a run, a path with runs of one host, or ''here'' if this host measured one",
    fix: 'name one run by its id, or by its path',
  },
});

/** Flags of `ocibench fleet merge`, as typed. */
export interface MergeFlags extends Pick<RunRequest, 'out' | 'lang' | 'config'> {
  /** Make the fleet for the owners of its machines: without names, with questions for discussion. */
  readonly class?: boolean;
  /** With `class`: write {@link teacherPage} too, which has the names. */
  readonly names?: boolean;
  /** A run whose machine is highlighted; `here`: the machine that merges. */
  readonly own?: string;
  /** Hosts that have no vote: `HOST` or `HOST:REASON`. */
  readonly without?: readonly string[];
}

/** Result of a merge. */
export interface MergeResult {
  readonly fleet: Fleet;
  /** Notes, with the names that are withheld in the fleet. */
  readonly told: readonly FleetNote[];
  /** Directory of its files. */
  readonly place: string;
  readonly lang: Lang;
}

/** Maximum number of listed reasons for an empty fleet. */
const maxProblems = 20;

/**
 * Merges runs of several hosts into one fleet and writes it. OcibenchError (exit 2) if none of the named runs can be merged, if
 * `without` names no host of theirs, or if another user owns the directory.
 */
export async function mergeRuns(
  app: AppContext,
  paths: readonly string[],
  flags: MergeFlags,
  apart: ApartOptions = {},
): Promise<MergeResult> {
  const lang = flags.lang === undefined ? app.environment.lang : languageOf(flags.lang);
  const place = resolve(app.environment.workingDirectory, flags.out ?? 'fleet');
  await refuseUnsafe(app, place);
  const { class: forClass = false } = flags;
  const withNames = forClass && flags.names === true;
  const options = { flags, place, strict: forClass, answers: withNames ? lang : null, apart };
  const { runs, told: toldOfRuns } = await readFleetRuns(app, paths, options);
  const told = forClass
    ? [...toldOfRuns, ...(await withoutRun(app, paths, { runs, told: toldOfRuns, place }))]
    : toldOfRuns;
  const own = flags.own === undefined ? null : await ownOf(app, runs, flags.own);
  const { version: harnessVersion, workingDirectory } = app.environment;
  // In a class each submission counts as a host of its own.
  const rules = { submissions: forClass ? paths.map((path) => resolve(workingDirectory, path)) : null };
  const { thresholds } = commonDefaults;
  const without = (flags.without ?? []).map((asked) =>
    withoutRequest(asked, (path) => resolve(workingDirectory, path)),
  );
  const whole = fleetOf({ runs, told, harnessVersion, thresholds, own, rules, without });
  if (whole.hosts.length === 0)
    throw misuse(
      text.nothing,
      whole.told.slice(0, maxProblems).map((each) => problemOf('fleet merge', whyLeftOut(each))),
    );
  const answers = new Map(runs.map((run) => [run.origin, run.answers]));
  const named = withNames ? { fleet: withPlaces(whole), answers } : null;
  const shown = forClass ? withoutNames(whole, lang, shippedNames()) : whole;
  await writeFleet(app, shown, { place, lang, forClass, named });
  const fleet = named?.fleet ?? shown;
  return { fleet, told: whole.told, place, lang };
}

const shippedNames = (): ShippedNames => ({
  workloads: new Set(loadWorkloadIds()),
  profiles: new Set(builtInProfiles.map(({ name }) => name)),
});

/** Why a run is not in the fleet, with a fix. */
function whyLeftOut(told: FleetNote): Reason {
  const what = recalled(told, 'message');
  const blocks = { least: minimumPairs, most: 2 * minimumPairs };
  return told.code === toldWords.nothing({ origin: '', least: minimumPairs }).id
    ? why.fewBlocks({ what, ...blocks })
    : why.leftOut({ what });
}

/** Origins of the runs that a text names: by their id, their path, or a directory above it. */
function originsOf(runs: readonly FleetRun[], named: string, workingDirectory: string): ReadonlySet<string> {
  const path = resolve(workingDirectory, named);
  return new Set(runs.filter((run) => isNamed(run, named, path)).map(({ origin }) => origin));
}

async function refuseUnsafe({ store }: AppContext, place: string): Promise<void> {
  refuseNotOwn([join(place, 'charts')], { named: place });
  if (await store.hasRun(place)) throw refusal(text.unsafe, place, why.aRun);
}

/** Value of {@link MergeFlags.own} for the host that merges. Never a default: in a class it would identify a machine. */
const ownHere = 'here';

/** Origin of the run named by `own`: an id, a path, a directory above runs of one host, or `here`. */
async function ownOf(app: AppContext, runs: readonly FleetRun[], own: string): Promise<string> {
  const named = originsOf(runs, own, app.environment.workingDirectory);
  const here = own === ownHere ? await identifiedFacts() : null;
  const isOwn = await Promise.all(
    runs.map(({ host, origin }) => (here === null ? named.has(origin) : isThisMachine(host, here))),
  );
  const found = runs.filter((_, at) => isOwn[at]);
  const hosts = new Set(found.map(({ host }) => host.id ?? host.hostname));
  if (found[0] !== undefined && hosts.size === 1) return found[0].origin;
  throw refusal(text.noOwn({ own }), { file: own, key: '--own' }, why.own);
}
