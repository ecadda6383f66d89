import { messages } from '../../src/core/messages/define.ts';
import { untilListening } from '../../src/core/model/trial/stamped.ts';
import { scratch, taskWorkload } from '../lib/task-workload.ts';

const words = messages('workload.mosquitto', { title: 'Message broker: Mosquitto' });

const port = 1883;
const sent = 8_000;

export default taskWorkload({
  id: 'app/mosquitto',
  image: 'middleware',
  title: words.title,
  description: `mosquitto_pub publishes ${sent} messages of a few bytes to the broker, which passes each on to mosquitto_sub, with
acknowledgements on both ways (MQTT, quality of service 1), over the loopback device inside the container. Three processes
of one thread each read and write packets of a few bytes and wait in poll: many small sends for little work.

The subscriber is there before the work begins. What is checked is that every message arrived, in order and whole. A unit
of work is one message.`,
  task: () => ({
    before: `cat > /mosquitto.conf <<'END'
listener ${port} 127.0.0.1
allow_anonymous true
persistence false
log_dest none
max_queued_messages 0
user root
END
seq 1 ${sent} > ${scratch}/sent
mosquitto -c /mosquitto.conf &
${untilListening(port)}
mosquitto_pub -h 127.0.0.1 -t work -r -m 0
mosquitto_sub -h 127.0.0.1 -t work -q 1 -C ${sent + 1} > ${scratch}/received &
subscriber=$!
until [ -s ${scratch}/received ]; do sleep 0.01; done
work() {
  mosquitto_pub -h 127.0.0.1 -t work -q 1 -l < ${scratch}/sent && wait $subscriber && sed 1d ${scratch}/received |
    cmp - ${scratch}/sent && echo "$(wc -l < ${scratch}/received) lines"
}`,
    command: ['work'],
    printed: `${sent + 1} lines\n`,
    units: sent,
    scratchBytes: 2 ** 20,
  }),
});
