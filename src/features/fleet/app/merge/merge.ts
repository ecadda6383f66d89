import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { ApartOptions } from '../../../../app/apart/apart.ts';
import type { AppContext } from '../../../../app/context.ts';
import { languageOf } from '../../../../app/measure/configuration.ts';
import { minimumPairs } from '../../../../core/analyze/stats/paired-centre.ts';
import type { RunRequest } from '../../../../core/config/command-line.ts';
import { commonDefaults } from '../../../../core/config/resolve.ts';
import { kinds } from '../../../../core/config/settings.ts';
import { refuseNotOwn } from '../../../../core/files/held-directory.ts';
import { hostIdentity, pseudonymOf } from '../../../../core/host/host-identity.ts';
import { sayInFiles } from '../../../../core/messages/command.ts';
import { notices, type Reason, reasons } from '../../../../core/messages/define.ts';
import type { Lang } from '../../../../core/messages/message.ts';
import { recalled } from '../../../../core/messages/record.ts';
import { misuse, problemOf, refusal } from '../../../../core/model/error.ts';
import { removeNames } from '../../../../core/store/files.ts';
import type { PagePictures } from '../../../../report/page-parts.ts';
import { fleetOf } from '../../merge/fleet.ts';
import type { Fleet, FleetNote } from '../../merge/fleet-record.ts';
import type { FleetRun } from '../../merge/fleet-run.ts';
import { toldWords } from '../../merge/notes.ts';
import { withoutNames } from '../../merge/withhold-names.ts';
import { withoutRequest } from '../../merge/without-vote.ts';
import { readFleetRuns } from './read-runs.ts';

const text = notices('merge', {
  nothing: 'there is nothing to merge',
  unsafe: 'the fleet is not written',
  noOwn: 'no run that was merged is {own}',
  badSeed: '--seed must be a whole number from 0, but is {seed}',
});
const why = reasons('merge', {
  fewBlocks: {
    message: '{what}',
    fix: 'measure it with more blocks:  @(run --blocks {least}..{most})',
  },
  leftOut: {
    message: '{what}',
    fix: 'name directories or archives of runs:  @(merge PATH --out FLEET)',
  },
  aRun: {
    message: 'it is the directory of a run, whose report would be lost',
    fix: 'name another directory with --out',
  },
  own: {
    message:
      "it is neither the id of one run nor a path with the runs of one host, nor ''here'' where this host measured one",
    fix: 'name one run by its id, or by its path',
  },
});

/** Flags of `ocibench merge`, as typed. */
export interface MergeFlags extends Pick<RunRequest, 'out' | 'lang' | 'config'> {
  readonly seed?: string;
  /** Make the fleet for the owners of its machines: without names, with questions for discussion. */
  readonly class?: boolean;
  /** Show names nevertheless. */
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
  const seed = seedOf(flags.seed);
  const place = resolve(app.environment.workingDirectory, flags.out ?? 'fleet');
  await refuseUnsafe(app, place);
  const again = flags.class ?? false;
  const { runs, told } = await readFleetRuns(app, paths, { flags, place, seed, again, apart });
  const own = flags.own === undefined ? null : ownOf(app, runs, flags.own);
  const { version: harnessVersion } = app.environment;
  const { thresholds } = commonDefaults;
  const without = (flags.without ?? []).map((asked) =>
    withoutRequest(asked, (path) => resolve(app.environment.workingDirectory, path)),
  );
  const whole = fleetOf({ runs, told, harnessVersion, thresholds, seed, own, without });
  if (whole.hosts.length === 0)
    throw misuse(
      text.nothing,
      whole.told.slice(0, maxProblems).map((each) => problemOf({ file: 'merge', key: '' }, whyLeftOut(each))),
    );
  const fleet = flags.class && !flags.names ? withoutNames(whole, lang) : whole;
  await writeFleet(app, fleet, { place, lang, forClass: flags.class ?? false });
  return { fleet, told: whole.told, place, lang };
}

