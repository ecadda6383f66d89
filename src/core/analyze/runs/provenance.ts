import type { RunRecord } from '../../model/run/run.ts';
import type { ContainerProfile } from '../../model/runtime/container-profile.ts';
import type { EngineRecord } from '../../model/runtime/engine-kind.ts';

/**
 * The properties that two sets of measurements must share to be comparable, by a key that names each. A value that a
 * record lacks has no key (an older record, or a daemon that does not report it). A runtime's binary, an image's
 * content, the kernel, the CPU and its mitigations, the options of containers, and the accounting are included: a
 * difference in any of them changes what was measured, and would look like a difference in cost.
 */
export function provenance(run: RunRecord): ReadonlyMap<string, string> {
  const { host, engine } = run;
  const mitigations = Object.entries(host.mitigations).map(([name, state]) => `${name}: ${state}`);
  return new Map([
    ['schemaVersion', String(run.schemaVersion)],
    ['harnessVersion', run.harnessVersion],
    ['host.kernel', host.kernel],
    ['host.arch', host.arch],
    ['host.cpuModel', host.cpuModel],
    ['host.cpus', String(host.cpus)],
    ['host.mitigations', mitigations.toSorted().join('; ')],
    ['host.emulation', host.emulation ?? 'none'],
    ['host.cgroup', host.cgroup],
    ['config.duet', run.config.duet === true ? 'on' : 'off'],
    ['engine.kind', engine.kind],
    ['engine.version', engine.version],
    ['engine.cgroupDriver', engine.cgroupDriver],
    ['engine.storageDriver', engine.storageDriver],
    ['engine.reach', engine.local ? 'local' : (engine.hidden ?? 'remote')],
    ['engine.userns', engine.userns === undefined ? 'none' : 'remapped'],
    ...Object.entries(engine.conditions ?? {}).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[`engine.${name}`, String(value)]],
    ),
    ...(run.engines ?? []).flatMap(engineProvenance),
    ...run.runtimes.flatMap(({ entry, sha256, sidecars, preflight }): [string, string][] => [
      [`runtimes.${entry.name}.sha256`, sha256 ?? 'unknown'],
      ...(sidecars === undefined
        ? []
        : [[`runtimes.${entry.name}.sidecars`, sidecars.sha256 ?? sidecars.are] satisfies [string, string]]),
      [`runtimes.${entry.name}.arguments`, (entry.runtimeArgs ?? []).join(' ')],
      // One that runs modules only is not tried by a run without a module, which says nothing of it.
      ...(preflight.status === 'unavailable' && preflight.code === 'no-module'
        ? []
        : [[`runtimes.${entry.name}`, preflight.status] satisfies [string, string]]),
    ]),
    ...(run.config.profiles ?? []).map((profile): [string, string] => [
      `profiles.${profile.name}`,
      profileText(profile),
    ]),
    ...run.images.map(({ recipe, contentHash }): [string, string] => [
      `images.${recipe}.contentHash`,
      contentHash,
    ]),
  ]);
}

/** `capDrop=["ALL"] seccomp=c0ffee…`: the options of a container in a canonical order; a filter by its digest. */
export function profileText({ name: _, seccomp, ...options }: ContainerProfile): string {
  const filter = typeof seccomp === 'object' ? { seccomp: seccomp.sha256 } : { seccomp };
  const given = Object.entries({ ...options, ...filter }).filter(([, value]) => value !== undefined);
  const texts = given.map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return texts.length === 0 ? 'none' : texts.toSorted().join(' ');
}

/** Versions and programs that one of several engines ran. */
function engineProvenance({ name, facts, programs, runtimes }: EngineRecord): readonly [string, string][] {
  return [
    [`engines.${name}.version`, facts.version],
    [`engines.${name}.storageDriver`, facts.storageDriver],
    ...programs.map(({ role, sha256 }): [string, string] => [`engines.${name}.${role}`, sha256 ?? 'unknown']),
    ...runtimes.map((each): [string, string] => [
      `engines.${name}.runtimes.${each.name}`,
      each.sha256 ?? 'unknown',
    ]),
  ];
}

/** A key of {@link provenance} with different values in two runs. */
export interface ProvenanceDifference {
  readonly key: string;
  readonly was: string;
  readonly is: string;
}

/**
 * Keys whose difference changes no figure. Containers of others come and go on a host that lives, and with restarts of its daemon:
 * what they do to a trial is recorded with it, and of memory that depends on their number no change is claimed (`compareRuns`).
 */
const ofTheMoment: ReadonlySet<string> = new Set(['engine.otherContainers']);

/** May a difference of this key change figures? */
export function changesFigures({ key }: Pick<ProvenanceDifference, 'key'>): boolean {
  return !ofTheMoment.has(key);
}

/**
 * The keys with different values in two runs, among those that both have: a runtime measured by only one of them is not
 * compared.
 */
export function differences(was: RunRecord, is: RunRecord): readonly ProvenanceDifference[] {
  const [before, after] = [provenance(was), provenance(is)];
  return [...before].flatMap(([key, value]) => {
    const now = after.get(key);
    return now === undefined || now === value ? [] : [{ key, was: value, is: now }];
  });
}
