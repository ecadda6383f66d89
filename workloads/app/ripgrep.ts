import { messages } from '../../src/core/messages/define.ts';
import { taskWorkload } from '../lib/task-workload.ts';
import { textTree, textTreeFiles } from '../lib/text-corpus.ts';

const words = messages('workload.ripgrep', { title: 'Searching a tree: ripgrep' });

/** Number of searches, each by its own process. */
const searches = 20;

export default taskWorkload({
  id: 'app/ripgrep',
  image: 'utilities',
  title: words.title,
  description: `ripgrep searches a tree of ${textTreeFiles} files (7 MB) in the image for a regular expression, ${searches} times, with two
threads that take files from a common queue: directories listed, an open, three reads and a close for each file, and
little computing for each byte. Searching is what editors and coding agents do most.

What is checked is the number of matches. A unit of work is one file searched.`,
  task: () => ({
    before: `work() {
  for _ in {1..${searches}}; do
    rg --threads=2 --no-config --no-ignore --count-matches --no-filename '\\b[aeiou][a-z]{3,5}t\\b' ${textTree} || return
  done | awk '{ sum += $1 } END { print NR, sum }'
}`,
    command: ['work'],
    printed: '14640 26900\n',
    units: searches * textTreeFiles,
  }),
});
