import { messages, notices } from '../../src/core/messages/define.ts';
import type { Params } from '../../src/core/model/trial/cell.ts';
import { ParseError } from '../../src/core/model/trial/parser-output.ts';
import { stamped } from '../../src/core/model/trial/stamped.ts';
import type { MountRequest, Workload } from '../../src/core/model/workload/workload.ts';
import { quoted, within } from '../lib/task-workload.ts';

const words = messages('workload.postgres', {
  title: 'Database server: PostgreSQL',
  rate: "pgbench's rate",
  latency: "pgbench's latency in ns",
  connection: "pgbench's connection time in ns",
});

const says = notices('workload.postgres', {
  missing: "no {what} in pgbench's report: {output}",
  noTransactions: "no transactions in pgbench's report: {output}",
  otherCount: 'pgbench processed {found} transactions, not {asked}',
  failed: 'pgbench reports {failed} failed transactions',
});

const bin = '/usr/lib/postgresql/17/bin';
const directory = '/data';
const clients = 4;

/**
 * Copy the image's database to the measured directory, so that it is not on an image layer. The server runs as the user
 * postgres, which it requires, and listens only on a Unix socket.
 */
const before = `cp -a /var/lib/postgresql/data/. ${directory}
chown postgres:postgres ${directory}
chmod 700 ${directory}
su postgres -c '${bin}/pg_ctl -D ${directory} -w -s -l /tmp/log -o "-k /tmp -c listen_addresses=" start' >&2 || {
  tail -n 3 /tmp/log >&2
  exit 70
}`;

/** Number of transactions per client. */
function transactionsOf({ script }: Params): number {
  return script === 'tpcb' ? 100 : 500;
}

function mountOf({ storage }: Params): MountRequest {
  return storage === 'tmpfs'
    ? { type: 'tmpfs', target: directory, bytes: 128 * 2 ** 20 }
    : { type: 'bind', target: directory };
}

function numberOf(stdout: string, pattern: RegExp, what: string): number {
  const found = pattern.exec(stdout);
  if (found === null) throw new ParseError(says.missing({ what, output: quoted(stdout) }));
  return Number(found[1]);
}

const postgres: Workload = {
  id: 'app/postgres',
  category: 'app',
  image: 'postgres',
  title: words.title,
  description: `pgbench, scale 1 (100 000 accounts), with ${clients} clients on a Unix socket inside the container: a process per
client on the server's side, shared memory, semaphores and a write-ahead log.

\`tpcb\` is pgbench's built-in script: five statements and a commit, each a round trip; \`select\` is one lookup by key.
With storage \`tmpfs\` the commit's fsync costs nothing anywhere and what remains is the runtime; with \`bind\` the database
is in a directory of the host, a commit waits for its disk, and the more the disk takes the more alike are the runtimes.
Neither is the container's root file system, where gVisor keeps writes inside the sandbox and fsync does not mean the same.

The figure leaves out the connecting (as pgbench's own does), the CPU per unit has it. A unit of work is one transaction.
The server has started before the work begins. Clients and server share the container's CPUs.`,
  parameters: {
    script: 'tpcb (reads and writes) or select (reads)',
    storage: 'where the database is: tmpfs, or bind (a directory of the host)',
  },
  presets: {
    quick: [],
    standard: [{ script: 'tpcb', storage: 'tmpfs' }],
    full: [
      { script: 'tpcb', storage: 'tmpfs' },
      { script: 'tpcb', storage: 'bind' },
      { script: 'select', storage: 'tmpfs' },
    ],
    capacity: [{ script: 'tpcb', storage: 'tmpfs' }],
  },
  metrics: [
    {
      id: 'pgbench.transactions_rate',
      unit: 'ops/s',
      better: 'higher',
      description: "pgbench's tps (without initial connection time)",
    },
    { id: 'pgbench.latency_mean', unit: 'ns', better: 'lower', description: "pgbench's latency average" },
    {
      id: 'pgbench.connect',
      unit: 'ns',
      better: 'lower',
      description: `pgbench's initial connection time: ${clients} connections, a process of the server forked for each`,
    },
  ],
  precision: 0.05,
  maxBlocks: 8,
  observe: { kind: 'series' },
  container: (params) => ({
    command: stamped(
      [
        `${bin}/pgbench`,
        '--host=/tmp',
        '--username=postgres',
        '--no-vacuum',
        `--client=${clients}`,
        '--jobs=1',
        `--transactions=${transactionsOf(params)}`,
        '--random-seed=1',
        `--builtin=${params.script === 'tpcb' ? 'tpcb-like' : 'select-only'}`,
        'bench',
      ],
      { before },
    ),
    mounts: [mountOf(params)],
    needs: {
      because: "su tells the kernel's audit whom it becomes, and ends where it may not",
      capabilities: ['AUDIT_WRITE'],
    },
    stamped: true,
    timeoutMs: 120_000,
  }),
  parse({ stdout }, params) {
    const asked = clients * transactionsOf(params);
    const done = /^number of transactions actually processed: (\d+)\/(\d+)$/m.exec(stdout);
    if (done === null) throw new ParseError(says.noTransactions({ output: quoted(stdout) }));
    if (Number(done[1]) !== asked || Number(done[2]) !== asked)
      throw new ParseError(says.otherCount({ found: done[0].slice(-40), asked }));
    const failed = numberOf(stdout, /^number of failed transactions: (\d+) /m, 'failed transactions');
    if (failed !== 0) throw new ParseError(says.failed({ failed }));
    const rate = numberOf(stdout, /^tps = (\d+\.\d+) \(without initial connection time\)$/m, 'rate');
    const latency = numberOf(stdout, /^latency average = (\d+\.\d+) ms$/m, 'latency');
    const connect = numberOf(stdout, /^initial connection time = (\d+\.\d+) ms$/m, 'connection time');
    // A transaction is at least one round trip between two processes (some µs); the time limit bounds the rest.
    return [
      {
        metric: 'pgbench.transactions_rate',
        unit: 'ops/s',
        better: 'higher',
        value: within(words.rate, rate, [0.1, 1e6]),
      },
      {
        metric: 'pgbench.latency_mean',
        unit: 'ns',
        better: 'lower',
        value: within(words.latency, latency * 1e6, [1e3, 120e9]),
      },
      {
        metric: 'pgbench.connect',
        unit: 'ns',
        better: 'lower',
        value: within(words.connection, connect * 1e6, [1e3, 120e9]),
      },
      { metric: 'work.units', unit: 'count', better: 'neither', value: asked },
    ];
  },
};
export default postgres;
