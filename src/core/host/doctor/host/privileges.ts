import { messages, reasons } from '../../../messages/define.ts';
import { ok, unknown, warn } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.privileges', {
  title: 'privileges',
  unseen: 'not examined',
  root: 'root',
});
const doubts = reasons('doctor.privileges', {
  notRoot: {
    message:
      "not root: no embedded engine, no memory figures of root's processes (memory.footprint and PSS are absent) and no cold page cache. The trials' cgroups stay until root removes them (@(sudo clean)). Times, CPU and peak memory of containers are the same as with root. Impact: high",
    fix: '@(sudo run)',
  },
  apart: {
    message:
      'not root: no embedded engine and no cold page cache; the checks of the engine say what else is absent. Impact: high',
    fix: 'use a daemon that runs as root, or:  @(sudo run --engine embedded)',
  },
});

export default {
  id: 'privileges',
  order: 17,
  title: words.title,
  impact: 'high',
  check: ({ around: { root = null, engineIsLocal = true } }) => {
    if (root === null) return unknown(words.unseen);
    if (root) return ok(words.root);
    return warn(engineIsLocal ? doubts.notRoot : doubts.apart);
  },
} satisfies HostCheck;
