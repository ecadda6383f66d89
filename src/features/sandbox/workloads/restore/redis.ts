import { messages } from '../../../../core/messages/define.ts';
import type { Workload } from '../../../../core/model/workload.ts';
import { restoreCaveats, restored } from '../../restore/workload.ts';

const words = messages('workload.restoreRedis', { title: 'Restore a warmed service: Redis' });

const socket = '/tmp/redis.sock';

/** A server filled by one script of its own; redis-cli passes the questions on and prints the answers. */
const program = `redis-server --port 0 --unixsocket ${socket} --save '' --appendonly no >/dev/null 2>&1 &
until redis-cli -s ${socket} ping >/dev/null 2>&1; do sleep 0.005; done
redis-cli -s ${socket} eval "for i = 1, tonumber(ARGV[1]) do redis.call('set', 'key:' .. i, ('%099d'):format(i)) end" 0 "$0" >/dev/null
exec redis-cli -s ${socket}`;

const workload: Workload = {
  id: 'restore/redis',
  image: 'servers',
  title: words.title,
  description: `redis-server with \`keys\` keys of 100 bytes, which a fresh start has to write again: against a restore from a
checkpoint, each to its first right answer. redis-cli in the same container passes questions and answers through a Unix socket,
which is stored with the two processes.

${restoreCaveats}`,
  parameters: { keys: 'keys that are written before the first answer' },
  presets: {
    quick: [],
    standard: [{ keys: 100_000 }],
    full: [0, 100_000, 500_000].map((keys) => ({ keys })),
    sandbox: [{ keys: 100_000 }],
  },
  ...restored({
    command: ({ keys }) => ['/bin/sh', '-c', program, String(keys)],
    warmUpMs: () => null,
  }),
};
export default workload;