/** Why a run is not in the fleet, with a fix. */
function whyLeftOut(told: FleetNote): Reason {
  const what = recalled(told, 'message');
  const blocks = { least: minimumPairs, most: 2 * minimumPairs };
  return told.code === toldWords.nothing({ origin: '', least: minimumPairs }).id
    ? why.fewBlocks({ what, ...blocks })
    : why.leftOut({ what });
}

function seedOf(asked: string | undefined): number {
  const seed = asked === undefined ? 1 : kinds.seed.parse(asked);
  if (seed === null) throw misuse(text.badSeed({ seed: asked ?? '' }));
  return seed;
}

async function refuseUnsafe({ store }: AppContext, place: string): Promise<void> {
  refuseNotOwn([join(place, 'charts')], { named: place });
  if (await store.hasRun(place)) throw refusal(text.unsafe, { file: place, key: '' }, why.aRun);
}

/** Value of {@link MergeFlags.own} for the host that merges. Never a default: in a class it would identify a machine. */
const ownHere = 'here';

/** Was the run measured on this host? A published run has a pseudonym of the host's id. */
function isOfThisHost({ host }: FleetRun): boolean {
  return [hostIdentity(), pseudonymOf(hostIdentity())].some((id) => id === host.id);
}

/** Origin of the run named by `own`: an id, a path, a directory above runs of one host, or `here`. */
function ownOf(app: AppContext, runs: readonly FleetRun[], own: string): string {
  const path = resolve(app.environment.workingDirectory, own);
  const isOwn =
    own === ownHere
      ? isOfThisHost
      : ({ runId, origin }: FleetRun) => runId === own || origin === path || origin.startsWith(`${path}/`);
  const found = runs.filter(isOwn);
  const hosts = new Set(found.map(({ host }) => host.id ?? host.hostname));
  if (found[0] !== undefined && hosts.size === 1) return found[0].origin;
  throw refusal(text.noOwn({ own }), { file: own, key: '--own' }, why.own);
}

const chartFile = /^fleet-[a-z0-9-]+\.(?:svg|png|vl\.json)$/;

/** Writes the files of a fleet, all or none, and removes the charts of an earlier fleet. */
async function writeFleet(
  app: AppContext,
  fleet: Fleet,
  { place, lang, forClass }: { readonly place: string; readonly lang: Lang; readonly forClass: boolean },
): Promise<void> {
  const { fleetCharts } = await import('../../report/charts.ts');
  const { fleetBlocks } = await import('../../report/blocks.ts');
  const { fleetCsv } = await import('../../report/csv.ts');
  const { fleetPage } = await import('../../report/page.ts');
  const { renderMarkdown } = await import('../../../../report/renderers/markdown.ts');
  const charts = fleetCharts(fleet, lang);
  const files = new Map<string, string | Uint8Array>();
  const svgs: Record<string, PagePictures> = {};
  for (const { id, wide, narrow, titled } of charts) {
    svgs[id] = { wide: await app.pictures.svg(wide), narrow: await app.pictures.svg(narrow) };
    const { svg, png } = await app.pictures.chart(titled);
    files.set(join(place, 'charts', `${id}.vl.json`), `${JSON.stringify(titled)}\n`);
    files.set(join(place, 'charts', `${id}.svg`), svg);
    files.set(join(place, 'charts', `${id}.png`), await png);
  }
  const blocks = sayInFiles(() => fleetBlocks(fleet, { lang, charts, forClass }));
  files.set(join(place, 'fleet.json'), `${JSON.stringify(fleet, null, 1)}\n`);
  files.set(join(place, 'fleet.csv'), fleetCsv(fleet));
  files.set(join(place, 'report.md'), renderMarkdown(blocks, lang, 'charts'));
  files.set(join(place, 'report.html'), fleetPage(fleet, blocks, lang, svgs));
  await app.store.writeTogether(files);
  const written = new Set([...files.keys()].map((path) => basename(path)));
  const present = await readdir(join(place, 'charts')).catch(() => []);
  const earlier = present.filter((name) => chartFile.test(name) && !written.has(name));
  await removeNames(join(place, 'charts'), earlier);
}
