import { quantity } from '../../../messages/compose.ts';
import { messages, reasons } from '../../../messages/define.ts';
import { fail, ok, unknown, warn } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.disk', {
  title: 'disk space',
  unseen: 'not examined',
  free: '{size} free',
  larger: 'free space, or set OCIBENCH_STATE to a larger disk',
});
const doubts = reasons('doctor.disk', {
  full: { message: '{free}: images and scratch files do not fit' },
  little: { message: '{free}: enough for the quick preset only' },
});

const gib = 1024 ** 3;

export default {
  id: 'disk',
  order: 18,
  title: words.title,
  impact: 'high',
  check: ({ around: { freeBytes = null } }) => {
    if (freeBytes === null) return unknown(words.unseen);
    const free = words.free({ size: quantity(freeBytes / gib, 'GiB', 1) });
    const values = { free, fix: words.larger };
    if (freeBytes < 2 * gib) return fail(doubts.full(values));
    return freeBytes < 5 * gib ? warn(doubts.little(values)) : ok(free);
  },
} satisfies HostCheck;
