import { messages } from '../../../core/messages/define.ts';
import type { Lang } from '../../../core/messages/message.ts';
import { translate } from '../../../core/messages/translate.ts';
import type { Fleet, FleetCategory } from './fleet-record.ts';
import { toldOf, toldWords } from './notes.ts';

const words = messages('fleet.anonymous', { host: 'machine {n}' });

/** Notes that name hosts or runs: shown only on the terminal of the user who merges. */
const naming: ReadonlySet<string> = new Set(
  [
    ...[toldWords.again, toldWords.severalRuns, toldWords.changedHost, toldWords.sameName],
    ...[toldWords.without, toldWords.withoutReason],
  ].map((make) => make({ run: '', n: 0, hosts: '', name: '', host: '', reason: '' }).id),
);

const ofFigures = toldWords.impossible({ host: '', origin: '', figures: '' }).id;

/**
 * A fleet for the owners of its machines: hosts become `machine 1` …, by ascending cost over all categories, so that numbers do
 * not identify them. Removes run ids, paths, links, notes on single runs, and why a host has no vote, which may name it; keeps
 * hardware and versions.
 */
export function withoutNames(fleet: Fleet, lang: Lang): Fleet {
  const sums = fleet.hosts.map(() => ({ sum: 0, n: 0 }));
  for (const { votes } of fleet.categories)
    for (const { host, cost } of votes) {
      const own = sums[host];
      if (own === undefined) continue;
      own.sum += Math.log(cost);
      own.n++;
    }
  // Hosts without a vote stand last.
  const meanOf = (host: number) => {
    const { sum = 0, n = 0 } = sums[host] ?? {};
    return n === 0 ? Number.MAX_VALUE : sum / n;
  };
  const order = fleet.hosts.map((_, host) => host).toSorted((a, b) => meanOf(a) - meanOf(b));
  const placeOf = new Map(order.map((host, place) => [host, place]));
  const place = (host: number) => placeOf.get(host) ?? 0;
  const moved = <T extends { readonly host: number }>(all: readonly T[]): T[] =>
    all.map((each) => ({ ...each, host: place(each.host) })).toSorted((a, b) => a.host - b.host);
  const movedVotes = <T extends Pick<FleetCategory, 'votes' | 'setAside'>>(of: T): T => ({
    ...of,
    votes: moved(of.votes),
    setAside: of.setAside.map(place).toSorted((a, b) => a - b),
  });
  return {
    ...fleet,
    anonymous: true,
    hosts: order.flatMap((host, at) => {
      const own = fleet.hosts[host];
      if (own === undefined) return [];
      const runs = own.runs.map((run) => ({
        ...run,
        runId: null,
        origin: null,
        report: null,
        startedAt: run.startedAt.slice(0, 10),
      }));
      const without = own.without === undefined ? {} : { without: { reason: null } };
      return [{ ...own, ...without, name: translate(words.host({ n: at + 1 }), lang), runs }];
    }),
    own: fleet.own === null ? null : place(fleet.own),
    categories: fleet.categories.map(movedVotes),
    comparisons: fleet.comparisons.map(movedVotes),
    outliers: moved(fleet.outliers),
    told: fleet.told.flatMap((each) => {
      if (each.kind === 'left-out')
        return [toldOf('left-out', each.code === ofFigures ? toldWords.withheldFigures : toldWords.withheld)];
      return naming.has(each.code) ? [] : [{ ...each, origins: [] }];
    }),
  };
}
