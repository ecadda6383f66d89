import { messages } from '../../src/core/messages/define.ts';
import { untilListening } from '../../src/core/model/trial/stamped.ts';
import { taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.memcached', { title: 'Cache: memcached' });

const port = 11211;
const clients = 4;
const gets = 5_000;

export default taskWorkload({
  id: 'app/memcached',
  image: 'middleware',
  title: words.title,
  description: `memcslap asks memcached (two threads) for ${clients * gets} values of 2.5 KiB in ${clients} threads over the loopback
device inside the container, one request at a time on each connection: a write, a wake-up of a thread and a read on either side of every
request. It has stored 5 000 values first, in the same window.

What is checked is the server's own count of hits. A unit of work is one value asked for.`,
  task: () => ({
    before: `memcached -u root -l 127.0.0.1 -p ${port} -t 2 -m 64 &
${untilListening(port)}
work() {
  memcslap --servers=127.0.0.1:${port} --concurrency=${clients} --execute-number=${gets} --test=get >&2 || return
  exec 7<>/dev/tcp/127.0.0.1/${port}
  printf 'stats\\r\\nquit\\r\\n' >&7
  tr -d '\\r' <&7 | grep -E '^STAT get_(hits|misses)'
}`,
    command: ['work'],
    printed: `STAT get_hits ${clients * gets}\nSTAT get_misses 0\n`,
    units: clients * gets,
  }),
});
