import { messages } from '../../src/core/messages/define.ts';
import { untilListening } from '../../src/core/model/trial/stamped.ts';
import type { Workload } from '../../src/core/model/workload/workload.ts';
import { askedByWrk, serveByNginx } from '../lib/wrk.ts';

const words = messages('workload.haproxy', { title: 'Reverse proxy: HAProxy before nginx' });

const port = 8080;
const behind = 8081;

const before = `${serveByNginx(behind)}
cat > /run/haproxy.cfg <<'END'
global
  maxconn 512
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend pages
  bind 127.0.0.1:${port}
  default_backend nginx
backend nginx
  server one 127.0.0.1:${behind}
END
haproxy -f /run/haproxy.cfg -q &
${untilListening(port)}`;

const haproxy: Workload = {
  id: 'app/haproxy',
  category: 'app',
  image: 'middleware',
  title: words.title,
  description: `wrk asks HAProxy for a page of 1 KiB for one second over kept-alive connections; HAProxy passes each request on to nginx
over kept-alive connections of its own. A request passes the network stack eight times and three event loops wake one
another: twice the sockets and wake-ups of \`app/nginx\` for the same page.

All are in the container, on its loopback device, and share its CPUs. A unit of work is one request. Both servers listen
before the work begins.`,
  presets: { quick: [], standard: [], full: [{ connections: 1 }, { connections: 16 }] },
  ...askedByWrk(port, before),
};
export default haproxy;
