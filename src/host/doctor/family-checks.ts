import { runCheck } from '../../model/check.ts';
import type { Check, EngineFacts, HostFacts } from '../../model/host.ts';
import type { RuntimeFamily } from '../../model/runtime.ts';
import type { FamilyFacts, HostDevices } from '../../runtimes/family.ts';
import { families as allFamilies } from '../../runtimes/registry.ts';

/**
 * Checks of this host for the families to be measured. `runtimes`: those that were tried, possibly none. `devices`:
 * null where they cannot be inspected.
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
