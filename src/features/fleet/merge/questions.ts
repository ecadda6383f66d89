import { studentQuantile } from '../../../core/analyze/stats/distributions.ts';
import type { FleetVote } from './fleet-record.ts';
import type { RunCost } from './fleet-run.ts';
import type { LogMean } from './stats/log-mean.ts';

/** A question in one variant of its work, with the votes of all hosts that did that work. */
export interface Question<A extends RunCost> {
  /** The first host's answer, for the fields that all share. */
  readonly of: A;
  /** Numbered from 1, by descending number of hosts; null if all hosts did the same work. */
  readonly variant: number | null;
  readonly votes: readonly (LogMean & { readonly host: number })[];
  /** The votes in the form of the record. */
  readonly shown: readonly FleetVote[];
}

/** The answers of one host's runs, in the order of the hosts. */
type HostAnswers<A> = readonly (readonly A[])[];

/** Every question with one vote per host. Hosts that did other work answer another variant. */
export function questionsOf<A extends RunCost>(hosts: readonly HostAnswers<A>[]): readonly Question<A>[] {
  const answers = hosts.flatMap((runs, host) => runs.flat().map((answer) => ({ host, answer })));
  const byKey = Map.groupBy(answers, ({ answer }) => answer.key);
  return [...byKey.values()].flatMap((same) => {
    const variants = [...Map.groupBy(same, ({ answer }) => answer.work).values()].map((own) => ({
      own,
      hosts: Map.groupBy(own, ({ host }) => host),
    }));
    const ordered = variants.toSorted((a, b) => b.hosts.size - a.hosts.size);
    return ordered.flatMap(({ own, hosts: byHost }, at): Question<A>[] => {
      const [first] = own;
      if (first === undefined) return [];
      const each = [...byHost].map(([host, ones]) =>
        voteOfRuns(
          host,
          ones.map(({ answer }) => answer),
        ),
      );
      return [
        {
          of: first.answer,
          variant: ordered.length > 1 ? at + 1 : null,
          votes: each.map(({ vote }) => vote),
          shown: each.map(({ shown }) => shown),
        },
      ];
    });
  });
}

/** One vote for several runs: their mean. Its variance comes from the runs' own noise. */
function voteOfRuns<A extends RunCost>(
  host: number,
  runs: readonly A[],
): { readonly vote: LogMean & { readonly host: number }; readonly shown: FleetVote } {
  const n = runs.length;
  const mean = runs.reduce((sum, run) => sum + run.mean, 0) / n;
  const known = runs.every(({ variance }) => variance !== null);
  const variance = known ? runs.reduce((sum, run) => sum + (run.variance ?? 0), 0) / (n * n) : null;
  const df = runs.reduce((sum, run) => sum + run.df, 0);
  const [only] = runs;
  const half = variance === null ? null : -studentQuantile(0.025, df) * Math.sqrt(variance);
  const own =
    n === 1 && only !== undefined
      ? { low: only.low, high: only.high }
      : {
          low: half === null ? null : Math.exp(mean - half),
          high: half === null ? null : Math.exp(mean + half),
        };
  return { vote: { host, mean, variance, df }, shown: { host, cost: Math.exp(mean), ...own } };
}
