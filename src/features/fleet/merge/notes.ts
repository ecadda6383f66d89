import { listed } from '../../../core/messages/compose.ts';
import { notices } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recorded } from '../../../core/messages/record.ts';
import { machineRelation } from '../../../core/model/machine/same-machine.ts';
import type { Fleet, FleetNote } from './fleet-record.ts';
import type { FleetRun, RunCategory, RunHeadline } from './fleet-run.ts';
import { loadFact } from './host-facts.ts';
import { type Machine, type MachineRules, placeOfRun } from './identity.ts';
import { figureShown } from './impossible.ts';
import type { Question } from './questions.ts';
import { leastForClaims } from './stats/host-estimate.ts';

/** Messages of notes on merged runs. */
export const toldWords = notices('fleet', {
  unreadable: '{origin} is left out: {why}',
  withheld: 'a run is left out; whoever merged was told which one and why',
  again: 'run {run} was handed in {n} times and counts once',
  copied: '{origin} is left out: it has the same records as {first}, under another run or host',
  ambiguous:
    '{origin} is left out: it has no host id, and several hosts have its name ({host}), processor and memory',
  nothing:
    '{origin} is left out: it has no tested comparison, which takes {least} blocks under a runtime and its baseline',
  unusable: '{origin} is left out: all of its figures are impossible: {figures}',
  impossible:
    '{host} has impossible figures, and no vote on them or their category: {figures}. Find what is wrong with {origin}, or measure the host again',
  withheldFigures:
    'impossible figures of a machine have no vote; whoever merged was told which figures and whose',
  without: '{host} has no vote (--without): {reason}',
  withoutReason: '{host} has no vote (--without), without a reason',
  severalRuns: 'hosts with several runs: {hosts}. Each has one vote, the mean of its runs',
  changedHost: 'hosts that changed between their runs: {hosts}. Facts are those of the newest run',
  sameName: 'several hosts are called {name}, so they are numbered',
  copies:
    '{n} hosts share ids, as copies of one machine do. Each counts as a host, because firmware, network ports, first run, processor or memory differ',
  submissions:
    '{n} hosts share ids, and nothing in their records tells these copies apart: each submission counts as a host. If two are one, leave one out',
  undecided:
    '{n} runs from several places share the id of {host}, and nothing in their records tells copies apart: they count as one host. If they are different hosts:  --class',
  noId: '{n, plural, one {one run has} other {# runs have}} no host id: name, processor and memory identify the host',
  incomplete: '{n, plural, one {one run} other {# runs}} ended early; the data measured counts',
  resumed: '{n, plural, one {one run was} other {# runs were}} cut off and continued later (--resume)',
  extended: '{n, plural, one {one run was} other {# runs were}} extended after the end',
  noManifest:
    '{n, plural, one {one run has} other {# runs have}} no manifest: figures were recomputed from the raw records',
  changed:
    'in {n, plural, one {one run} other {# runs}}, published files do not match the manifest: figures were recomputed from the raw records',
  madeAgain:
    '{n, plural, one {the figures of one run were} other {the figures of # runs were}} recomputed from raw records',
  asPublished:
    '{n, plural, one {the figures of one run are} other {the figures of # runs are}} as published, not recomputed',
  architectures:
    'hosts of several architectures: {names}. One image has different programs for each, so architectures are not combined',
  variants:
    '{n, plural, one {one comparison is} other {# comparisons are}} not of the same work on all hosts (definition, image, baseline or runtime family): different work is not combined',
  categories:
    'in {n, plural, one {one category} other {# categories}}, hosts measured different tests: different sets are not combined',
  baselines: 'hosts have several baselines: {names}. Different baselines are not combined',
  thresholds:
    'the thresholds of the runs differ; those of a new run apply: practical difference {practical}, alpha {alpha}',
  emulated:
    '{n, plural, one {one host has} other {# hosts have}} an emulated processor: for demonstration, not for decisions',
  few: '{n, plural, one {one host} other {# hosts}}: a claim about a fleet needs {least}',
});

/** Maximum number of names in a sentence. */
const maxNames = 12;

/** The first names, and the number of further ones. */
export function someOf(names: readonly string[]): ReturnType<typeof listed> {
  const shown = names.slice(0, maxNames);
  return listed(shown.length < names.length ? [...shown, `… +${names.length - shown.length}`] : shown);
}

/** The impossible figures of a run. */
export function figuresOf({ impossible }: FleetRun): ReturnType<typeof listed> {
  return someOf(impossible.map(figureShown));
}

/** Makes the record of a note. */
export function toldOf(
  kind: FleetNote['kind'],
  message: Message,
  origins: readonly string[] = [],
): FleetNote {
  return { kind, code: message.id, ...recorded({ message }), origins: [...origins] };
}

interface NotesInput {
  readonly machines: readonly Machine[];
  /** Names of the machines. */
  readonly names: readonly string[];
  readonly categories: readonly Question<RunCategory>[];
  readonly comparisons: readonly Question<RunHeadline>[];
  readonly thresholds: Fleet['thresholds'];
  readonly rules: MachineRules;
  /** Number of machines with a vote. */
  readonly voting: number;
}

/** A note on these runs; none without any. */
export function noteOn(
  message: Message,
  runs: readonly FleetRun[],
  kind: FleetNote['kind'] = 'note',
): readonly FleetNote[] {
  const origins = runs.map(({ origin }) => origin);
  return runs.length === 0 ? [] : [toldOf(kind, message, origins)];
}

