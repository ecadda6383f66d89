import { runCheck } from '../../model/check.ts';
import type { Check, EngineFacts, HostFacts } from '../../model/host.ts';
import type { RuntimeFamily } from '../../model/runtime.ts';
import type { FamilyFacts, HostDevices } from '../../runtimes/family.ts';
import { families as allFamilies } from '../../runtimes/registry.ts';

/**
 * Doubts about runtimes on this host, beforehand: what each family that is to be measured looks at. `runtimes`: those that were
 * tried, which may be none. `devices`: null where they cannot be looked at.
 */
export function familyChecks(
  families: readonly RuntimeFamily[],
  runtimes: FamilyFacts['runtimes'],
  engine: EngineFacts,
  host: HostFacts,
  devices: HostDevices | null,
): readonly Check[] {
  return allFamilies
    .filter(({ id }) => families.includes(id))
    .flatMap(({ id, checks }) => {
      const own = runtimes.filter(({ family }) => family === id);
      return checks.flatMap((check) => runCheck(check, { runtimes: own, engine, host, devices }));
    });
}
