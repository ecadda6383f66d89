import { messages } from '../../src/core/messages/define.ts';
import { skippedTests, testCount, testModules } from '../lib/agent-tests.ts';
import { scratch, taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.agentTests', { title: 'A test suite: unittest' });

export default taskWorkload({
  id: 'agent/tests',
  image: 'agent',
  title: words.title,
  description: `Python runs a part of its own test suite with unittest, as Debian ships it: ${testModules.join(', ')}.
It imports a good hundred modules, starts interpreters, and creates, compares and removes hundreds of files and
directories. Test suites are what a coding agent waits for most.

The temporary directory is a tmpfs. What is checked is that as many tests ran as the image has, that ${skippedTests} of
them were skipped as under every runtime, and that all others passed. A unit of work is the whole suite.`,
  sandbox: [{}],
  task: () => ({
    before: `export HOME=${scratch} TMPDIR=${scratch}
cd ${scratch}
work() { python3 -m unittest -q ${testModules.map((name) => `test.${name}`).join(' ')} 2> log; }`,
    after: `tail -n 4 log >&2
wanted=$(cat ${testCount})
ran=$(sed -n 's/^Ran \\([0-9]*\\) tests in .*/\\1/p' log)
[ "$ran" = "$wanted" ] && grep -q '^OK (skipped=${skippedTests})$' log && echo "0 of the tests failed or were missing"`,
    command: ['work'],
    printed: '0 of the tests failed or were missing\n',
    units: 1,
    scratchBytes: 32 * 2 ** 20,
  }),
});
