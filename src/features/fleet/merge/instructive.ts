import type { Fleet, FleetOutlier } from './fleet-record.ts';

/** Number of hosts that a class discusses. */
const mostInstructive = 3;

/**
 * The hosts from which a class learns most, each with its own clearest category: first those with a fact that no other host has,
 * since it can be tested; of these, those that are farthest from the others, in standard deviations of the others.
 */
export function instructiveOf(fleet: Fleet): readonly FleetOutlier[] {
  const size = (of: FleetOutlier) => deviationOf(of, fleet);
  const best = [...Map.groupBy(fleet.outliers, ({ host }) => host).values()].map((own) =>
    own.reduce((most, each) => (size(each) > size(most) ? each : most)),
  );
  return best
    .toSorted((a, b) => Number(isAlone(b)) - Number(isAlone(a)) || size(b) - size(a) || a.host - b.host)
    .slice(0, mostInstructive);
}

function isAlone({ differs }: FleetOutlier): boolean {
  return differs.some(({ alone }) => alone);
}

/** Distance to the others' mean, in standard deviations of the others, which count as one practical difference at least. */
function deviationOf({ host, category, cost, others }: FleetOutlier, fleet: Fleet): number {
  const apart = new Set(fleet.outliers.filter((each) => each.category === category).map((each) => each.host));
  const logs = (fleet.categories[category]?.votes ?? [])
    .filter((vote) => vote.host !== host && !apart.has(vote.host))
    .map((vote) => Math.log(vote.cost));
  const mean = logs.reduce((sum, log) => sum + log, 0) / Math.max(1, logs.length);
  const squares = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  const spread = logs.length < 2 ? 0 : Math.sqrt(squares / (logs.length - 1));
  return Math.abs(Math.log(cost / others)) / Math.max(spread, Math.log1p(fleet.thresholds.practical));
}

/** Facts by how directly they cause a cost; those not named here come last, versions of runtimes before these. */
const causes = [
  'emulation',
  'guests',
  'hypervisor',
  'load',
  'governor',
  'mitigations',
  'cpus',
  'smt',
  'clocksource',
  'storageDriver',
  'kernel',
  'cpu',
  'memory',
  'engine',
  'engineVersion',
  'cgroup',
];

/** The fact to look at first: one that no other host has, and that causes costs most directly; undefined where none differs. */
export function firstToLookAt({ differs }: FleetOutlier): FleetOutlier['differs'][number] | undefined {
  const place = (fact: string) => {
    const at = causes.indexOf(fact);
    return at >= 0 ? at : fact.startsWith('runtime.') ? causes.length : causes.length + 1;
  };
  return differs.toSorted((a, b) => Number(b.alone) - Number(a.alone) || place(a.fact) - place(b.fact))[0];
}
