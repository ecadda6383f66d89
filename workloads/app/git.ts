import { messages } from '../../src/core/messages/define.ts';
import { operationNamed } from '../lib/stress-ng.ts';
import { scratch, type Task, taskWorkload } from '../lib/task-workload.ts';
import { textTree, textTreeFiles } from '../lib/text-corpus.ts';

const words = messages('workload.git', { title: 'Version control: git' });

/** Number of calls of `git status`. */
const questions = 40;
/** Number of commits before `git gc`; each adds one line to 60 files. */
const commits = 10;

/** A repository in the tmpfs with the tree of texts, not yet added. Fixed names and dates give the same hashes everywhere. */
const repository = `export HOME=${scratch} GIT_CONFIG_NOSYSTEM=1 LC_ALL=C
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_AUTHOR_DATE='1735689600 +0000'
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_COMMITTER_DATE='1735689600 +0000'
git config --global gc.auto 0
git init -q --template= -b main ${scratch}/repository
cp -r ${textTree} ${scratch}/repository/tree
cd ${scratch}/repository`;
const committed = `${repository}
git add -A
git commit -q -m first`;
/**
 * Makes the files older than the index. git must read a file that is as young as the index to know whether it has changed,
 * which happens in some trials only.
 */
const aged = `${repository}
find tree -type f -exec touch -d @1735689600 {} +
git add -A
git commit -q -m first`;

type Operation = Pick<Task, 'printed' | 'units'> & { readonly prepare: string; readonly work: string };

const operations: Readonly<Record<string, Operation>> = {
  commit: {
    prepare: repository,
    work: 'git add -A && git commit -q -m first && git rev-parse HEAD',
    units: textTreeFiles,
    printed: '230d335bedf723201bdd07770d858028fd5f6997\n',
  },
  status: {
    prepare: `${aged}
for file in tree/part-01/*; do echo changed >> $file; done`,
    work: `for _ in {1..${questions}}; do git status --porcelain || return; done | sort | uniq -c | wc -l`,
    units: questions,
    printed: '30\n',
  },
  gc: {
    prepare: `${committed}
for i in {1..${commits}}; do
  for file in tree/part-0[12]/*; do echo "line $i" >> $file; done
  git commit -q -a -m "$i"
done`,
    work: "git gc -q && git count-objects -v | sed -n '/^count/p;/^in-pack/p;/^packs/p'",
    units: commits + 1,
    printed: 'count: 0\nin-pack: 1893\npacks: 1\n',
  },
};

export default taskWorkload({
  id: 'app/git',
  image: 'utilities',
  title: words.title,
  description: `git on a tree of ${textTreeFiles} files (7 MB of text) in a tmpfs:

- \`commit\`: adds and commits all of it: every file is read, hashed and compressed into a file of its own, which is created
  under a temporary name, linked to its place and unlinked: three changes of directories each. A unit of work is one file.
- \`status\`: asks ${questions} times what has changed, one process each time: an lstat for every file, and the index read and
  mapped. The files are older than the index, so that none has to be read. It is what editors, prompts and build tools do all the time. A unit of work is one question.
- \`gc\`: packs the objects of ${commits + 1} commits: a dozen processes, threads that search for similar objects, and every loose
  object opened, read and removed. A unit of work is one commit.

The repository is made before the first stamp. The result is checked: the hash of the commit, the number of files
that have changed, the number of objects packed.`,
  parameters: { op: 'commit, status or gc' },
  full: Object.keys(operations).map((op) => ({ op })),
  capacity: [{ op: 'commit' }],
  task({ op }) {
    const { prepare, work, ...rest } = operationNamed('app/git', operations, op);
    return {
      ...rest,
      before: `${prepare}\nwork() { ${work}; }`,
      command: ['work'],
      scratchBytes: 128 * 2 ** 20,
    };
  },
});
