import { minimumPairs } from '../../../core/analyze/stats/paired-centre.ts';
import { notices, type Reason, reasons } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { recalled } from '../../../core/messages/record.ts';
import { translateRef } from '../../../core/messages/translate.ts';
import type { FleetMissing, FleetNote } from './fleet-record.ts';
import type { FleetRun } from './fleet-run.ts';
import { handedInBy, type Machine, type MachineRules, submissionOf } from './identity.ts';
import { type Lacking, missingGroups, type RunMissing } from './missing.ts';

/** Why a submission has no run, said by who looks for runs. */
export const handedInWords = notices('handedIn', {
  packed: '{name} is not an archive that ocibench reads (.tar, .tar.gz or .tar.zst)',
  other: 'it contains no run, but {names}',
  empty: 'it is empty',
  unknownWorkloads:
    'its records must be analysed again, but only its own configuration has these workloads: {names}',
});

const text = reasons('useless', {
  fewBlocks: {
    message: 'no comparison could be tested: it takes {least} blocks under a runtime and its baseline',
    fix: 'measure with more blocks:  @(run --blocks {least}..{most})',
  },
  noRuntime: {
    message: 'nothing to compare: fewer than two runtimes could start, or the baseline could not',
    fix: 'follow the fixes for its runtimes, then measure again:  @(run)',
  },
  copied: {
    message: 'it has the same records as another submission',
    fix: 'hand in what your own machine measured',
  },
  ambiguous: {
    message: 'it has no host id, and several hosts look like it',
    fix: 'measure again with this ocibench, which records a host id',
  },
});
const fixes = notices('useless', {
  whole: 'hand in the whole directory of the run, unchanged:  tar czf run.tar.gz -C results RUN',
  unpack: 'unpack it beside itself, into a directory of the same name, and merge again',
  config: 'merge again with a configuration that has these workloads:  --config FILE',
});

/** Runs that were read, and do not count. */
export interface UselessRuns {
  readonly empty: readonly FleetRun[];
  readonly copied: readonly FleetRun[];
  readonly ambiguous: readonly FleetRun[];
}

/**
 * What the hosts of a fleet could not run, and whose submissions do not count, by reason and fix. Who has another run that counts
 * is not among these: the notes have it.
 */
export function fleetMissing(
  machines: readonly Machine[],
  { empty, copied, ambiguous }: UselessRuns,
  told: readonly FleetNote[],
  rules: MachineRules,
): readonly FleetMissing[] {
  // Two directories may have a submission of one name.
  const placeOf = (origin: string) => {
    const name = handedInBy(origin, rules);
    if (rules.submissions === null) return name;
    const path = submissionOf(origin, rules.submissions);
    return `${path.slice(0, path.lastIndexOf('/') + 1)}${name}`;
  };
  const counted = new Set(machines.flatMap(({ runs }) => runs.map(({ origin }) => placeOf(origin))));
  const left = [
    ...[...empty, ...copied, ...ambiguous].map(({ origin }) => origin),
    ...told.flatMap(({ origins }) => origins),
  ];
  const by = rules.submissions === null ? (place: string) => place : nameIn(left.map(placeOf));
  /** A submission without use, and what it could not run; none where another run of it counts. */
  const ofRun = (
    origin: string,
    { code, message, fix }: Reason,
    missing: readonly RunMissing[] = [],
  ): readonly Lacking[] => {
    const place = placeOf(origin);
    const what = { kind: 'run', runtime: null, workload: null, code, reason: message, fix } as const;
    return counted.has(place) ? [] : [what, ...missing].map((each) => ({ what: each, who: by(place) }));
  };
  return missingGroups([
    ...machines.flatMap(({ runs }, host) =>
      (runs.at(-1)?.missing ?? []).map((what) => ({ what, who: host })),
    ),
    ...empty.flatMap((run) => {
      const few = text.fewBlocks({ least: minimumPairs, most: 2 * minimumPairs });
      return ofRun(run.origin, isWithoutRuntime(run) ? text.noRuntime : few, run.missing);
    }),
    ...copied.flatMap(({ origin }) => ofRun(origin, text.copied)),
    ...ambiguous.flatMap(({ origin }) => ofRun(origin, text.ambiguous)),
    ...told.flatMap((each) => {
      const [origin] = each.origins;
      if (each.kind !== 'left-out' || origin === undefined) return [];
      const message = whyOf(each);
      const code = message.id === 'external' ? 'unreadable' : message.id;
      return ofRun(origin, { code, message, fix: fixOf.get(message.id) ?? fixes.whole });
    }),
  ]);
}

/** Names of submissions by their places: the last part, with the directory before it where several places have that. */
function nameIn(places: readonly string[]): (place: string) => string {
  const last = (place: string) => place.slice(place.lastIndexOf('/') + 1);
  const alike = Map.groupBy(new Set(places), last);
  return (place) =>
    (alike.get(last(place))?.length ?? 0) > 1 ? place.split('/').slice(-2).join('/') : last(place);
}

const fixOf: ReadonlyMap<string, Message> = new Map([
  [handedInWords.packed({ name: '' }).id, fixes.unpack],
  [handedInWords.unknownWorkloads({ names: '' }).id, fixes.config],
]);

/** Could nothing be compared, because too few runtimes start there? */
function isWithoutRuntime({ missing, runtimes, trials }: FleetRun): boolean {
  const lost = missing.filter(({ kind }) => kind === 'runtime').length;
  return lost > 0 && (trials === 0 || runtimes.length - lost < 2);
}

/** Why a note says that something is left out, without whose it is. */
function whyOf(note: FleetNote): Message {
  const said = recalled(note, 'message');
  const why = said.values?.why;
  if (typeof why !== 'object' || !('id' in why)) return said;
  return { ...why, text: translateRef(why, 'en') ?? said.text };
}
