import { messages } from '../../src/core/messages/define.ts';
import { scratch, taskWorkload } from '../lib/task-workload.ts';
import { textLines } from '../lib/text-corpus.ts';

const words = messages('workload.zstd', { title: 'Compressing with threads: zstd' });

/** Size of the text, MiB, the unit of the figure. */
const mebibytes = 6;

export default taskWorkload({
  id: 'app/zstd',
  image: 'utilities',
  title: words.title,
  description: `zstd compresses a text of ${mebibytes} MiB at level 12 in two threads into a tmpfs, and decompresses it into sha256sum. Nearly
all of it is computing in large buffers that are touched for the first time; the threads wait for each other rarely.

What is checked is the digest of what comes out again. A unit of work is one MiB of text.`,
  capacity: [{}],
  task: () => ({
    before: `set -o pipefail
work() {
  head -c ${mebibytes * 2 ** 20} ${textLines} | zstd -q -12 -T2 -o ${scratch}/text.zst && zstd -q -d -c ${scratch}/text.zst | sha256sum
}`,
    command: ['work'],
    printed: 'fd88411d0c0cca3c0b3f347c5899902e47de17d7cd6893bb963a80d7168928f4  -\n',
    units: mebibytes,
    scratchBytes: 16 * 2 ** 20,
  }),
});
