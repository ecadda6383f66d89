import type { AppContext } from '../../../../app/context.ts';
import { openConfiguration } from '../../../../app/measure/configuration.ts';
import { configuredGates, judgeRun } from '../../../../app/measure/gates.ts';
import { type ReadFlags, resultsOf } from '../../../../app/measure/past-runs.ts';
import { refuseUnknownWorkloads } from '../../../../app/measure/stored-run.ts';
import type { GateReport } from '../../../../core/model/analysis/gate.ts';

/** Flags of `ocibench nightly gate`, as typed. */
export interface GateFlags extends ReadFlags {
  readonly history?: string;
}

/** Judges a stored run by the gate of the configuration. OcibenchError (exit 2) if the gate is missing or invalid. */
export async function judgeStoredRun(app: AppContext, name: string, flags: GateFlags): Promise<GateReport> {
  const configuration = await openConfiguration(app, flags, { here: true });
  const { run, trials } = await app.store.loadRun(await app.store.findRun(name, resultsOf(app, flags.in)));
  const workloads = await configuration.workloads(run.config.services);
  refuseUnknownWorkloads(run, workloads, flags);
  const recorded = run.runtimes.map(({ entry }) => entry.name);
  const gates = await configuredGates(app, configuration, flags, { workloads, recorded, isAsked: true });
  return judgeRun(app, gates, { run, trials, workloads }, flags);
}
