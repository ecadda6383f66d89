import { messages } from '../../src/core/messages/define.ts';
import { untilListening } from '../../src/core/model/trial/stamped.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { askedByWrk } from '../lib/wrk.ts';

const words = messages('workload.nodeHttp', {
  title: 'Web server: Node.js answers with JSON',
});

const port = 8080;
/** Long enough for some thousand requests under any runtime, after which V8 has compiled all hot code. */
const warmUpSeconds = 2;

const server = `
const body = JSON.stringify({ greeting: 'hello', items: Array.from({ length: 20 }, (_, id) => ({ id })) });
require('node:http').createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(body);
}).listen(${port}, '127.0.0.1');`;

const before = `cat > /server.cjs <<'END'${server}
END
node /server.cjs >/dev/null &
${untilListening(port)}
wrk --threads=1 --connections=8 --duration=${warmUpSeconds}s http://127.0.0.1:${port}/ >/dev/null`;

const nodeHttp: Workload = {
  id: 'app/node-http',
  category: 'app',
  image: 'node',
  title: words.title,
  description: `wrk asks a Node.js server (\`node:http\`, one process) for a small JSON answer for one second, over kept-alive
connections and the loopback device inside the container. Unlike nginx, most of a request is JavaScript, garbage collection
and a thread pool that is woken now and then, so what a runtime does to system calls weighs less.

The server has answered wrk for ${warmUpSeconds} s before the work begins. Its just-in-time compilation takes the same CPU time however many
requests follow: in a second under a slow runtime each request would have ten times as much of it. wrk shares the container's
CPUs. A unit of work is one request.`,
  presets: {
    quick: [],
    standard: [],
    full: [{ connections: 8 }, { connections: 64 }],
    capacity: [{ connections: 8 }],
  },
  ...askedByWrk(port, before),
};
export default nodeHttp;
