import { messages } from '../../src/core/messages/define.ts';
import { wheelCount, wheels } from '../lib/agent-wheels.ts';
import { scratch, taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.agentPip', { title: 'Installing wheels: pip install' });

export default taskWorkload({
  id: 'agent/pip',
  image: 'agent',
  title: words.title,
  description: `pip installs Flask and Requests with what they require: ${wheelCount} wheels of the image, without an
index. pip's own start (hundreds of modules), the resolution of dependencies, unpacking, digests, and the compilation
of each module, which takes most of the time. The wheels are made of Debian's packages. The target is a tmpfs.

What is checked is the digest of every file, the number of packages and of compiled modules, and an import of both. A
unit of work is the whole.`,
  sandbox: [{}],
  task: () => ({
    before: `export HOME=${scratch} TMPDIR=${scratch}
export PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
cd ${scratch}
work() { pip install --quiet --no-index --find-links=${wheels} --break-system-packages --target=site flask requests; }`,
    after: `cd site
sha256sum --check --status ${wheels}/sums && echo "0 differ"
ls -d *.dist-info | wc -l
[ "$(find . -name '*.pyc' | wc -l)" = "$(find . -name '*.py' | wc -l)" ] && echo "0 not compiled"
python3 -c 'import flask, requests; print(len(flask.Flask("a").url_map._rules), requests.codes.ok)'`,
    command: ['work'],
    printed: `0 differ\n${wheelCount}\n0 not compiled\n1 200\n`,
    units: 1,
    scratchBytes: 64 * 2 ** 20,
  }),
});
