import type { FleetRun } from './fleet-run.ts';

/** The runs of one machine. */
export interface Machine {
  readonly known: 'id' | 'facts';
  readonly hostname: string;
  readonly runs: readonly FleetRun[];
}

/** Runs by machine. */
export interface Machines {
  readonly machines: readonly Machine[];
  /** Runs without a host id that match several machines. */
  readonly ambiguous: readonly FleetRun[];
}

/**
 * Assigns runs to machines by the host id in their records. A run without an id belongs to the machine with the same name,
 * processor and memory, if exactly one matches.
 */
export function machinesOf(runs: readonly FleetRun[]): Machines {
  const withId = Map.groupBy(
    runs.filter(({ host }) => host.id !== undefined),
    ({ host }) => host.id,
  );
  const alike = Map.groupBy([...withId.values()], ([first]) => (first === undefined ? '' : factsKey(first)));
  const without = Map.groupBy(
    runs.filter(({ host }) => host.id === undefined),
    factsKey,
  );
  const joined = new Map<readonly FleetRun[], readonly FleetRun[]>();
  const [alone, ambiguous]: [(readonly FleetRun[])[], FleetRun[]] = [[], []];
  for (const [key, own] of without) {
    const [machine, ...others] = alike.get(key) ?? [];
    if (machine === undefined) alone.push(own);
    else if (others.length === 0) joined.set(machine, own);
    else ambiguous.push(...own);
  }
  const machineOf =
    (known: Machine['known']) =>
    (own: readonly FleetRun[]): Machine => {
      const all = [...own, ...(joined.get(own) ?? [])].toSorted((a, b) => compare(a.startedAt, b.startedAt));
      return { known, hostname: all.at(-1)?.host.hostname ?? '', runs: all };
    };
  const machines = [...[...withId.values()].map(machineOf('id')), ...alone.map(machineOf('facts'))];
  return {
    machines: machines.toSorted((a, b) => compare(a.hostname, b.hostname) || compare(placeOf(a), placeOf(b))),
    ambiguous,
  };
}

/** Sort key, independent of the order of arguments: id of the host, and origin of its first run. */
function placeOf({ runs: [first] }: Machine): string {
  return `${first?.host.id ?? ''}|${first?.runId ?? ''}`;
}

/** Assigns published runs, which have a pseudonym, to the host of a run with the real id, if there is one. */
export function withOneId(runs: readonly FleetRun[]): readonly FleetRun[] {
  const known = new Map(
    runs.flatMap(({ pseudonym, host }) => (pseudonym === null ? [] : [[pseudonym, host] as const])),
  );
  return runs.map((run) => {
    const own = run.host.id === undefined ? undefined : known.get(run.host.id);
    return own === undefined ? run : { ...run, host: { ...run.host, id: own.id, hostname: own.hostname } };
  });
}

function factsKey({ host }: FleetRun): string {
  return [host.hostname, host.cpuModel, host.memoryBytes].join('|');
}

/** Compares by code units, so that the order is the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names of the machines: host names, numbered if several share one. */
export function namesOf(machines: readonly Machine[]): readonly string[] {
  const many = Map.groupBy(machines, ({ hostname }) => hostname);
  const seen = new Map<string, number>();
  return machines.map(({ hostname }) => {
    if ((many.get(hostname)?.length ?? 0) < 2) return hostname;
    const number = (seen.get(hostname) ?? 0) + 1;
    seen.set(hostname, number);
    return `${hostname} (${number})`;
  });
}
