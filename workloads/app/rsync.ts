import { messages } from '../../src/core/messages/define.ts';
import { scratch, taskWorkload } from '../lib/task-workload.ts';
import { textTree, textTreeFiles } from '../lib/text-corpus.ts';

const words = messages('workload.rsync', { title: 'Copying a tree: rsync' });

/** Number of copies, each into an empty directory. */
const copies = 5;

export default taskWorkload({
  id: 'app/rsync',
  image: 'utilities',
  title: words.title,
  description: `rsync copies a tree of ${textTreeFiles} files (7 MB) from the image into a tmpfs, ${copies} times. Three processes
(sender, receiver, generator) speak over socket pairs and wait for each other in poll. Each file is read, created under a
temporary name, written, given its mode and time, and renamed; since rsync walks every path itself, that makes seven opens a
file.

What is checked are rsync's own statistics. A unit of work is one file.`,
  task: () => ({
    before: `work() {
  for i in {1..${copies}}; do
    rsync --archive --stats ${textTree}/ ${scratch}/copy-$i/ || return
  done | sed -n '/^Number of regular files transferred/p;/^Total transferred file size/p'
}`,
    command: ['work'],
    printed:
      'Number of regular files transferred: 1,200\nTotal transferred file size: 6,893,610 bytes\n'.repeat(
        copies,
      ),
    units: copies * textTreeFiles,
    scratchBytes: 96 * 2 ** 20,
  }),
});
