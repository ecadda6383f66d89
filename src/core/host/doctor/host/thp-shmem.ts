import { messages } from '../../../messages/define.ts';
import { ok, unknown } from '../../../model/machine/check.ts';
import type { HostCheck } from '../host-check.ts';

const words = messages('doctor.thpShmem', {
  title: 'huge pages for shared memory',
  unreadable: 'cannot be read here',
  usable: "{mode}: gVisor's memory can use huge pages",
  usual:
    '{mode} (the usual default): gVisor keeps application memory in shared memory, which then has no huge pages. Impact: only on memory-heavy work under gVisor',
  toTry: 'to try the other setting:  echo advise > /sys/kernel/mm/transparent_hugepage/shmem_enabled',
});

export default {
  id: 'thp-shmem',
  order: 13,
  title: words.title,
  impact: 'low',
  check: ({ host: { thpShmem: mode } }) => {
    if (mode === null) return unknown(words.unreadable);
    return mode === 'never' || mode === 'deny'
      ? ok(words.usual({ mode }), words.toTry)
      : ok(words.usable({ mode }));
  },
} satisfies HostCheck;
