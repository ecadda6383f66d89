import type { RunRecord } from '../model/run.ts';

/**
 * What two sets of measurements must have in common to be held against each other, by a key that names it. What a record does
 * not hold (an older one, or a daemon that does not tell) has no key. A runtime's
 * binary, an image's content, the kernel, the CPU and its mitigations, the accounting: a difference in any of them is a
 * difference in what was measured, and would pass for one in what it costs.
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
    ['engine.kind', engine.kind],
    ['engine.version', engine.version],
    ['engine.cgroupDriver', engine.cgroupDriver],
    ['engine.storageDriver', engine.storageDriver],
    ['engine.reach', engine.local ? 'local' : (engine.hidden ?? 'remote')],
    ['engine.userns', engine.userns === undefined ? 'none' : 'remapped'],
    ...Object.entries(engine.conditions ?? {}).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[`engine.${name}`, String(value)]],
    ),
    ...run.runtimes.flatMap(({ entry, sha256, preflight }): [string, string][] => [
      [`runtimes.${entry.name}.sha256`, sha256 ?? 'unknown'],
      [`runtimes.${entry.name}.arguments`, (entry.runtimeArgs ?? []).join(' ')],
      [`runtimes.${entry.name}`, preflight.status],
    ]),
    ...run.images.map(({ recipe, contentHash }): [string, string] => [
      `images.${recipe}.contentHash`,
      contentHash,
    ]),
  ]);
}

/** A key of {@link provenance} that two runs do not agree on. */
export interface Difference {
  readonly key: string;
  readonly was: string;
  readonly is: string;
}

/** What two runs do not have in common, of the keys that both have: a runtime that only one of them measured is not compared. */
export function differences(was: RunRecord, is: RunRecord): readonly Difference[] {
  const [before, after] = [provenance(was), provenance(is)];
  return [...before].flatMap(([key, value]) => {
    const now = after.get(key);
    return now === undefined || now === value ? [] : [{ key, was: value, is: now }];
  });
}
