import { messages } from '../../src/core/messages/define.ts';
import { taskWorkload } from '../lib/task-workload.ts';
import { textTree, textTreeFiles } from '../lib/text-corpus.ts';

const words = messages('workload.checksums', { title: 'Checksums of many files' });

/** Number of passes over the whole tree. */
const rounds = 15;

export default taskWorkload({
  id: 'app/checksums',
  image: 'utilities',
  title: words.title,
  description: `sha256sum reads a tree of ${textTreeFiles} files (7 MB) in the image, ${rounds} times, in one thread: open, two
reads and close for each file, and hashing with the processor's own instructions where it has them. Backups,
package managers and image builders check files so.

What is checked is the digest of all digests. A unit of work is one file.`,
  task: () => ({
    before: `set -o pipefail
work() {
  for _ in {1..${rounds}}; do
    sha256sum ${textTree}/*/* || return
  done | sha256sum
}`,
    command: ['work'],
    printed: '5b48470f86bee24da68e84327d7e219c84a61507e63696a8b94aff13970e520d  -\n',
    units: rounds * textTreeFiles,
  }),
});
