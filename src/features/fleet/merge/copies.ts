import type { FleetRun } from './fleet-run.ts';

/** The same run under two origins, and records that are another run's. */
export interface Copies {
  /** Each run once. */
  readonly kept: readonly FleetRun[];
  /** Further copies of a run that counts once. */
  readonly again: readonly { readonly copy: FleetRun; readonly of: FleetRun }[];
  /** Runs of another name or host, whose raw records are those of a run that counts. */
  readonly stolen: readonly { readonly copy: FleetRun; readonly of: FleetRun }[];
}

/**
 * Runs that are there twice. Of copies of one run of one host, the one with the most trials counts: the other was taken before it
 * ended. The same records under another host, or another run, are one measurement still.
 */
export function withoutCopies(runs: readonly FleetRun[]): Copies {
  const kept: FleetRun[] = [];
  const again: { copy: FleetRun; of: FleetRun }[] = [];
  const sameRun = Map.groupBy(runs, ({ runId, host }) =>
    [runId, host.id ?? [host.hostname, host.cpuModel, host.memoryBytes].join('|')].join('|'),
  );
  for (const copies of sameRun.values()) {
    const best = copies.reduce((most, each) => (each.trials > most.trials ? each : most));
    kept.push(best);
    for (const copy of copies) if (copy !== best) again.push({ copy, of: best });
  }
  const firstOf = new Map<string, FleetRun>();
  const stolen: { copy: FleetRun; of: FleetRun }[] = [];
  const own = kept.filter((run) => {
    if (run.records === null || run.trials === 0) return true;
    const first = firstOf.get(run.records);
    if (first === undefined) {
      firstOf.set(run.records, run);
      return true;
    }
    stolen.push({ copy: run, of: first });
    return false;
  });
  return { kept: own, again, stolen };
}
