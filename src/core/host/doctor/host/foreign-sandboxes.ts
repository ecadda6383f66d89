import { messages, reasons } from '../../../messages/define.ts';
import { ok, unknown, warn } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.foreignSandboxes', {
  title: 'sandboxes of other containers',
  unseen: 'not examined',
  none: 'none',
});
const doubts = reasons('doctor.foreignSandboxes', {
  running: {
    message:
      '{n, plural, one {{n} shim or sandbox of another container runs} other {{n} shims or sandboxes of other containers run}} here. They share pages of the same binaries, so memory by PSS (memory.footprint, pss.*) comes out too small, for a shim by half. Resident memory, the main memory metric, does not depend on them. Impact: medium',
    fix: 'stop those containers while measuring (docker ps, ctr -n k8s.io containers ls)',
  },
});

export default {
  id: 'foreign-sandboxes',
  order: 16,
  title: words.title,
  impact: 'medium',
  check: ({ around: { foreignSandboxes: n = null } }) => {
    if (n === null) return unknown(words.unseen);
    return n === 0 ? ok(words.none) : warn(doubts.running({ n }));
  },
} satisfies HostCheck;
