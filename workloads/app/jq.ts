import { messages } from '../../src/core/messages/define.ts';
import { taskWorkload } from '../lib/task-workload.ts';
import { jsonRecordCount, jsonRecords } from '../lib/text-corpus.ts';

const words = messages('workload.jq', { title: 'JSON: jq' });

/** Groups records, sums sizes, and finds the most frequent tag of each group. */
const filter = `group_by(.kind)
| map({kind: .[0].kind, records: length, size: (map(.size) | add),
       tag: (map(.tags[]) | group_by(.) | max_by(length) | .[0])})
| sort_by(-.size)
| [length, (map(.records) | add), .[0].kind, .[0].size, .[0].tag]`;

export default taskWorkload({
  id: 'app/jq',
  image: 'utilities',
  title: words.title,
  description: `jq reads an array of ${jsonRecordCount} records (2.3 MB), groups and sorts them and prints a summary. It allocates and frees
millions of small values in one thread: hardly a system call but for memory.

What is checked is the summary. A unit of work is one record.`,
  capacity: [{}],
  task: () => ({
    command: ['jq', '--compact-output', filter, jsonRecords],
    printed: '[20,30000,"khuyrwzmd",21820476,"os"]\n',
    units: jsonRecordCount,
  }),
});
