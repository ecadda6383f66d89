import type { Requirement } from '../../../app/requirements.ts';
import { external, listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type CheckDefinition, ok, runCheck } from '../../../core/model/machine/check.ts';
import type { Check } from '../../../core/model/machine/host.ts';
import { podmanCommand, podmanLacks } from '../podman/support.ts';

const words = messages('doctor.podman', {
  title: 'podman',
  there: 'installed: --engine podman and --layers podman can be measured',
  missing: 'optional, not installed: {programs}. --engine podman and --layers podman need it',
});

/** Names the missing programs; null where none is missing. */
function lack(programs: readonly string[]): Message | null {
  return programs.length === 0 ? null : words.missing({ programs: listed(programs) });
}

const podman: CheckDefinition<readonly string[]> = {
  id: 'podman',
  title: words.title,
  impact: 'low',
  check(programs) {
    const said = lack(programs);
    return said === null ? ok(words.there) : ok(said, external(podmanCommand(programs)));
  },
};

/** Check: can podman be measured on this host? Never a warning, since a host without podman is equally fit. */
export async function podmanCheck(
  lacks: () => Promise<readonly string[]> = podmanLacks,
): Promise<readonly Check[]> {
  return runCheck(podman, await lacks());
}

const requirement: Requirement = {
  check: () => podmanCheck(),
  async advice() {
    const programs = await podmanLacks();
    const said = lack(programs);
    return said === null ? null : { lack: said, command: podmanCommand(programs) };
  },
};

export default requirement;
