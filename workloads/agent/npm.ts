import { messages } from '../../src/core/messages/define.ts';
import { npmLockFiles, npmLockPackages } from '../lib/npm-lock.ts';
import { npmCi, npmReady } from '../lib/npm-registry.ts';
import { scratch, taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.agentNpm', { title: 'A real lock file: npm ci' });

export default taskWorkload({
  id: 'agent/npm',
  image: 'agent-npm',
  title: words.title,
  description: `npm installs what a real project asks for: the chart library Vega with what it requires, as the lock
file of ocibench itself has them. ${npmLockPackages} packages with ${npmLockFiles} files come from a registry inside the
container into a tmpfs. Names, places, dependencies and numbers of files are those of the real packages; their contents
are made, at most 4 KiB a file. Unlike \`app/npm\`, packages have from 5 to 254 files, need one another, and are nested.

The registry is a small server in Node.js; its CPU is in the figure. npm's cache is empty at first, and npm checks the
digest of each package. What is checked is the number of files and of packages. A unit of work is the whole.`,
  sandbox: [{}],
  task: () => ({
    before: `${npmReady(scratch)}
work() { ${npmCi}; }`,
    after: `find node_modules -type f -not -name .package-lock.json | wc -l
grep -c '"integrity"' node_modules/.package-lock.json`,
    command: ['work'],
    printed: `${npmLockFiles}\n${npmLockPackages}\n`,
    units: 1,
    scratchBytes: 128 * 2 ** 20,
  }),
});
