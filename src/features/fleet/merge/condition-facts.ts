import type { RunRecord } from '../../../core/model/run.ts';

/** Load average per CPU above which other work disturbs trials, as in the check `load` of `doctor`. */
const busyFrom = 0.25;

/** Id of the fact that differs between runs of one host that did not change. */
export const loadFact = 'load';

/** Facts about the state of a host: whether other work ran when the run began, and what executes its runtimes' virtual machines. */
export function conditionFacts({ host, runtimes }: RunRecord): Readonly<Record<string, string | null>> {
  const { loadAverage1, cpus, hypervisor } = host;
  const guests = runtimes.flatMap(({ vm }) => (vm == null ? [] : [vm.emulation ?? 'hardware']));
  return {
    [loadFact]: loadAverage1 === null ? null : loadAverage1 > busyFrom * cpus ? 'busy' : 'quiet',
    guests:
      guests.length === 0
        ? null
        : [...new Set(guests), ...(hypervisor === null ? [] : ['nested'])].toSorted().join(', '),
  };
}
