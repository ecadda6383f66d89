import type { Fleet, FleetAssociation } from './fleet-record.ts';
import type { RunCategory } from './fleet-run.ts';
import type { HostFactValues } from './host-facts.ts';
import type { Question } from './questions.ts';
import { associations, leastOfValue } from './stats/facts-with.ts';

/** Facts that divide the hosts into the same groups. */
interface FactGroup {
  readonly facts: readonly string[];
  /** Index of the value for each host; −1 if unknown. */
  readonly parting: readonly number[];
}

/** Facts that are significantly associated with the hosts' costs, for the most frequent variant of each category. */
export function associationsOf(
  questions: readonly Question<RunCategory>[],
  facts: readonly HostFactValues[],
  { alpha }: Fleet['thresholds'],
  seed: number,
): readonly FleetAssociation[] {
  const asked = questions.flatMap((question, category) =>
    (question.variant ?? 1) === 1 ? [{ question, category }] : [],
  );
  const partings = partingsOf(facts);
  const values = asked.map(({ question }) => {
    const own = new Map(question.votes.map(({ host, mean }) => [host, mean]));
    return facts.map((_, host) => own.get(host) ?? null);
  });
  const found = associations(
    partings.map(({ parting }) => parting),
    values,
    seed,
  );
  return found
    .filter(({ pAdjusted }) => pAdjusted < alpha)
    .toSorted((a, b) => a.pAdjusted - b.pAdjusted || b.share - a.share)
    .flatMap(({ parting, values: of, share, pAdjusted }): FleetAssociation[] => {
      const [own, question] = [partings[parting], asked[of]];
      if (own === undefined || question === undefined) return [];
      return [
        {
          facts: [...own.facts],
          category: question.category,
          share,
          pAdjusted,
          values: valuesOf(own, values[of] ?? [], facts),
        },
      ];
    });
}

function partingsOf(facts: readonly HostFactValues[]): readonly FactGroup[] {
  const names = [...new Set(facts.flatMap((own) => Object.keys(own)))];
  const byShape = new Map<string, { facts: string[]; parting: readonly number[] }>();
  for (const fact of names) {
    const numbers = new Map<string, number>();
    const parting = facts.map((own) => {
      const value = own[fact];
      if (value === undefined) return -1;
      if (!numbers.has(value)) numbers.set(value, numbers.size);
      return numbers.get(value) ?? -1;
    });
    const sizes = new Map<number, number>();
    for (const value of parting) if (value >= 0) sizes.set(value, (sizes.get(value) ?? 0) + 1);
    if ([...sizes.values()].filter((size) => size >= leastOfValue).length < 2) continue;
    const shape = parting.join(',');
    const same = byShape.get(shape);
    if (same === undefined) byShape.set(shape, { facts: [fact], parting });
    else same.facts.push(fact);
  }
  return [...byShape.values()];
}

function valuesOf(
  { facts: names, parting }: FactGroup,
  logs: readonly (number | null)[],
  facts: readonly HostFactValues[],
): FleetAssociation['values'] {
  const groups = Map.groupBy(
    logs.flatMap((log, host) => (log === null || (parting[host] ?? -1) < 0 ? [] : [{ log, host }])),
    ({ host }) => parting[host],
  );
  return [...groups.values()]
    .filter((own) => own.length >= leastOfValue)
    .map((own) => ({
      values: names.map((name) => facts[own[0]?.host ?? 0]?.[name] ?? ''),
      hosts: own.length,
      cost: Math.exp(own.reduce((sum, { log }) => sum + log, 0) / own.length),
    }))
    .toSorted((a, b) => a.cost - b.cost);
}
