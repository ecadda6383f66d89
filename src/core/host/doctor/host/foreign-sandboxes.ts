import { messages, reasons } from '../../../messages/define.ts';
import { ok, unknown, warn } from '../../../model/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.foreignSandboxes', {
  title: 'sandboxes of others',
  unseen: 'not looked at',
  none: 'none',
});
const doubts = reasons('doctor.foreignSandboxes', {
  running: {
    message:
      '{n} shims or sandboxes of containers that are not ours run: they share the pages of the same binaries, so that memory by PSS (memory.footprint, pss.*) comes out too small, of a shim by half. Resident memory, the headline, does not depend on them. Matters some',
    fix: 'stop those containers while measuring (docker ps, ctr -n k8s.io containers ls)',
  },
});

const foreignSandboxes: HostCheck = {
  id: 'foreign-sandboxes',
  order: 16,
  title: words.title,
  impact: 'medium',
  check: ({ around: { foreignSandboxes: n = null } }) => {
    if (n === null) return unknown(words.unseen);
    return n === 0 ? ok(words.none) : warn(doubts.running({ n }));
  },
};
export default foreignSandboxes;
