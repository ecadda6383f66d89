import { messages } from '../../src/core/messages/define.ts';
import { quietGit, repository, repositoryCommits, repositoryFiles } from '../lib/agent-repository.ts';
import { scratch, taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.agentGit', { title: 'Clone of a repository: git' });

/** Number of files that are changed after the clone. */
const changed = 20;

export default taskWorkload({
  id: 'agent/git',
  image: 'agent',
  title: words.title,
  description: `git clones a repository of ${repositoryFiles} files and ${repositoryCommits} commits (3 MB packed)
from the image into a tmpfs, as it would from a server: one process packs the objects, one checks and indexes them,
and every file is created. Then it asks what has changed, ${changed} files change, it asks again, and commits. Unlike
\`app/git\`, the repository is packed and arrives through a pipe.

Nothing is asked of another host. What is checked are the tree and the number of its files and commits, and what git
found changed. A unit of work is the whole.`,
  sandbox: [{}],
  task: () => ({
    before: `${quietGit(scratch)}
cd ${scratch}
work() {
  git clone -q --template= --no-local file://${repository} clone && cd clone &&
    git status --porcelain | wc -l &&
    for file in module-00/part-[01]/*-?.[ch] module-00/part-[01]/*-1?.[ch]; do echo changed >> $file; done &&
    git status --porcelain | wc -l && git commit -q -a -m changed
}`,
    after: `git rev-parse HEAD~1^{tree} HEAD^{tree}
git ls-tree -r HEAD | wc -l
git rev-list --count HEAD`,
    command: ['work'],
    printed: [
      0,
      changed,
      '796bcb0dd4cea0234a771807cce3d71709cd326b',
      '03c83c6b859908375cbf89ae58be623e4c8fc26d',
      repositoryFiles,
      repositoryCommits + 1,
      '',
    ].join('\n'),
    units: 1,
    scratchBytes: 96 * 2 ** 20,
  }),
});
