import { notices, reasons } from '../../../core/messages/define.ts';
import { misuse, type Problem, problemOf } from '../../../core/model/failure/error.ts';
import { nearest } from '../../../core/model/nearest.ts';
import type { FleetNote } from './fleet-record.ts';
import { isNamed, type Machine } from './identity.ts';
import { figuresOf, noteOn, someOf, toldWords } from './notes.ts';

const text = notices('merge', {
  noHost: '--without names no merged host',
  nobodyLeft: '--without leaves no host',
});
const why = reasons('merge', {
  unknownHost: {
    message: 'no merged host has this name, run or path; the nearest: {names}',
    fix: 'name a host as the fleet shows it, by the id of a run or by its path, then a colon and the reason:  @(fleet merge PATH --without HOST:REASON)',
  },
  severalHosts: {
    message: 'these runs are of several hosts: {names}',
    fix: 'name one host, and repeat --without for others',
  },
});

/** A host that is to have no vote, as typed: `HOST` or `HOST:REASON`. */
export interface WithoutRequest {
  readonly asked: string;
  /** What it may mean, as names and paths may hold colons: the longest host first. */
  readonly readings: readonly {
    /** Name of a host, or id of a run. */
    readonly host: string;
    /** The same as an absolute path. */
    readonly path: string;
    readonly reason: string | null;
  }[];
}

/** Reads `HOST[:REASON]`; `absolute` makes a path absolute. */
export function withoutRequest(asked: string, absolute: (path: string) => string): WithoutRequest {
  const parts = asked.split(':');
  const readings = parts.map((_, at) => {
    const host = parts.slice(0, parts.length - at).join(':');
    const reason = parts
      .slice(parts.length - at)
      .join(':')
      .trim();
    return { host, path: absolute(host), reason: reason === '' ? null : reason };
  });
  return { asked, readings: readings.filter(({ host }) => host !== '') };
}

/** Reasons of the machines without a vote, by index; null: none was given. */
export type WithoutVote = ReadonlyMap<number, string | null>;

/** Finds the machines that are to have no vote. OcibenchError (exit 2) where one is unknown, and where no machine is left. */
export function withoutVote(
  requests: readonly WithoutRequest[],
  machines: readonly Machine[],
  names: readonly string[],
): WithoutVote {
  const found = new Map<number, string | null>();
  const problems = requests.flatMap(({ asked, readings }): Problem[] => {
    const meant = readings
      .map((reading) => ({ ...reading, at: machinesOf(reading, machines, names) }))
      .find(({ at }) => at.length > 0);
    const [first, ...others] = meant?.at ?? [];
    const problem = (reason: Parameters<typeof problemOf>[1]) => [
      problemOf({ file: asked, key: '--without' }, reason),
    ];
    if (first === undefined || meant === undefined) {
      const like = nearest(readings.at(-1)?.host ?? asked, names);
      return problem(why.unknownHost({ names: someOf(like === null ? names : [like]) }));
    }
    const all = [first, ...others].map((at) => names[at] ?? '');
    if (others.length > 0) return problem(why.severalHosts({ names: someOf(all) }));
    found.set(first, meant.reason ?? found.get(first) ?? null);
    return [];
  });
  if (problems.length > 0) throw misuse(text.noHost, problems);
  if (machines.length > 0 && found.size === machines.length) throw misuse(text.nobodyLeft);
  return found;
}

/** Indices of the machines with this name, this run, or a run at or below this path. */
function machinesOf(
  { host, path }: Pick<WithoutRequest['readings'][number], 'host' | 'path'>,
  machines: readonly Machine[],
  names: readonly string[],
): readonly number[] {
  return machines.flatMap(({ runs }, at) =>
    names[at] === host || runs.some((run) => isNamed(run, host, path)) ? [at] : [],
  );
}

/** Names the hosts without a vote: everywhere, as was asked, or where their figures are impossible. */
export function withoutVoteNotes(
  machines: readonly Machine[],
  names: readonly string[],
  without: WithoutVote,
): readonly FleetNote[] {
  return machines.flatMap(({ runs }, at): readonly FleetNote[] => {
    const host = names[at] ?? '';
    const reason = without.get(at);
    if (reason !== undefined) {
      const { without: withReason, withoutReason } = toldWords;
      return noteOn(reason === null ? withoutReason({ host }) : withReason({ host, reason }), runs);
    }
    return runs
      .filter(({ impossible }) => impossible.length > 0)
      .flatMap((run) => {
        const { origin } = run;
        return noteOn(toldWords.impossible({ host, origin, figures: figuresOf(run) }), [run], 'left-out');
      });
  });
}
