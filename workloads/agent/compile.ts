import { messages } from '../../src/core/messages/define.ts';
import { taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.agentCompile', { title: 'Building a project: make and gcc' });

/** Loadable builtins of bash that need no generated header. */
const programs = ['basename', 'finfo', 'id', 'print'] as const;

export default taskWorkload({
  id: 'agent/compile',
  image: 'agent',
  title: words.title,
  description: `make builds ${programs.length} of bash's loadable builtins with their own Makefile and gcc -O2, two at
once: compiler, assembler and linker of each, a good hundred headers looked for in several directories. Unlike
\`app/gcc\`, which compiles one file after the other, it reads a Makefile, runs jobs side by side and links.

Sources and results are in the container's root file system. What is checked is that bash loads each result and one of
them answers. A unit of work is the whole.`,
  sandbox: [{}],
  task: () => ({
    before: `mkdir -p /tmp
cp -r /usr/share/doc/bash/examples/loadables /build
cd /build
work() {
  make --jobs=2 --silent CCFLAGS='-DHAVE_CONFIG_H -DSHELL -g -O2 -w' \\
    INC='-I. -I/usr/include/bash -I/usr/include/bash/include -I/usr/include/bash/builtins' ${programs.join(' ')}
}`,
    after: `loaded=0
for name in ${programs.join(' ')}; do enable -f "./$name" "$name" && loaded=$((loaded + 1)); done
echo $loaded
basename /build/answer-42`,
    command: ['work'],
    printed: `${programs.length}\nanswer-42\n`,
    units: 1,
  }),
});
