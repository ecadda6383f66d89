import { messages } from '../../../../core/messages/define.ts';
import type { Workload } from '../../../../core/model/workload/workload.ts';
import { tailAnswers } from '../../restore/tail.ts';
import { restoreCaveats, restored } from '../../restore/workload.ts';

const words = messages('workload.restoreRedis', { title: 'Restore a warmed service: Redis' });

const socket = '/tmp/redis.sock';
/** Length of a value, bytes. */
const size = 99;

/** A server filled by one script of its own, and counted; redis-cli passes the questions on and prints the answers. */
const program = `redis-server --port 0 --unixsocket ${socket} --save '' --appendonly no >/dev/null 2>&1 &
until redis-cli -s ${socket} ping >/dev/null 2>&1; do sleep 0.005; done
filled=$(redis-cli -s ${socket} eval "for i = 1, tonumber(ARGV[1]) do redis.call('set', 'key:' .. i, ('%0${size}d'):format(i)) end return redis.call('dbsize')" 0 "$0")
[ "$filled" = "$0" ] || { echo "redis-server has $filled keys instead of $0" >&2; exit 1; }
exec redis-cli -s ${socket}`;

/** Reads the values of a slice (ARGV[2]) of all keys (ARGV[1]); answers OK where each has its length. */
const read =
  `for i = ARGV[2] + 1, tonumber(ARGV[1]), ${tailAnswers} do ` +
  `if redis.call('strlen', 'key:' .. i) ~= ${size} then return 'no key ' .. i end end return 'OK'`;

const workload: Workload = {
  id: 'restore/redis',
  image: 'servers',
  title: words.title,
  description: `redis-server with \`keys\` values of ${size} bytes, which a fresh start has to write again: against a restore from a
checkpoint, each to its first right answer. redis-cli in the same container passes questions and answers through a Unix socket,
which is stored with the two processes.

${restoreCaveats}`,
  parameters: { keys: 'keys that are written before the first answer' },
  presets: {
    quick: [],
    standard: [],
    full: [0, 100_000, 500_000].map((keys) => ({ keys })),
    sandbox: [{ keys: 100_000 }],
  },
  ...restored({
    command: ({ keys }) => ['/bin/sh', '-c', program, String(keys)],
    warmUpMs: null,
    read: ({ keys }) => `EVAL "${read}" 0 ${keys}`,
  }),
};
export default workload;
