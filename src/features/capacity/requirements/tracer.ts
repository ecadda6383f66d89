import type { Requirement } from '../../../app/requirements.ts';
import { findProgram } from '../../../core/files/programs.ts';
import { installCommand } from '../../../core/host/package-needs.ts';
import { external } from '../../../core/messages/compose.ts';
import { messages } from '../../../core/messages/define.ts';
import { type CheckDefinition, ok, runCheck } from '../../../core/model/check.ts';
import type { Check } from '../../../core/model/host.ts';

const words = messages('doctor.tracer', {
  title: 'bpftrace',
  there: 'installed: record and capacity measure can count calls and time them',
  missing:
    'optional, not installed: capacity measure needs it, and record without it uses perf, which has no times and no bytes',
});

const command = `sudo ${installCommand(['bpftrace'])
  .filter((word) => !/^-o$|^DPkg/.test(word))
  .join(' ')}`;

const tracer: CheckDefinition<string | null> = {
  id: 'bpftrace',
  title: words.title,
  impact: 'low',
  check: (path) => (path === null ? ok(words.missing, external(command)) : ok(words.there)),
};

/** Check: is there the tracer that recordings are made with? Never a warning, since measuring needs none. */
export async function tracerCheck(
  find: (program: string) => Promise<string | null> = findProgram,
): Promise<readonly Check[]> {
  return runCheck(tracer, await find('bpftrace'));
}

const requirement: Requirement = {
  check: () => tracerCheck(),
  async advice() {
    return (await findProgram('bpftrace')) === null ? { lack: words.missing, command } : null;
  },
};

export default requirement;
