import { messages } from '../../src/core/messages/define.ts';
import { npmCi, npmInstalledFiles, npmPackages, npmReady } from '../lib/npm-registry.ts';
import { scratch, taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.npm', { title: 'Installing packages: npm ci' });

export default taskWorkload({
  id: 'app/npm',
  image: 'npm',
  title: words.title,
  description: `npm installs ${npmPackages} packages with ${npmInstalledFiles / npmPackages} small files each from a registry inside the container
into a tmpfs: npm's own start (hundreds of modules looked for, read and compiled), connections over the loopback device,
hashing, unpacking in JavaScript, and some ${npmInstalledFiles + 100} files, its cache's among them, created by Node's pool of four threads,
which wake one another by futexes. It is the part of a build for which wall time hides most of a runtime's cost.

The registry is a small server in Node.js; its CPU is in the figure. npm's cache is empty at first. Nothing is asked of
another host. What is checked is the number of files. A unit of work is one package.`,
  task: () => ({
    before: `${npmReady(scratch)}
work() {
  ${npmCi} &&
    find node_modules -name '*.js*' -path '*/part-*' | wc -l
}`,
    command: ['work'],
    printed: `${npmInstalledFiles}\n`,
    units: npmPackages,
    scratchBytes: 64 * 2 ** 20,
  }),
});
