import { messages, reasons } from '../../../messages/define.ts';
import { ok, unknown, warn } from '../../../model/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.privileges', {
  title: 'privileges',
  unseen: 'not looked at',
  root: 'root',
});
const doubts = reasons('doctor.privileges', {
  notRoot: {
    message:
      "not root: no embedded engine, no memory figures of root's processes (memory.footprint and PSS are absent), no cold page cache, and the trials' cgroups stay until root removes them (@(sudo clean)). Times, CPU and peak memory of containers are measured as by root. Matters much",
    fix: '@(sudo run)',
  },
  apart: {
    message:
      'not root: no embedded engine and no cold page cache; what else is absent is said of the engine. Matters much',
    fix: 'use a daemon that runs as root, or:  @(sudo run --engine embedded)',
  },
});

const privileges: HostCheck = {
  id: 'privileges',
  order: 17,
  title: words.title,
  impact: 'high',
  check: ({ around: { root = null, engineIsLocal = true } }) => {
    if (root === null) return unknown(words.unseen);
    if (root) return ok(words.root);
    return warn(engineIsLocal ? doubts.notRoot : doubts.apart);
  },
};
export default privileges;
