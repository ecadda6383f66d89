import type { Requirement } from '../../../app/requirements.ts';
import { findLibrary, findProgram } from '../../../core/files/programs.ts';
import { external, listed } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import type { Message } from '../../../core/messages/message.ts';
import { type CheckDefinition, ok, runCheck } from '../../../core/model/machine/check.ts';
import type { Check } from '../../../core/model/machine/host.ts';
import { criuCommand } from '../restore/support.ts';

const words = messages('doctor.criu', {
  title: 'CRIU',
  there: 'installed: restores under runc and crun can be measured',
  missing: 'optional, not installed: {packages}. Restores under runc and crun need it',
});

/** The missing packages: runc starts CRIU's program, crun loads its library. */
async function criuLacks(): Promise<readonly string[]> {
  const program = (await findProgram('criu')) === null ? ['criu'] : [];
  return (await findLibrary('libcriu.so.2')) === null ? [...program, 'libcriu2'] : program;
}

/** Names the missing packages; null where none is missing. */
function lack(packages: readonly string[]): Message | null {
  return packages.length === 0 ? null : words.missing({ packages: listed(packages) });
}

const criu: CheckDefinition<readonly string[]> = {
  id: 'criu',
  title: words.title,
  impact: 'low',
  check(packages) {
    const said = lack(packages);
    return said === null ? ok(words.there) : ok(said, external(criuCommand(packages)));
  },
};

/** Check: can restores under runc and crun be measured on this host? Never a warning: a host without CRIU is equally fit. */
export async function criuCheck(
  lacks: () => Promise<readonly string[]> = criuLacks,
): Promise<readonly Check[]> {
  return runCheck(criu, await lacks());
}

const requirement: Requirement = {
  check: () => criuCheck(),
  async advice() {
    const packages = await criuLacks();
    const said = lack(packages);
    return said === null ? null : { lack: said, command: criuCommand(packages) };
  },
};

export default requirement;
