import { messages } from '../../../messages/define.ts';
import { ok, unknown } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.smt', {
  title: 'simultaneous multithreading',
  unreadable: 'cannot be read here',
  on: 'on: threads of one core share its units, so a busy neighbour slows a trial. Impact: low on an idle host',
  off: 'off',
});

export default {
  id: 'smt',
  order: 5,
  title: words.title,
  impact: 'low',
  check: ({ host: { smt: on } }) => {
    if (on === null) return unknown(words.unreadable);
    return ok(on ? words.on : words.off);
  },
} satisfies HostCheck;
