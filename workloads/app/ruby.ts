import { messages } from '../../src/core/messages/define.ts';
import { taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.ruby', { title: 'Starting Ruby' });

const starts = 6;

export default taskWorkload({
  id: 'app/ruby',
  image: 'scripts',
  title: words.title,
  description: `bash starts Ruby ${starts} times with five libraries of its standard library, as tools written in it start: each is looked for in
every directory of the search path, so that most opens and stats find nothing, then read and compiled. Ruby starts a thread
for its timer and grows its heap, page fault by page fault.

What is checked is the program's answer. A unit of work is one start.`,
  task: () => ({
    before: `work() {
  for _ in {1..${starts}}; do
    ruby -r json -r optparse -r set -r erb -r time -e 'puts JSON.generate(Set.new([Time.at(0).utc.iso8601, ERB.new("<%= 6 * 7 %>").result]).to_a)' || return
  done
}`,
    command: ['work'],
    printed: '["1970-01-01T00:00:00Z","42"]\n'.repeat(starts),
    units: starts,
  }),
});
