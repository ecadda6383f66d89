import { disturbingLoad } from '../../../core/model/host.ts';
import type { RunRecord } from '../../../core/model/run.ts';

/** Id of the fact that differs between runs of one host that did not change. */
export const loadFact = 'load';

/** Facts about the state of a host: whether other work ran when the run began, and what executes its runtimes' virtual machines. */
export function conditionFacts({ host, runtimes }: RunRecord): Readonly<Record<string, string | null>> {
  const { loadAverage1, cpus, hypervisor } = host;
  const guests = runtimes.flatMap(({ vm }) => (vm == null ? [] : [vm.emulation ?? 'hardware']));
  return {
    [loadFact]: loadAverage1 === null ? null : loadAverage1 > disturbingLoad * cpus ? 'busy' : 'quiet',
    guests:
      guests.length === 0
        ? null
        : [...new Set(guests), ...(hypervisor === null ? [] : ['nested'])].toSorted().join(', '),
  };
}
