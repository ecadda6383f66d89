import { messages } from '../../src/core/messages/define.ts';
import { checkout, repositoryFiles } from '../lib/agent-repository.ts';
import { taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.agentRipgrep', { title: 'Searching sources: ripgrep' });

/** What an agent asks of an unknown project: its files, a definition, uses, files of a kind, a pattern. */
const questions = [
  '--files',
  "--line-number '^static int mojfqxc_'",
  '--line-number --word-regexp --context=3 wydjqv',
  "--files-with-matches --glob='*.h' 'fopxyyd'",
  "--count '[a-z]+->[aeiou][a-z]{3,5}t > 9\\d\\d'",
] as const;

export default taskWorkload({
  id: 'agent/ripgrep',
  image: 'agent',
  title: words.title,
  description: `ripgrep answers ${questions.length} questions about a checkout of ${repositoryFiles} files, each with
a process of its own and two threads: which files there are, where a function is defined, its uses with the lines
around them, a kind of file, a pattern. Unlike \`app/ripgrep\`, which searches with one pattern and no rules, it looks
for .gitignore and .ignore in each directory, and prints lines.

The checkout is in the image. What is checked is the number of lines of each answer. A unit of work is the whole.`,
  sandbox: [{}],
  task: () => ({
    before: `cd ${checkout}
work() {
${questions.map((question) => `  rg --threads=2 --no-config ${question} . | wc -l`).join('\n')}
}`,
    command: ['work'],
    printed: '3000\n6\n1438\n48\n31\n',
    units: 1,
  }),
});