const runsOf = (machines: readonly Machine[]) => machines.flatMap(({ runs }) => runs);

/** Notes on the runs that count; one per subject, however many runs it concerns. */
export function notesOf(of: NotesInput): readonly FleetNote[] {
  return [...ofHosts(of), ...ofRuns(of), ...ofWork(of)];
}

function ofHosts({ machines, names, rules, voting }: NotesInput): readonly FleetNote[] {
  const nameOf = (machine: Machine) => names[machines.indexOf(machine)] ?? '';
  const several = machines.filter(({ runs }) => runs.length > 1);
  const changed = machines.filter(hasChanged);
  const known = (by: Machine['known']) => machines.filter((machine) => machine.known === by);
  const [marked, submitted] = [known('marks'), known('submission')];
  const undecided = rules.submissions === null ? machines.filter(isUndecided) : [];
  const alike = [...Map.groupBy(machines, ({ hostname }) => hostname)].filter(([, all]) => all.length > 1);
  const architectures = new Set(runsOf(machines).map(({ host }) => host.arch));
  const emulated = machines.filter(({ runs }) => runs.some(({ host }) => host.emulation !== null));
  return [
    ...(voting > 0 && voting < leastForClaims
      ? [toldOf('note', toldWords.few({ n: voting, least: leastForClaims }))]
      : []),
    ...noteOn(toldWords.severalRuns({ hosts: someOf(several.map(nameOf)) }), runsOf(several)),
    ...noteOn(toldWords.copies({ n: marked.length }), runsOf(marked)),
    ...noteOn(toldWords.submissions({ n: submitted.length }), runsOf(submitted)),
    ...undecided.flatMap((machine) =>
      noteOn(toldWords.undecided({ n: machine.runs.length, host: nameOf(machine) }), machine.runs),
    ),
    ...noteOn(toldWords.changedHost({ hosts: someOf(changed.map(nameOf)) }), runsOf(changed)),
    ...alike.flatMap(([name, all]) => noteOn(toldWords.sameName({ name }), runsOf(all))),
    ...(architectures.size > 1
      ? [toldOf('note', toldWords.architectures({ names: someOf([...architectures].toSorted()) }))]
      : []),
    ...noteOn(toldWords.emulated({ n: emulated.length }), runsOf(emulated)),
  ];
}

/** Are its runs from several places, though nothing but id, processor and memory says that they are of one machine? */
function isUndecided({ known, runs }: Machine): boolean {
  const places = new Set(runs.map(({ origin }) => placeOfRun(origin)));
  const [first, ...others] = runs;
  return (
    (known === 'id' || known === 'marks') &&
    places.size > 1 &&
    first !== undefined &&
    others.some(({ host }) => machineRelation(first.host, host) !== 'same')
  );
}

/** Did any fact of a host change between its runs? */
function hasChanged({ runs }: Machine): boolean {
  const [first] = runs;
  return runs.some(({ facts }) =>
    Object.entries(facts).some(
      ([fact, value]) => fact !== loadFact && (first?.facts[fact] ?? value) !== value,
    ),
  );
}

/** What is told of runs, by how many there are. */
const ofSomeRuns: readonly (readonly [(values: { n: number }) => Message, (run: FleetRun) => boolean])[] = [
  [toldWords.noId, ({ host }) => host.id === undefined],
  [toldWords.incomplete, ({ status }) => status !== 'complete'],
  [toldWords.resumed, ({ resumed }) => resumed],
  [toldWords.extended, ({ extended }) => extended],
  [toldWords.noManifest, ({ manifest }) => manifest === 'missing'],
  [toldWords.changed, ({ manifest }) => manifest === 'changed'],
  [toldWords.madeAgain, ({ from }) => from === 'records'],
  [toldWords.asPublished, ({ from }) => from === 'analysis'],
];

function ofRuns({ machines, thresholds }: NotesInput): readonly FleetNote[] {
  const runs = runsOf(machines);
  const bands = new Set(runs.map((run) => `${run.thresholds.practical} ${run.thresholds.alpha}`));
  const { practical, alpha } = thresholds;
  return [
    ...ofSomeRuns.flatMap(([make, isMeant]) => {
      const own = runs.filter(isMeant);
      return noteOn(make({ n: own.length }), own);
    }),
    ...(bands.size > 1 ? [toldOf('note', toldWords.thresholds({ practical, alpha }))] : []),
  ];
}

function ofWork({ categories, comparisons }: NotesInput): readonly FleetNote[] {
  const several = (questions: readonly Question<RunCategory | RunHeadline>[]) =>
    questions.filter(({ variant }) => variant === 1).length;
  const baselines = new Set(comparisons.map(({ of }) => of.baseline));
  const [ofComparisons, ofCategories] = [several(comparisons), several(categories)];
  return [
    ...(baselines.size > 1
      ? [toldOf('note', toldWords.baselines({ names: someOf([...baselines].toSorted()) }))]
      : []),
    ...(ofComparisons > 0 ? [toldOf('note', toldWords.variants({ n: ofComparisons }))] : []),
    ...(ofCategories > 0 ? [toldOf('note', toldWords.categories({ n: ofCategories }))] : []),
  ];
}
