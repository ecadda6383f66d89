import { messages } from '../../src/core/messages/define.ts';
import { stressorWorkload } from '../lib/stress-ng.ts';

const words = messages('workload.syscallMemory', {
  title: 'Memory: page faults, mmap, brk',
});

export default stressorWorkload({
  id: 'syscall/memory',
  title: words.title,
  description: `stress-ng with one stressor and a fixed number of operations. One operation is

- \`fault\`: the first write to a page of a file on tmpfs that has just been mapped, as the stressor times it around that one
  store (500 rounds; making, mapping and removing the file is in the rate only);
- \`brk\`: the heap grown by one page, as the stressor times it (1000 rounds; other changes are in the rate only);
- \`mmap\`: three pages mapped, touched and unmapped piece by piece: one mmap, four calls of munmap and their page faults
  (500 times).

Under gVisor memory is a file of the sentry that is mapped into the program's address space: a fault goes to the host
kernel, from there to the sentry, which maps the page and returns.`,
  operations: {
    fault: { stressor: 'fault', ops: 500, measure: 'nanosecs per page fault' },
    brk: { stressor: 'brk', ops: 1000, measure: 'nanosecs per sbrk page expand' },
    mmap: { stressor: 'mmapmany', ops: 500 },
  },
  standard: [],
});
