import { messages } from '../../src/core/messages/define.ts';
import { taskWorkload } from '../lib/task-workload.ts';
import { textLineCount, textLines } from '../lib/text-corpus.ts';

const words = messages('workload.pipeline', { title: 'A pipeline of text tools' });

const rounds = 2;

export default taskWorkload({
  id: 'app/pipeline',
  image: 'utilities',
  title: words.title,
  description: `Six programs in one pipeline pass ${textLineCount} lines (7 MB) on to each other, ${rounds} times: cat, tr, cut, awk, sort and
uniq. Each sleeps when its pipe is empty or full; most pass on a few KiB at a time, but awk (BusyBox's) writes each line by
itself: few processes that live long, many writes and wake-ups, and some computing in each. Logs are read so.

What is checked is the digest of all counts. A unit of work is one line.`,
  capacity: [{}],
  task: () => ({
    before: `export LC_ALL=C
set -o pipefail
work() {
  for _ in {1..${rounds}}; do
    cat ${textLines} | tr a-m A-M | cut -d ' ' -f 1-3 | awk '$1 ~ /^[A-M]/ { print $1, $2 }' | sort | uniq -c || return
  done | sha256sum
}`,
    command: ['work'],
    printed: '8ff3d9797239e43a845a5df8386bc5a27a5954c04af03ce8d8120ec5ceea6452  -\n',
    units: rounds * textLineCount,
  }),
});
