import type { Message } from '../../../core/messages/message.ts';
import type { Fleet, FleetTold } from './fleet-record.ts';
import type { FleetRun, RunCategory, RunComparison } from './fleet-run.ts';
import type { Machine } from './identity.ts';
import type { Question } from './questions.ts';
import { leastForClaims } from './stats/host-estimate.ts';
import { someOf, toldOf, toldWords } from './told.ts';

interface Noted {
  readonly machines: readonly Machine[];
  /** Names of the machines. */
  readonly names: readonly string[];
  readonly categories: readonly Question<RunCategory>[];
  readonly comparisons: readonly Question<RunComparison>[];
  readonly thresholds: Fleet['thresholds'];
}

/** Runs that began farther apart are told. */
const farApartMonths = 12;

/** What a reader has to know of runs that count; each thing once, however many runs it is about. */
export function notesOf(of: Noted): readonly FleetTold[] {
  return [...ofHosts(of), ...ofRuns(of), ...ofWork(of)];
}

function note(message: Message, runs: readonly FleetRun[] = []): FleetTold {
  return toldOf(
    'note',
    message,
    runs.map(({ origin }) => origin),
  );
}

function ofHosts({ machines, names }: Noted): readonly FleetTold[] {
  const said = (chosen: readonly Machine[], make: (hosts: ReturnType<typeof someOf>) => Message) =>
    chosen.length === 0
      ? []
      : [
          note(
            make(someOf(chosen.map((machine) => names[machines.indexOf(machine)] ?? ''))),
            chosen.flatMap(({ runs }) => runs),
          ),
        ];
  const alike = [...Map.groupBy(machines, ({ hostname }) => hostname)].filter(([, all]) => all.length > 1);
  const architectures = new Set(machines.flatMap(({ runs }) => runs.map(({ host }) => host.arch)));
  const emulated = machines.filter(({ runs }) => runs.some(({ host }) => host.emulation !== null));
  return [
    ...(machines.length > 0 && machines.length < leastForClaims
      ? [note(toldWords.few({ n: machines.length, least: leastForClaims }))]
      : []),
    ...said(
      machines.filter(({ runs }) => runs.length > 1),
      (hosts) => toldWords.severalRuns({ hosts }),
    ),
    ...said(machines.filter(hasChanged), (hosts) => toldWords.changedHost({ hosts })),
    ...alike.map(([name, all]) =>
      note(
        toldWords.sameName({ name }),
        all.flatMap(({ runs }) => runs),
      ),
    ),
    ...(architectures.size > 1
      ? [note(toldWords.architectures({ names: someOf([...architectures].toSorted()) }))]
      : []),
    ...(emulated.length > 0
      ? [
          note(
            toldWords.emulated({ n: emulated.length }),
            emulated.flatMap(({ runs }) => runs),
          ),
        ]
      : []),
  ];
}

/** Has anything of a host changed between its runs? */
function hasChanged({ runs }: Machine): boolean {
  const [first] = runs;
  return runs.some(({ facts }) =>
    Object.entries(facts).some(([fact, value]) => (first?.facts[fact] ?? value) !== value),
  );
}

function ofRuns({ machines, thresholds }: Noted): readonly FleetTold[] {
  const runs = machines.flatMap((machine) => machine.runs);
  const counted = (chosen: readonly FleetRun[], make: (values: { n: number }) => Message) =>
    chosen.length === 0 ? [] : [note(make({ n: chosen.length }), chosen)];
  const days = runs
    .map(({ startedAt }) => startedAt.slice(0, 10))
    .filter((day) => /^\d{4}-\d{2}-\d{2}$/.test(day))
    .toSorted();
  const [from, to] = [days[0] ?? '', days.at(-1) ?? ''];
  const bands = new Set(runs.map((run) => `${run.thresholds.practical} ${run.thresholds.alpha}`));
  return [
    ...counted(
      runs.filter(({ host }) => host.id === undefined),
      toldWords.noId,
    ),
    ...counted(
      runs.filter(({ status }) => status !== 'complete'),
      toldWords.incomplete,
    ),
    ...counted(
      runs.filter(({ resumed }) => resumed),
      toldWords.resumed,
    ),
    ...counted(
      runs.filter(({ extended }) => extended),
      toldWords.extended,
    ),
    ...counted(
      runs.filter(({ manifest }) => manifest === 'missing'),
      toldWords.noManifest,
    ),
    ...counted(
      runs.filter(({ manifest }) => manifest === 'changed'),
      toldWords.changed,
    ),
    ...counted(
      runs.filter(({ from: source }) => source === 'records'),
      toldWords.madeAgain,
    ),
    ...counted(
      runs.filter(({ from: source }) => source === 'analysis'),
      toldWords.asPublished,
    ),
    ...(monthOf(to) - monthOf(from) > farApartMonths ? [note(toldWords.years({ from, to }))] : []),
    ...(bands.size > 1
      ? [
          note(
            toldWords.thresholds({
              practical: String(thresholds.practical),
              alpha: String(thresholds.alpha),
            }),
          ),
        ]
      : []),
  ];
}

/** Months since the year 0, of a day such as `2026-11-26`. */
function monthOf(day: string): number {
  return 12 * Number(day.slice(0, 4)) + Number(day.slice(5, 7));
}

function ofWork({ categories, comparisons }: Noted): readonly FleetTold[] {
  const several = (questions: readonly Question<RunCategory | RunComparison>[]) =>
    questions.filter(({ variant }) => variant === 1).length;
  const baselines = new Set(comparisons.map(({ of }) => of.baseline));
  const [ofComparisons, ofCategories] = [several(comparisons), several(categories)];
  return [
    ...(baselines.size > 1 ? [note(toldWords.baselines({ names: someOf([...baselines].toSorted()) }))] : []),
    ...(ofComparisons > 0 ? [note(toldWords.variants({ n: ofComparisons }))] : []),
    ...(ofCategories > 0 ? [note(toldWords.categories({ n: ofCategories }))] : []),
  ];
}
