import { messages } from '../../src/core/messages/define.ts';
import { scratch, taskWorkload } from '../lib/task-workload.ts';
import { textLineCount, textLines } from '../lib/text-corpus.ts';

const words = messages('workload.sort', { title: 'Sorting with temporary files' });

/** Numbers of the words to sort by; each is one run of sort. */
const keys = [2, 3, 4, 5, 6];

export default taskWorkload({
  id: 'app/sort',
  image: 'utilities',
  title: words.title,
  description: `GNU sort orders ${textLineCount} lines (7 MB) by another word each of ${keys.length} times, in 1 MiB of memory and two threads, so
that it writes sorted parts to temporary files in a tmpfs and merges them; its output goes through a pipe into sha256sum.
Comparing strings is most of it, with reads and writes of a few KiB between.

What is checked is the digest of all outputs. A unit of work is one line sorted.`,
  task: () => ({
    before: `export LC_ALL=C
set -o pipefail
work() {
  for key in ${keys.join(' ')}; do
    sort --key=$key --buffer-size=1M --parallel=2 --temporary-directory=${scratch} ${textLines} || return
  done | sha256sum
}`,
    command: ['work'],
    printed: 'fd2f77351b439a0eb88c50b8f14b4df2ef13486ad91fb0f4867517181f720093  -\n',
    units: keys.length * textLineCount,
    scratchBytes: 64 * 2 ** 20,
  }),
});
