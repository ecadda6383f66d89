import { messages } from '../../src/core/messages/define.ts';
import { scratch, taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.make', { title: 'A build of many small jobs: make' });

const targets = 240;

export default taskWorkload({
  id: 'app/make',
  image: 'utilities',
  title: words.title,
  description: `make builds ${targets} targets in a tmpfs, two at once. Each is a shell that writes a file, compares it and renames it:
a fork of make, three programs executed, their pages and libraries mapped and faulted in, pipes of make's job server, and
signals at each child's end. Nothing is computed.

What is checked is the sum that the last target makes of all others. A unit of work is one target.`,
  task: () => ({
    before: `cd ${scratch}
cat > Makefile <<'END'
parts := $(shell seq 1 ${targets})
sum: $(parts:%=part-%)
	@cat $^ | awk '{ sum += $$1 } END { print NR, sum }'
part-%:
	@echo $* > $@.new; cmp -s $@.new $@ || mv $@.new $@
END`,
    command: ['make', '--jobs=2', '--no-print-directory'],
    printed: `${targets} ${(targets * (targets + 1)) / 2}\n`,
    units: targets,
    scratchBytes: 8 * 2 ** 20,
  }),
});
