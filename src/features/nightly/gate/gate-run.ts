import type { GateReport } from '../../../core/model/gate.ts';
import { openConfiguration } from '../../../app/measure/configuration.ts';
import type { AppContext } from '../../../app/context.ts';
import type { CommonFlags } from '../../../app/measure/flags.ts';
import { configuredGates } from '../../../app/measure/gates.ts';
import { judgeGates, nightsFor } from './judge-gates.ts';
import { historyPlace } from '../night/settings.ts';
import { resultsOf } from '../../../app/measure/past-runs.ts';
import { refuseUnknownWorkloads } from '../../../app/measure/stored-run.ts';

/** Flags of `ocibench gate`, as typed. */
export interface GateFlags extends CommonFlags {
  readonly history?: string;
}

/** Judges a stored run by the gate of the configuration. OcibenchError (exit 2) where there is none, or it is wrong. */
export async function judgeStoredRun(app: AppContext, name: string, flags: GateFlags): Promise<GateReport> {
  const configuration = await openConfiguration(app, flags, { here: true });
  const { run, trials } = await app.store.loadRun(await app.store.findRun(name, resultsOf(app, flags.out)));
  const workloads = await configuration.workloads(run.config.services);
  refuseUnknownWorkloads(run, workloads, flags);
  const recorded = run.runtimes.map(({ entry }) => entry.name);
  const gates = await configuredGates(app, configuration, flags, { workloads, recorded, isAsked: true });
  const nights = await nightsFor(app, gates, historyPlace(app, flags).history);
  return judgeGates(gates, { run, trials, workloads, nights });
}
