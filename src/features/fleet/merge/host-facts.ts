import { disturbingLoad } from '../../../core/model/machine/host.ts';
import type { RunRecord } from '../../../core/model/run/run.ts';

/** Fact → value of a host, by one of its runs. */
export type HostFactValues = Readonly<Record<string, string>>;

/** Id of the fact that differs between runs of one host that did not change. */
export const loadFact = 'load';

const bytesPerGiB = 2 ** 30;

/**
 * Known facts that may explain differences of cost between hosts. `kernel` is only the series, since releases differ on nearly
 * every host. The version of a runtime has the id `runtime.NAME`.
 */
export function hostFactsOf(run: RunRecord): HostFactValues {
  const { host, engine, runtimes, harnessVersion } = run;
  const facts: Readonly<Record<string, string | null | undefined>> = {
    kernel: /^\d+\.\d+/.exec(host.kernel)?.[0] ?? host.kernel,
    release: host.kernel,
    os: host.os,
    arch: host.arch,
    cpu: host.cpuModel,
    cpus: String(host.cpus),
    memory: `${Math.round(host.memoryBytes / bytesPerGiB)} GiB`,
    hypervisor: host.hypervisor ?? 'none',
    emulation: host.emulation ?? 'none',
    mitigations: mitigations(host.mitigations),
    cgroup: host.cgroup,
    governor: host.governor,
    smt: host.smt === null ? null : host.smt ? 'on' : 'off',
    clocksource: host.clocksource,
    ...conditionFacts(run),
    engine: engine.kind,
    engineVersion: [engine.product ?? 'Docker', engine.version].join(' '),
    cgroupDriver: engine.cgroupDriver,
    storageDriver: engine.storageDriver,
    ocibench: harnessVersion,
    ...Object.fromEntries(
      runtimes.map(({ entry, version, platform }) => [
        `runtime.${entry.name}`,
        version === null ? null : [version, ...(platform === null ? [] : [platform])].join(', '),
      ]),
    ),
  };
  return Object.fromEntries(
    Object.entries(facts).flatMap(([fact, value]): [string, string][] =>
      typeof value === 'string' && value !== '' ? [[fact, value]] : [],
    ),
  );
}

/** Facts about the state of a host: whether other work ran when the run began, and what executes its runtimes' virtual machines. */
function conditionFacts({ host, runtimes }: RunRecord): Readonly<Record<string, string | null>> {
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

/** Mitigations without details, which differ between kernels that do the same. */
function mitigations(states: Readonly<Record<string, string>>): string {
  return Object.entries(states)
    .filter(([, state]) => !state.startsWith('Not affected'))
    .map(([name, state]) => `${name}: ${state.split(/[;,]/)[0] ?? state}`)
    .toSorted()
    .join('; ');
}
