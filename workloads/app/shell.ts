import { messages } from '../../src/core/messages/define.ts';
import { taskWorkload } from '../lib/task-workload.ts';
import { textTree } from '../lib/text-corpus.ts';

const words = messages('workload.shell', { title: 'A shell script' });

const files = 60;

export default taskWorkload({
  id: 'app/shell',
  image: 'utilities',
  title: words.title,
  description: `A bash script looks at ${files} files one after the other, as scripts do: a command substitution for a name, a pipeline of
grep, cut and sort that ends in a variable, a subshell for a test. Nearly all of it is forking bash, executing small
programs, and pipes that each carry a line. Unlike in \`app/make\`, the forks are of a process that is itself a script.

What is checked is the sum of what it counted. A unit of work is one file.`,
  task: () => ({
    before: `export LC_ALL=C
work() {
  local file name found sum=0 done=0
  for file in ${textTree}/part-0[12]/*; do
    name=$(basename "$file" .txt)
    found=$(grep '^[a-m]' "$file" | cut -d ' ' -f 2 | sort -u | wc -l)
    if (cd "\${file%/*}" && [ -f "$name.txt" ]); then done=$((done + 1)); fi
    sum=$((sum + found))
  done
  echo "$done $sum"
}`,
    command: ['work'],
    printed: '60 3096\n',
    units: files,
  }),
});
