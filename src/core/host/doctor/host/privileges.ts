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
    fix: 'sudo ocibench …',
  },
});

const privileges: HostCheck = {
  id: 'privileges',
  order: 17,
  title: words.title,
  impact: 'high',
  check: ({ around: { root = null } }) => {
    if (root === null) return unknown(words.unseen);
    return root ? ok(words.root) : warn(doubts.notRoot);
  },
};
export default privileges;
