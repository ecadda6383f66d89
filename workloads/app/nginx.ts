import { messages } from '../../src/core/messages/define.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { askedByWrk, serveByNginx } from '../lib/wrk.ts';

const words = messages('workload.nginx', {
  title: 'Web server: nginx serves a small file',
});

const port = 8080;

const nginx: Workload = {
  id: 'app/nginx',
  category: 'app',
  image: 'servers',
  title: words.title,
  description: `wrk asks nginx for a file of 1 KiB for one second, over kept-alive connections and the loopback device
*inside* the container: no network of Docker's is used, so it runs under every runtime, gVisor with \`--network=none\` too.
A request opens, reads and closes the file and passes the network stack four times, while client and server take turns: it
is nothing but system calls and wake-ups, and so about the worst case of a runtime that handles system calls itself.
Under gVisor the loopback is the sentry's own network stack; with \`--network=host\` it is the host kernel's, and the
runtime's network stack is then not what is measured.

wrk shares the container's CPUs, so its own cost is in all figures. A unit of work is one request. nginx has started and
listens before the work begins.`,
  presets: {
    quick: [],
    standard: [{ connections: 8 }],
    full: [{ connections: 1 }, { connections: 8 }, { connections: 64 }],
    capacity: [{ connections: 8 }],
  },
  // One nginx worker, since wrk needs the other of two cores.
  ...askedByWrk(port, serveByNginx(port)),
};
export default nginx;
