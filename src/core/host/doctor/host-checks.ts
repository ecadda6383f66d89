import { join } from 'node:path';
import { messages } from '../../messages/define.ts';
import { type CheckDefinition, runCheck, unknown } from '../../model/machine/check.ts';
import type { Check, HostFacts } from '../../model/machine/host.ts';
import { defaultExports } from '../../modules/default-exports.ts';
import otherContainers from './host/other-containers.ts';
import type { CheckInputs, HostCheck, HostState } from './host-check.ts';

const words = messages('doctor.hostUnseen', {
  title: "the engine's machine",
  unseen:
    'cannot be examined from here: frequency governor, turbo, mitigations, load, swap, clock, virtualisation and disk are unknown, and no trial is flagged for noise',
});

/** All checks of the machine, in list order. */
const hostCheckDefinitions: readonly HostCheck[] = (
  (await defaultExports(join(import.meta.dirname, 'host'))) as HostCheck[]
).toSorted((a, b) => a.order - b.order);

/** Checks whether this machine is fit for measuring. Pure; every check has an impact and a fix. */
export function hostChecks(host: HostFacts, around: CheckInputs = {}): readonly Check[] {
  return hostCheckDefinitions.flatMap((definition) => runCheck(definition, { host, around }));
}

/** Replaces all checks of a machine that cannot be inspected. */
const unseenHost: CheckDefinition<unknown> = {
  id: 'host-unseen',
  title: words.title,
  impact: 'high',
  check: () => unknown(words.unseen),
};

/** Checks of a remote engine's machine: only that it was not inspected. */
export function unseenHostChecks(otherContainersThere: number | null): readonly Check[] {
  const state = { around: { otherContainers: otherContainersThere } } as HostState;
  return [...runCheck(unseenHost, null), ...runCheck(otherContainers, state)];
}
