import { messages } from '../../src/core/messages/define.ts';
import { taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.nsd', { title: 'Name server: NSD' });

const port = 5353;
const names = 200;
const rounds = 200;

export default taskWorkload({
  id: 'app/nsd',
  image: 'middleware',
  title: words.title,
  description: `dnsperf asks NSD, the authoritative name server, for ${names} names of its zone, ${rounds} times each, over UDP on the loopback
device inside the container, with at most 20 questions under way. A question is a datagram each way and a wake-up on either
side: no connection, no stream, two processes that take turns.

What is checked is the number of answers without an error. A unit of work is one question. dnsmasq, which more people know,
does not start under gVisor: it wants a netlink socket that tells of changed addresses.`,
  task: () => ({
    before: `mkdir -p /zones /run
cat > /zones/nsd.conf <<'END'
server:
  ip-address: 127.0.0.1@${port}
  server-count: 1
  username: ""
  zonesdir: "/zones"
  zonelistfile: "/zones/list"
  xfrdfile: ""
  pidfile: ""
  logfile: "/dev/null"
remote-control:
  control-enable: no
zone:
  name: "test"
  zonefile: "test"
END
{
  echo '$TTL 3600'
  echo '@ IN SOA host-1 host-1 1 3600 3600 3600 3600'
  echo '@ IN NS host-1'
} > /zones/test
for i in {1..${names}}; do echo "host-$i IN A 10.0.0.$i" >> /zones/test; echo "host-$i.test A" >> /zones/questions; done
nsd -d -c /zones/nsd.conf &
ask() { dnsperf -s 127.0.0.1 -p ${port} -d /zones/questions -c 4 -T 1 -q 20 "$@"; }
limit=$((SECONDS + 20))
until ask -n 1 -t 1 2>&1 | grep -q 'NOERROR ${names} '; do
  [ $SECONDS -lt $limit ] || { echo "NSD does not answer" >&2; exit 69; }
done
work() { ask -n ${rounds} | sed -n 's/^ *Response codes: *//p'; }`,
    command: ['work'],
    printed: `NOERROR ${names * rounds} (100.00%)\n`,
    units: names * rounds,
  }),
});
