import { joined } from '../../messages/compose.ts';
import { messages } from '../../messages/define.ts';
import { type CheckDefinition, runCheck } from '../../model/machine/check.ts';
import type { Check, EngineFacts, HostFacts } from '../../model/machine/host.ts';
import type { RuntimeFacts, RuntimeFamily } from '../../model/runtime/runtime.ts';
import type { FamilyFacts } from '../../runtimes/family.ts';
import type { HostDevices } from '../../runtimes/guest/facts.ts';
import { families as allFamilies } from '../../runtimes/registry.ts';
import { monthsBetween, oldMonths } from '../../runtimes/release-dates.ts';

const words = messages('doctor.release', {
  title: 'Release of {product}',
  known:
    '{runtime} was released on {date} ({months, plural, =0 {less than a month} one {{months} month} other {{months} months}} ago)',
  old: '{runtime} was released on {date}, {months, plural, one {{months} month} other {{months} months}} ago: a current {product} may give different figures',
});

/**
 * Checks of this host for the families to be measured. `runtimes`: those that were tried, perhaps none. `devices`: null where
 * they cannot be inspected.
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

type RuntimeRelease = Pick<RuntimeFacts, 'entry' | 'family' | 'released'>;

/**
 * Age of each runtime's release on a day (YYYY-MM-DD); a warning above a year. Runtimes with an unknown release are left out.
 */
export function releaseChecks(runtimes: readonly RuntimeRelease[], today: string): readonly Check[] {
  return allFamilies.flatMap(({ id, product, current }) => {
    const own = runtimes.filter(({ family }) => family === id);
    // A runtime without a family has no other name than its own.
    const names = own.map(({ entry }) => entry.name).join(', ');
    const said = own.flatMap(({ entry, released }) => {
      if (released === undefined) return [];
      const months = monthsBetween(released.on, today);
      const values = { runtime: entry.name, date: released.on, months };
      if (months >= oldMonths)
        return [{ old: true, text: words.old({ ...values, product: product ?? entry.name }) }];
      return [{ old: false, text: words.known(values) }];
    });
    if (said.length === 0) return [];
    const detail = joined(
      said.map(({ text }) => text),
      'semicolon',
    );
    const isOld = said.some(({ old }) => old);
    const definition: CheckDefinition<null> = {
      id: `${id}-release`,
      title: words.title({ product: product ?? names }),
      impact: 'medium',
      check: () => ({
        status: isOld ? 'warn' : 'ok',
        detail,
        ...(isOld && current !== undefined ? { fix: current } : {}),
      }),
    };
    return runCheck(definition, null);
  });
}
